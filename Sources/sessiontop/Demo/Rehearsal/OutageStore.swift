import Sessions

/// A store that can be cut off, in front of another: for nodes and for the dashboard.
struct OutageStore: SessionStore, SessionDirectory {
    let store: StoreScheme.ServiceStore
    let outage: Outage

    var description: StoreDescription { store.description }
    var capabilities: Capabilities { store.capabilities }

    // MARK: What a service needs

    func insert(_ session: Session) async throws { try await outage.pass { try await store.insert(session) } }

    func load(_ id: IDHash, at now: Timestamp) async throws -> LoadedSession? {
        try await outage.pass { try await store.load(id, at: now) }
    }

    func touch(_ touches: [Touch]) async throws -> [TouchOutcome] {
        try await outage.pass { try await store.touch(touches) }
    }

    func save(
        _ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp
    ) async throws -> SaveOutcome {
        try await outage.pass { try await store.save(payload, of: id, replacing: version, at: now) }
    }

    func rotate(_ id: IDHash, to successor: Session, reason: String, at now: Timestamp) async throws -> RotateOutcome {
        try await outage.pass { try await store.rotate(id, to: successor, reason: reason, at: now) }
    }

    func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked {
        try await outage.pass { try await store.revoke(id, by: by, reason: reason, at: now) }
    }

    func cutOff(_ scope: CutoffScope, by: String, reason: String?, at now: Timestamp) async throws -> Cutoff {
        try await outage.pass { try await store.cutOff(scope, by: by, reason: reason, at: now) }
    }

    func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition {
        try await outage.pass { try await store.deny(denials, at: now) }
    }

    func cutoffs() async throws -> (cutoffs: [Cutoff], position: FeedPosition) {
        try await outage.pass { try await store.cutoffs() }
    }

    func feed(after position: FeedPosition, limit: Int) async throws -> FeedPage {
        try await outage.pass { try await store.feed(after: position, limit: limit) }
    }

    /// News get through at any time: what they call for does not.
    func feedNews() -> AsyncStream<Void> { store.feedNews() }

    func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64 {
        try await outage.pass { try await store.beginGeneration(after: known, at: now) }
    }

    func publish(_ report: NodeReport) async throws { try await outage.pass { try await store.publish(report) } }

    func nodes() async throws -> [NodeReport] { try await outage.pass { try await store.nodes() } }

    var retention: Retention? { store.retention }

    func leaseOfLostNodes(beside reports: [NodeReport]) async throws -> Duration? {
        try await outage.pass { try await store.leaseOfLostNodes(beside: reports) }
    }

    func purge(_ retention: Retention, at now: Timestamp) async throws -> Int {
        try await outage.pass { try await store.purge(retention, at: now) }
    }

    // MARK: What an operator needs

    func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        try await outage.pass { try await store.rows(after: cursor, limit: limit) }
    }

    func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        try await outage.pass { try await store.changes(after: position, limit: limit) }
    }

    func changePosition() async throws -> ChangePosition { try await outage.pass { try await store.changePosition() } }

    func detail(_ id: IDHash) async throws -> SessionDetail? { try await outage.pass { try await store.detail(id) } }

    func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        try await outage.pass { try await store.find(prefix, limit: limit) }
    }

    func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        try await outage.pass { try await store.sessions(ofUser: user, at: now) }
    }

    func statistics(at now: Timestamp) async throws -> StoreStatistics {
        try await outage.pass { try await store.statistics(at: now) }
    }

    func samples(since moment: Timestamp) async throws -> [CounterSample] {
        try await outage.pass { try await store.samples(since: moment) }
    }

    func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        try await outage.pass { try await store.audit(after: number, limit: limit) }
    }

    func auditOutcomes(of number: Int64, after place: Int64?, limit: Int) async throws -> AuditOutcomePage? {
        try await outage.pass { try await store.auditOutcomes(of: number, after: place, limit: limit) }
    }

    func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        try await outage.pass { try await store.revoke(target, order: order) }
    }

    func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        try await outage.pass { try await store.deny(denials, order: order) }
    }

    func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        try await outage.pass { try await store.cutOff(scope, order: order) }
    }

    func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try await outage.pass { try await store.extend(ids, to: deadline, order: order) }
    }

    func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        try await outage.pass {
            try await store.record(
                action, target: target, count: count, result: result, outcomes: outcomes, order: order)
        }
    }

    func findings(at now: Timestamp) async throws -> [Finding] {
        try await outage.pass { try await store.findings(at: now) }
    }
}
