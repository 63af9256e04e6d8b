import Sessions

/// A store in which one session is always found live again when it is looked at, and that does what a test says.
struct RevivingDirectory: PassingDirectory {
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

    /// What it says that it could not put on the record.
    var unrecorded: [String] = []

    var inner: any SessionDirectory { store }

    func takeUnrecorded() async -> [String] { unrecorded }

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
}
