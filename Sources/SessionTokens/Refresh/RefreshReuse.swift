public import Sessions

/// A refresh token was presented again after it had been exchanged, and its family has been ended.
///
/// There are two who hold tokens of one family, and nobody can tell which of them stole them: so here are both.
public struct RefreshReuse: Sendable, Equatable {
    /// How the token stands to the family.
    public enum Kind: String, Sendable {
        /// It was the last one exchanged, and its successor has never been used: a client that lost the answer, and asked
        /// again too late, looks the same.
        case late
        /// Its successor has been used: the family has two branches.
        case branched
        /// It isn't known any more, or was made up by somebody who knows the family's name.
        case unknown
    }

    /// The family's identity, as sessions have one.
    public let family: IDHash
    /// Whose it is.
    public let user: String?
    /// The client application that it was issued to.
    public let client: String
    /// How the token stands to the family.
    public let kind: Kind
    /// The number of the token that was presented, the family's first being 1; `nil`: not known any more.
    public let generation: Int?
    /// Who presented it now.
    public let presented: RefreshUse
    /// Who had exchanged it before; `nil`: not known any more.
    public let exchanged: RefreshUse?
    /// The number of the family's latest token.
    public let latestGeneration: Int
    /// Who was given the latest token.
    public let latest: RefreshUse
}

extension RefreshReuse: CustomStringConvertible {
    /// Both branches in words, without a secret: for the audit log.
    public var description: String {
        let number = generation.map { "token \($0)" } ?? "an unknown token"
        let before = exchanged.map { "; it was exchanged \($0)" } ?? ""
        return "\(number) of \(latestGeneration) presented \(presented)\(before); "
            + "the latest was given out \(latest); kind \(kind.rawValue)"
    }

    /// Adds an entry to an audit log.
    ///
    /// - Throws: what the store throws; the family has ended all the same.
    public func record(in log: any SessionDirectory) async throws {
        let order = Order(actor: "refresh", reason: description, at: presented.at)
        try await log.record(.reuse, target: "s:\(family.handle)", count: 1, order: order)
    }
}
