internal import Sessions

/// When signing keys follow each other.
public struct KeySchedule: Sendable {
    /// How long a key signs.
    public var period: Duration
    /// How long others may keep a key set that they read: a key is published that long before it signs.
    public var cacheLife: Duration
    /// The longest that a token lives, the leeway of those who verify it included: a key is kept that long after it signed.
    public var tokenLife: Duration

    /// Makes a schedule.
    ///
    /// - Parameters:
    ///   - period: how long a key signs; longer than `cacheLife`.
    ///   - cacheLife: how long others may keep a key set.
    ///   - tokenLife: the longest that a token lives, with the leeway.
    /// - Throws: ``SessionsError`` with `usage` where a duration isn't positive, or the period isn't the longer.
    public init(
        period: Duration = .seconds(30 * 86_400), cacheLife: Duration = .seconds(3600),
        tokenLife: Duration = TokenPolicy.longestLifetime + TokenPolicy.greatestLeeway
    ) throws {
        guard cacheLife > .zero, tokenLife > .zero, period > cacheLife else {
            throw SessionsError(.usage, "a key must sign for longer than others may cache the set, and all be positive")
        }
        (self.period, self.cacheLife, self.tokenLife) = (period, cacheLife, tokenLife)
    }
}
