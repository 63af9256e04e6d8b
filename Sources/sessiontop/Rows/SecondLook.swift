import Sessions

/// A second look at sessions that were ended: an application may have brought one back.
struct SecondLook: Sendable {
    private let ended: [IDHash: String?]

    /// Beyond so many sessions, one pass over the store is cheaper than a look at each.
    private static let mostSingleLooks = 200

    /// Prepares a look.
    ///
    /// - Parameter ended: the sessions, with their users; `nil`: an anonymous visitor's, or nobody knows.
    init(_ ended: [IDHash: String?]) { self.ended = ended }

    /// Which of them are live again.
    ///
    /// - Parameters:
    ///   - directory: the store.
    ///   - now: the moment at which they are live.
    /// - Returns: their hashes, in order.
    /// - Throws: what the store throws.
    func returned(in directory: any SessionDirectory, at now: Timestamp) async throws -> [IDHash] {
        var live: [IDHash] = []
        if ended.count <= Self.mostSingleLooks {
            for id in ended.keys {
                if let row = try await directory.detail(id)?.row, isBack(row, at: now) { live.append(id) }
            }
        } else {
            try await directory.forEachRow { row in
                if isBack(row, at: now) { live.append(row.id) }
                return true
            }
        }
        return live.sorted()
    }

    /// Puts on the record that sessions came back: the revoke's own entry says that they ended.
    ///
    /// Nothing where nothing can be: then the revoke isn't on the record either.
    ///
    /// - Parameters:
    ///   - ids: the sessions that no look before this one found.
    ///   - target: what the revoke was for.
    ///   - order: who ordered the revoke and why, and when it was seen that they came back.
    ///   - directory: the store.
    /// - Throws: what the store throws.
    static func record(
        _ ids: [IDHash], of target: RevokeTarget, by order: Order, in directory: any SessionDirectory
    ) async throws {
        guard directory.capabilities.audit.isPossible else { return }
        for piece in ids.slices(of: OperatorLog.sessionsAnEntry) {
            let outcomes = piece.map { AuditOutcome(id: $0, word: AuditOutcome.cameBack) }
            try await directory.record(
                .revoke, target: target.words(ofPiece: Array(piece)), count: outcomes.count,
                result: AuditEntry.summary(of: outcomes), outcomes: outcomes, order: order)
        }
    }

    /// Whether a session is live again.
    ///
    /// Some frameworks use an old id for a new visitor: without the user it is another.
    private func isBack(_ row: SessionRow, at now: Timestamp) -> Bool {
        guard let user = ended[row.id], row.standing(at: now) == .live else { return false }
        return user == nil || row.user.map { Array($0.utf8) } == user.map { Array($0.utf8) }
    }
}
