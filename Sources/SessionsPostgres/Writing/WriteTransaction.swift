internal import Sessions

/// What writes to a store on one connection.
///
/// Statements that are sent together are one transaction, which ends with the answer; where the client must decide in
/// between, `BEGIN` and `COMMIT` stand around them. Locks are taken in one order everywhere: rows of sessions, the lock
/// of the sign-ins, the namespace's row. Rows are locked in the order of their ids; only what ends all of some sessions
/// in one statement takes them as they come, and all others give way to it: see ``Command/givingWay``.
struct WriteTransaction {
    let link: Link
    let context: StoreContext

    var ns: Value { context.ns }

    /// Begins a transaction that changes sessions, locks some of them and reads them.
    ///
    /// - Parameters:
    ///   - ids: which; those that aren't there are left out.
    ///   - limit: how long each statement may take; `nil`: as usual.
    /// - Returns: the sessions, as far as an order must know them.
    /// - Throws: ``PostgresFailure``.
    func begin(locking ids: [IDHash], limit: Duration? = nil) throws -> [IDHash: LockedSession] {
        let limits = (limit.map { [Command.limit($0)] } ?? []) + (ids.count > 1 ? [.givingWay] : [])
        return try Self.locked(
            link.run([.begin] + limits + [context.log.announce, LockedSession.query(ns, .ids(ids))]).last)
    }

    /// Locks some sessions and reads them, in a transaction that has begun.
    func lock(_ ids: [IDHash]) throws -> [IDHash: LockedSession] {
        try Self.locked(link.run([LockedSession.query(ns, .ids(ids))]).last)
    }

    /// The sessions that ``LockedSession/query`` has read.
    static func locked(_ rows: Rows?) throws -> [IDHash: LockedSession] {
        let locked = try rows?.map { try LockedSession($0) } ?? []
        return Dictionary(locked.map { ($0.id, $0) }) { first, _ in first }
    }

    /// One session as it stands after something was not written to it.
    func read(_ id: IDHash) throws -> StoredSession? {
        try link.run([StoredSession.withoutPayload(ns, .id(id))])[0].first { try StoredSession($0) }
    }

    // MARK: Positions

    private static let positionsQuery = Statement(
        "positions", "SELECT feed_end FROM namespaces WHERE id = $1 FOR NO KEY UPDATE")
    private static let feedEndQuery = Statement("feed_end", "SELECT feed_end FROM namespaces WHERE id = $1")

    /// Reads the feed's end, and holds the namespace's row until the transaction's end: for the feed's next entry, and for
    /// the audit log's chain.
    var lockPositions: Command { Self.positionsQuery(ns) }
    /// Reads the feed's end.
    var feedEnd: Command { Self.feedEndQuery(ns) }

    /// The position that one of these has read.
    static func position(in rows: Rows) -> FeedPosition { rows.first { $0.position(0) } ?? .start }
}
