import Sessions

/// A store in which one session is always found live again when it is looked at, and that does what a test says.
struct RevivingDirectory: SessionDirectory {
    let store: MemoryStore
    /// The session; `nil`: none.
    var id: IDHash?
    /// Whose it then is; `nil`: whose it was.
    var newUser: String??
    /// Is called before each look at one session; what it throws, the store throws.
    var beforeLook: @Sendable () throws -> Void = {}
    /// Gets the receipt of each revoke before whoever ordered it; what it throws, the store throws.
    var onRevoke: @Sendable (inout RevokeReceipt) throws -> Void = { _ in }
    /// Gets the outcomes of each extend, in the same way.
    var onExtend: @Sendable (inout [ExtendOutcome]) throws -> Void = { _ in }

    var description: StoreDescription { store.description }
    var capabilities: Capabilities { store.capabilities }

    func detail(_ id: IDHash) async throws -> SessionDetail? {
        try beforeLook()
        var detail = try await store.detail(id)
        if let row = detail?.row { detail?.row = revived(row) }
        return detail
    }

    func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        var page = try await store.rows(after: cursor, limit: limit)
        page.rows = page.rows.map(revived)
        return page
    }

    private func revived(_ row: SessionRow) -> SessionRow {
        guard row.id == id else { return row }
        var row = row
        row.state = .live
        if let newUser { row.user = newUser }
        return row
    }

    func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        try await store.changes(after: position, limit: limit)
    }
    func changePosition() async throws -> ChangePosition { try await store.changePosition() }
    func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        try await store.find(prefix, limit: limit)
    }
    func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        try await store.sessions(ofUser: user, at: now)
    }
    func statistics(at now: Timestamp) async throws -> StoreStatistics { try await store.statistics(at: now) }
    func nodes() async throws -> [NodeReport] { try await store.nodes() }
    func samples(since moment: Timestamp) async throws -> [CounterSample] { try await store.samples(since: moment) }
    func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        try await store.audit(after: number, limit: limit)
    }
    func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        var receipt = try await store.revoke(target, order: order)
        try onRevoke(&receipt)
        return receipt
    }
    func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        var outcomes = try await store.extend(ids, to: deadline, order: order)
        try onExtend(&outcomes)
        return outcomes
    }
    func record(_ action: AuditAction, target: String, count: Int, order: Order) async throws {
        try await store.record(action, target: target, count: count, order: order)
    }
}
