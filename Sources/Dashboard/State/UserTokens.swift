public import Sessions

/// One user's refresh families, and the access tokens in circulation: read session by session while the user is looked at.
public struct UserTokens: Sendable {
    /// What a session turned out to be.
    public enum Reading: Sendable, Equatable {
        /// A session like any other, or none any more.
        case session
        /// A family of refresh tokens.
        case family(TokenFamily)
        /// Perhaps a family, for it was issued to a client: its payload is sealed, and no key is here.
        case sealed
    }

    /// How a row stood when its payload was read: another look is due where it stands otherwise.
    struct Mark: Sendable, Equatable {
        var seen: Timestamp?
        var state: SessionState
    }

    /// So many sessions are asked for at a time.
    static let batch = 32
    /// So many of a user's sessions are looked at: beyond it, figures are the least that they can be.
    static let limit = 256
    /// An ended session is asked for while one of its access tokens may live: so long may any live at most.
    static let longestToken = Duration.seconds(86_400) + TokenExposure.leeway

    /// Whose sessions were read; `nil`: nobody's yet.
    public internal(set) var user: UserKey?
    /// What each of them turned out to be.
    public internal(set) var readings: [IDHash: Reading] = [:]
    /// Whether there are sessions that were not looked at.
    public internal(set) var isPartial = false
    /// Those that were asked for and have not come, as they stood then.
    var asked: [IDHash: Mark] = [:]
    var marks: [IDHash: Mark] = [:]

    /// Nothing read of anybody.
    init(of user: UserKey? = nil) { self.user = user }
}

/// A family of refresh tokens, with what the store says of its session.
public struct TokenFamily: Sendable, Equatable {
    /// What lists show of it.
    public var row: SessionRow
    /// The client application that it was issued to.
    public var client: String?
    /// Who ended it, when and why.
    public var revocation: Revocation?
    /// What its payload says.
    public var report: RefreshFamilyReport

    /// Joins the two.
    public init(_ detail: SessionDetail, _ report: RefreshFamilyReport) {
        row = detail.row
        client = detail.client
        revocation = detail.revocation
        self.report = report
    }
}

extension UserTokens {
    /// The families that a user has, or whose access tokens may live: those with a reuse first, then the last used.
    func families(at now: Timestamp) -> [TokenFamily] {
        readings.values.compactMap { reading in
            guard case .family(let family) = reading,
                family.row.standing(at: now) == .live || family.report.exposure.count(at: now) > 0
            else { return nil }
            return family
        }
        .sorted { a, b in
            let reused = (a.revocation?.reuse != nil, b.revocation?.reuse != nil)
            if reused.0 != reused.1 { return reused.0 }
            let used = (a.report.uses.last?.at, b.report.uses.last?.at)
            if let first = used.0, let second = used.1, first != second { return first > second }
            return a.row.id < b.row.id
        }
    }

    /// Whether some may be families, and nobody can tell.
    var hasSealed: Bool { readings.values.contains(.sealed) }
}
