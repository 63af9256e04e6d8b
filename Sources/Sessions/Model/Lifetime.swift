/// How long a session may live: without activity, and at all.
///
/// Both are enforced on the server.
public struct Lifetime: Hashable, Sendable {
    /// The time without a request after which a session ends; `nil`: idling never ends it.
    public var idle: Duration?
    /// The time after sign-in at which a session ends, however active it is.
    public var absolute: Duration

    /// Makes a lifetime.
    ///
    /// - Parameters:
    ///   - idle: more than zero, or `nil`; it is cut to `absolute`.
    ///   - absolute: more than zero.
    /// - Throws: ``SessionsError`` with `invalidLifetime` for a duration that isn't positive.
    public init(idle: Duration?, absolute: Duration) throws {
        guard absolute > .zero, idle.map({ $0 > .zero }) ?? true else {
            throw SessionsError(
                .invalidLifetime, "a lifetime needs durations above zero: give a positive idle and absolute time")
        }
        self.init(uncheckedIdle: idle, absolute: absolute)
    }

    private init(uncheckedIdle idle: Duration?, absolute: Duration) {
        self.idle = idle.map { min($0, absolute) }
        self.absolute = absolute
    }

    /// NIST SP 800-63B-4, 2.1.3: 30 days, no idle limit.
    public static let aal1 = Lifetime(uncheckedIdle: nil, absolute: .seconds(30 * 86_400))
    /// NIST SP 800-63B-4, 2.2.3: 24 hours, 1 hour idle.
    public static let aal2 = Lifetime(uncheckedIdle: .seconds(3600), absolute: .seconds(86_400))
    /// NIST SP 800-63B-4, 2.3.3: 12 hours, 15 minutes idle.
    public static let aal3 = Lifetime(uncheckedIdle: .seconds(900), absolute: .seconds(12 * 3600))
    /// OWASP Session Management, for low risk: 8 hours, 30 minutes idle.
    ///
    /// The default.
    public static let office = Lifetime(uncheckedIdle: .seconds(1800), absolute: .seconds(8 * 3600))
    /// OWASP Session Management, for high value: 4 hours, 5 minutes idle.
    public static let highValue = Lifetime(uncheckedIdle: .seconds(300), absolute: .seconds(4 * 3600))

    /// The profiles by the names that configurations use.
    public static let profiles: [(name: String, lifetime: Lifetime)] = [
        ("aal1", .aal1), ("aal2", .aal2), ("aal3", .aal3), ("office", .office), ("highValue", .highValue),
    ]

    /// The deadlines of a session that signs in at a moment.
    public func deadlines(from moment: Timestamp) -> Deadlines {
        let absolute = moment + absolute
        return Deadlines(idle: idle.map { min(moment + $0, absolute) }, absolute: absolute)
    }

    /// The shortest time between two recorded touches of one session: a tenth of the idle time, so that a busy session
    /// costs one write in that time and no deadline is off by more.
    ///
    /// `nil` where there is no idle limit to keep.
    public var touchInterval: Duration? { idle.map { $0 / 10 } }
}
