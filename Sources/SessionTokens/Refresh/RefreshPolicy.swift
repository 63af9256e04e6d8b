public import Sessions

/// How refresh tokens are treated.
public struct RefreshPolicy: Sendable, Equatable {
    /// How long families live: idle counts from the last exchange, absolute from the sign-in.
    public var lifetime: Lifetime
    /// How long after an exchange the token that was exchanged is still answered, with the same successor: for two tabs
    /// that refresh at once, and for answers that got lost.
    ///
    /// It counts by the nodes' wall clocks: as much as they differ it is shorter or longer.
    public var grace: Duration

    /// The most families that may be derived from one.
    static let mostChildren = 32
    /// The most ancestors that a family may have.
    static let mostAncestors = 8
    /// The longest data of an application, in bytes of JSON.
    static let longestData = 8192
    /// The most uses that a family remembers.
    static let mostUses = 16

    /// Makes one; the defaults are NIST's AAL1 lifetime of 30 days, which idles out after 7, and a grace of 10 s.
    public init(lifetime: Lifetime = .refresh, grace: Duration = .seconds(10)) {
        self.lifetime = lifetime
        self.grace = grace
    }
}

extension Lifetime {
    /// What refresh tokens have unless told otherwise: 30 days, 7 without being used.
    public static var refresh: Lifetime {
        var lifetime = Lifetime.aal1
        lifetime.idle = .seconds(7 * 86_400)
        return lifetime
    }
}
