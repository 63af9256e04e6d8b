internal import Sessions

/// How long an item may stay, as memcached counts: in whole seconds of a clock that ticks once a second.
///
/// An item with a life of n seconds goes between n - 1 and n seconds after it came, by where between two ticks it came.
/// Two traps are kept out: 0 means for ever, and more than 30 days a moment since 1970.
struct MemcachedLife: Hashable, Sendable {
    /// The longest life that memcached counts from now.
    static let longest = 30 * 24 * 60 * 60

    /// As a command has it: 1 second to 30 days, 0 for ever, or a moment since 1970.
    let seconds: Int

    /// For ever.
    static let endless = MemcachedLife(token: 0)

    private init(token: Int) { seconds = token }

    /// A life of any length, a second or two longer at most.
    ///
    /// - Parameters:
    ///   - duration: how long; one that is over becomes a second.
    ///   - now: the present time, for lives beyond 30 days: the server's clock should agree with it.
    init(lasting duration: Duration, from now: Timestamp) {
        let whole = max(0, duration.components.seconds) + 2
        let (end, isTooFar) = whole.addingReportingOverflow(now.milliseconds / 1000)
        if whole <= Int64(Self.longest) {
            self.init(token: Int(whole))
        } else {
            // memcached counts seconds since 1970 in 32 bits.
            self = isTooFar || end > Int64(Int32.max) ? .endless : MemcachedLife(token: Int(end))
        }
    }

    /// The longest life that surely ends by then: for copies, that mustn't stay for longer than allowed.
    ///
    /// - Parameter duration: `nil` comes of less than a second. More than 30 days become 30 days.
    init?(atMost duration: Duration) {
        guard duration >= .seconds(1) else { return nil }
        seconds = Int(min(duration.components.seconds, Int64(Self.longest)))
    }

    /// The shortest life that surely lasts for so long: for tombstones and leases.
    ///
    /// Up to two seconds longer.
    ///
    /// - Parameter duration: more than 30 days become 30 days, which no copy survives either.
    init(atLeast duration: Duration) {
        let (whole, rest) = duration.components
        let wanted = min(max(0, whole), Int64(Self.longest)) + (rest > 0 ? 1 : 0) + 1
        seconds = Int(min(wanted, Int64(Self.longest)))
    }
}
