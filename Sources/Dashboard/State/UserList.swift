public import Sessions

/// The users among the live sessions, counted from the rows.
///
/// Counted anew while the view is open and the rows have changed; an order that does not change while one reads is
/// more useful than a fresh one, so ties are broken by name.
public struct UserList: Sendable, Equatable {
    /// One user's sessions, counted.
    public typealias User = UserSummary

    /// What the users are sorted by.
    public enum Sort: String, Sendable, CaseIterable {
        /// Most sessions first.
        case sessions
        /// By name.
        case name = "user"
        /// The last used first.
        case seen = "lastSeen"
    }

    /// The users that match ``text``, in order.
    public var shown: [User] = []
    /// All of them, in no order.
    var counted: [User] = []
    /// How many there are in all.
    public var total = 0
    /// Whether anonymous visitors are counted among them, as one.
    public internal(set) var hasAnonymous = false
    /// Only names that contain this, whatever the case, are shown.
    public var text = ""
    /// What they are sorted by.
    public var sort = Sort.sessions
    /// Whether the order is turned round.
    public var isInverted = false
    /// The name under the cursor.
    public var cursor: UserKey?
    /// The cursor's place when it was last known.
    public var cursorPlace = 0
    /// What the names took that were on the screen: their column grows, and doesn't go to and fro.
    var widestName = 0
    /// The place of the first user on the screen.
    public var top = 0
    /// The rows have changed since the users were counted.
    public var isOutdated = true
    /// When they were counted last; `nil`: never.
    public internal(set) var countedAt: MonotonicInstant?

    /// So many sessions are counted in a millisecond or two.
    static let fewSessions = 10_000
    /// Of more, the counting takes so long that it must not be done each time that rows have changed.
    static let pause = Duration.seconds(2)

    /// Nobody counted yet.
    public init() {}
}

/// A user's name as bytes, or nobody: `String` equality would join canonical equivalents.
public struct UserKey: Hashable, Sendable {
    /// The name.
    public var name: String?

    /// Wraps a name.
    public init(_ name: String?) { self.name = name }

    /// Equal bytes.
    public static func == (a: UserKey, b: UserKey) -> Bool {
        switch (a.name, b.name) {
        case (nil, nil): true
        case (let a?, let b?): a.hasBytes(of: b)
        default: false
        }
    }

    /// Feeds the bytes.
    public func hash(into hasher: inout Hasher) {
        hasher.combine(name == nil)
        for byte in (name ?? "").utf8 { hasher.combine(byte) }
    }
}
