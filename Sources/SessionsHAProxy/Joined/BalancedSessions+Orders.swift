public import Sessions

/// Changing the store, and the balancer after it.
extension BalancedSessions {
    /// Ends sessions in the store, and takes what ended out of the balancer's tables.
    ///
    /// What the store ended stays ended whatever the balancer says; an entry that stays shows as a disagreement. A session
    /// that only the balancer knows is unpinned. What is taken out stands in the operator's own log as well.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        var receipt = try await store.revoke(target, order: order)
        guard mayUnpin, let read = try? await balancer.read() else { return receipt }
        let index = PinIndex(read)
        let bound = receipt.outcomes.indices.compactMap { place in
            index.row(receipt.outcomes[place].id).map { (place: place, id: $0.id) }
        }
        let ids = bound.map(\.id)
        guard !ids.isEmpty, let outcomes = try? await balancer.unpin(ids, in: read, .sessions(ids), order) else {
            return receipt
        }
        for (place, outcome) in zip(bound.map(\.place), outcomes) where receipt.outcomes[place].outcome == .notFound {
            receipt.outcomes[place].outcome = outcome
        }
        return receipt
    }

    /// Whether the balancer's tables may be changed, and that can be put on the record.
    private var mayUnpin: Bool {
        guard balancer.capabilities.revoke.isPossible else { return false }
        do {
            try balancer.log?.prepare()
            return true
        } catch { return false }
    }

    /// What either could not put on the record.
    public func takeUnrecorded() async -> [String] {
        let own = await store.takeUnrecorded()
        return own + (await balancer.takeUnrecorded())
    }

    /// The store's: a balancer knows no tokens.
    public func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        try await store.deny(denials, order: order)
    }

    /// The store's: what it ends stays bound until the balancer forgets it.
    public func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        try await store.cutOff(scope, order: order)
    }

    /// The store's: the balancer follows with the next request.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        try await store.extend(ids, to: deadline, order: order)
    }

    /// Into the store's audit log.
    public func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        try await store.record(
            action, target: target, count: count, result: result, outcomes: outcomes, order: order)
    }

    /// The balancer takes a server out, or in again; in the operator's own log, as at the balancer itself.
    public func steer(_ node: String, to wanted: NodeOrder, order: Order) async throws {
        try await balancer.steer(node, to: wanted, order: order)
    }

    /// What each finds at itself, and where the two disagree.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let own = try await store.findings(at: now)
        let others = try await balancer.findings(at: now)
        return own + others + (try await Agreement(of: self, at: now)).findings
    }
}

/// How a balancer's tables and a store agree.
private struct Agreement {
    private var pinned = 0
    private var shorter = 0
    private var troubles: [PinTrouble: Int] = [:]

    init(of sessions: BalancedSessions, at now: Timestamp) async throws {
        let index = PinIndex(try await sessions.balancer.snapshot())
        var cursor: RowCursor?
        repeat {
            let page = try await sessions.rows(after: cursor, limit: 2_000)
            for row in page.rows { count(row, index, at: now) }
            cursor = page.next
        } while cursor != nil
    }

    private mutating func count(_ row: SessionRow, _ index: PinIndex, at now: Timestamp) {
        guard row.pin != nil else { return }
        pinned += 1
        if let trouble = row.pinTrouble(at: now) { troubles[trouble, default: 0] += 1 }
        // Both were moved by the same request, the store's perhaps a tenth of its idle time earlier.
        if row.standing(at: now) == .live, let idle = row.deadlines.idle,
            let end = index.row(row.id)?.deadlines.idle, end + Self.tolerance < idle
        {
            shorter += 1
        }
    }

    private static let tolerance = Duration.seconds(60)

    var findings: [Finding] { [affinity, expiry] }

    private var affinity: Finding {
        let parts = [
            (PinTrouble.elsewhere, "are sent to another node than served them last"),
            (.ended, "have ended and are still bound"), (.unknown, "are bound and no session of the store"),
        ].compactMap { trouble, words in troubles[trouble].map { "\($0) \(words)" } }
        guard !parts.isEmpty else {
            return Finding("affinity", .fine, "the balancer and the store agree on \(pinned) bound sessions")
        }
        if troubles[.unknown] == pinned {
            return Finding(
                "affinity", .warning, "the store knows none of the \(pinned) sessions that are bound",
                advice:
                    "compare the cookie that HAProxy sticks to with the service's, and its length with the table's len")
        }
        return Finding(
            "affinity", .warning, "of \(pinned) bound sessions \(parts.joined(separator: ", "))",
            advice: "list them with `list --with STORE --format json`: their member disagreement says which")
    }

    private var expiry: Finding {
        guard shorter > 0 else {
            return Finding("table-expiry", .fine, "no session outlives its entry in the balancer's table")
        }
        return Finding(
            "table-expiry", .warning,
            "\(shorter) of \(pinned) bound sessions idle longer than the balancer remembers them",
            advice:
                "set the table's expire to the sessions' idle time or more: else a client that comes back late is moved"
        )
    }
}
