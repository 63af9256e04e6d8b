import Sessions

/// A store that stands before another, and passes on whatever it doesn't answer by itself.
protocol PassingDirectory: SessionDirectory {
    /// The other.
    var inner: any SessionDirectory { get }
}

extension PassingDirectory {
    var description: StoreDescription { inner.description }
    var capabilities: Capabilities { inner.capabilities }

    func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        try await inner.rows(after: cursor, limit: limit)
    }
    func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        try await inner.changes(after: position, limit: limit)
    }
    func changePosition() async throws -> ChangePosition { try await inner.changePosition() }
    func detail(_ id: IDHash) async throws -> SessionDetail? { try await inner.detail(id) }
    func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        try await inner.find(prefix, limit: limit)
    }
    func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        try await inner.sessions(ofUser: user, at: now)
    }
    func statistics(at now: Timestamp) async throws -> StoreStatistics { try await inner.statistics(at: now) }
    func nodes() async throws -> [NodeReport] { try await inner.nodes() }
    func samples(since moment: Timestamp) async throws -> [CounterSample] { try await inner.samples(since: moment) }
    func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        try await inner.audit(after: number, limit: limit)
    }
    func auditOutcomes(of number: Int64, after place: Int64?, limit: Int) async throws -> AuditOutcomePage? {
        try await inner.auditOutcomes(of: number, after: place, limit: limit)
    }
    func takeUnrecorded() async -> [String] { await inner.takeUnrecorded() }
    func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        try await inner.revoke(target, order: order)
    }
    func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try await inner.extend(ids, to: deadline, order: order)
    }
    func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        try await inner.record(
            action, target: target, count: count, result: result, outcomes: outcomes, order: order)
    }
}
