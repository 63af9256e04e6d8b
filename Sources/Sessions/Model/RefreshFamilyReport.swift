/// A family of refresh tokens as an operator sees it: how often it was rotated, by whom, and what is in circulation.
///
/// A family is a session of the store; this is what its payload says. `SessionTokens` writes and reads it.
public struct RefreshFamilyReport: Sendable, Equatable {
    /// Who was given a token of the family.
    public struct Use: Sendable, Equatable {
        /// The token's number; the first is 1.
        public var generation: Int
        /// When.
        public var at: Timestamp
        /// From which address it was asked for.
        public var ip: String?
        /// With which user agent; written by strangers.
        public var agent: String?

        /// Makes one.
        public init(generation: Int, at moment: Timestamp, ip: String?, agent: String?) {
            self.generation = generation
            at = moment
            self.ip = ip
            self.agent = agent
        }
    }

    /// The last tokens that were given out, the oldest first; the last is the one that is good now.
    public var uses: [Use]
    /// The families, or sessions, that it was derived from and ends with, the nearest first.
    public var parents: [IDHash]
    /// The families that were derived from it.
    public var children: [IDHash]
    /// The access tokens that were issued with its tokens.
    public var exposure: TokenExposure

    /// Makes a report.
    public init(uses: [Use], parents: [IDHash], children: [IDHash], exposure: TokenExposure) {
        self.uses = uses
        self.parents = parents
        self.children = children
        self.exposure = exposure
    }

    /// The number of its latest token; 0 where none is known.
    public var generation: Int { uses.last?.generation ?? 0 }

    /// When a token was exchanged last; `nil`: none ever was.
    public var rotated: Timestamp? { generation > 1 ? uses.last?.at : nil }
}

extension Revocation {
    /// Who ends a family of refresh tokens by itself.
    public static let refreshActor = "refresh"
    private static let reusePrefix = "reuse: "

    /// What is written where a family was ended because a token of it was presented again.
    ///
    /// - Parameter description: both branches in words, without a secret.
    /// - Returns: the reason.
    public static func reuseReason(_ description: String) -> String { reusePrefix + description }

    /// Both branches in words, where a refresh token was presented again and its family was ended for that; else `nil`.
    public var reuse: String? {
        guard by.hasBytes(of: Self.refreshActor), let reason, reason.utf8.starts(with: Self.reusePrefix.utf8)
        else { return nil }
        return String(reason.dropFirst(Self.reusePrefix.count))
    }
}
