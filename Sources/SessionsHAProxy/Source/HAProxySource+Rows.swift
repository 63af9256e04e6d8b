public import Sessions

/// Looking at sessions.
extension HAProxySource {
    /// A page of all sessions, in the order of their handles.
    ///
    /// The first page reads the tables; the others go on in what was read.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        let after = cursor.flatMap { IDHash(digest: $0.mark) }
        guard cursor == nil || after != nil else {
            throw SessionsError(.usage, "this is no cursor of HAProxy's: begin with the first page")
        }
        let snapshot = try await after == nil ? snapshot() : lastSnapshot()
        var (rows, place): ([SessionRow], Int) = ([], snapshot.place(after: after))
        while place < snapshot.pins.count, rows.count < limit {
            let (row, next) = snapshot.row(at: place)
            rows.append(row)
            place = next
        }
        let isLast = place >= snapshot.pins.count
        return RowPage(rows: rows, next: isLast ? nil : (rows.last?.id ?? after).map { RowCursor(mark: $0.bytes) })
    }

    /// That everything must be read again: HAProxy doesn't tell what changed.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        RowChanges(rows: [], position: position, mustReload: true)
    }

    /// Always the same: HAProxy numbers no changes.
    public func changePosition() async throws -> ChangePosition { ChangePosition(0) }

    /// The sessions whose handle begins so, in order.
    public func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        let snapshot = try await snapshot()
        var (found, place): ([IDHash], Int) = ([], snapshot.place(from: prefix.lowerBound))
        while found.count < limit, place < snapshot.pins.count, prefix.matches(snapshot.pins[place].id) {
            found.append(snapshot.pins[place].id)
            place = snapshot.row(at: place).next
        }
        return found
    }

    /// None: a balancer doesn't know who is signed in.
    public func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] { [] }

    /// Counts over the tables.
    ///
    /// Who is signed in isn't known, so all count as anonymous.
    public func statistics(at now: Timestamp) async throws -> StoreStatistics {
        var counts = StoreStatistics()
        try await snapshot().forEachRow { row in
            guard row.standing(at: now) == .live else { return counts.expired += 1 }
            counts.addLive(row.deadlines, byteCount: 0, at: now)
        }
        counts.anonymous = counts.sessions
        return counts
    }

    /// The operator's own log: HAProxy keeps none.
    ///
    /// - Throws: `SessionsError` with `unsupported` where there is none.
    public func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        guard let log else { throw SessionsError(.unsupported, Self.noLog) }
        return try log.entries(after: number, limit: limit)
    }

    /// Some of the outcomes beside an entry of the operator's own log.
    public func auditOutcomes(
        of number: Int64, after place: Int64?, limit: Int
    ) async throws -> AuditOutcomePage? {
        try log?.outcomes(of: number, after: place, limit: limit)
    }

    /// Into the operator's own log.
    ///
    /// - Throws: `SessionsError` with `unsupported` where there is none, `unavailable` where it can't be written.
    public func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        guard let log else { throw SessionsError(.unsupported, Self.noLog) }
        try log.append(action, target: target, outcomes: outcomes, result: result, count: count, order: order)
    }

    /// What the operator's own log could not take.
    public func takeUnrecorded() async -> [String] { log?.takeUnrecorded() ?? [] }

    /// None: what HAProxy counts of a server stands in its report, rates too.
    public func samples(since moment: Timestamp) async throws -> [CounterSample] { [] }
}
