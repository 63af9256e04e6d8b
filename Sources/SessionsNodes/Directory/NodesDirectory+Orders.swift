public import Sessions
internal import Synchronization

extension NodesDirectory {
    /// Ends sessions at every node: the one that has it ends it, the others refuse it should it come to them.
    ///
    /// - Returns: an outcome for each. `failed`: no node that answered has it, and one that may have it didn't. Nodes that
    ///   a cut-off could not be told are named in ``RevokeReceipt/unreached``.
    /// - Throws: ``SessionsError`` where no node took the order.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        let body = JSONValue.object([target.member] + order.members)
        let answers = try await ask { client in
            let durable = MonotonicInstant.now
            return try RevokeReceipt(json: try await client.post("/v1/revoke", body).json, durable: durable)
        }
        let receipts = answers.compactMap { index, answer in answer.success.map { (index, $0) } }
        let unreached = answers.filter { $0.answer.failure != nil }.map(\.index)
        let position = book.withLock { book in
            book.commit(Dictionary(uniqueKeysWithValues: receipts.map { ($0.0, $0.1.position) }))
        }
        var receipt = RevokeReceipt(
            outcomes: Self.merged(target, receipts.map(\.1), missing: names(unreached)), position: position,
            durable: time.monotonic())
        if case .sessions = target { return receipt }
        receipt.unreached = names(unreached)
        return receipt
    }

    private func names(_ nodes: [Int]) -> [String] { book.withLock { book in nodes.map { book.pages[$0].name } } }

    private static func merged(
        _ target: RevokeTarget, _ receipts: [RevokeReceipt], missing: [String]
    ) -> [(id: IDHash, user: String?, outcome: RevokeOutcome)] {
        var best: [IDHash: (user: String?, outcome: RevokeOutcome)] = [:]
        var order: [IDHash] = []
        for (id, user, outcome) in receipts.flatMap(\.outcomes) {
            guard let known = best[id] else {
                best[id] = (user, outcome)
                order.append(id)
                continue
            }
            if outcome.rank > known.outcome.rank { best[id] = (user ?? known.user, outcome) }
        }
        guard case .sessions(let ids) = target else {
            return order.map { ($0, best[$0]?.user, best[$0]?.outcome ?? .notFound) }
        }
        return ids.map { id in
            let (user, outcome) = best[id] ?? (nil, .notFound)
            guard outcome == .notFound, !missing.isEmpty else { return (id, user, outcome) }
            return (id, user, .failed(because: Self.mayBe(missing)))
        }
    }

    private static func mayBe(_ missing: [String]) -> String {
        "no node that answered has it, and \(missing.joined(separator: ", ")) did not: do it again when it does"
    }

    /// Moves idle deadlines later, wherever the sessions are.
    ///
    /// - Throws: ``SessionsError`` where no node took the order.
    public func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome] {
        let named = JSONValue.Member("sessions", .array(ids.map { .string($0.hexadecimal) }))
        let body = JSONValue.object([named, deadline.member] + order.members)
        let answers = try await ask { client in
            let outcomes = try (try await client.post("/v1/extend", body)).list("outcomes", limit: ids.count).map {
                try ExtendOutcome(json: $0)
            }
            guard outcomes.count == ids.count else { throw JSONFields.malformed("outcomes") }
            return outcomes
        }
        let found = answers.compactMap(\.answer.success)
        let missing = names(answers.filter { $0.answer.failure != nil }.map(\.index))
        return ids.indices.map { place in
            let best = found.map { $0[place] }.max { $0.rank < $1.rank } ?? .notFound
            return best == .notFound && !missing.isEmpty ? .failed(because: Self.mayBe(missing)) : best
        }
    }

    /// Adds an entry to every node's audit log.
    ///
    /// - Throws: ``SessionsError`` where a node did not take it: what was to be recorded must not go on then.
    public func record(_ action: AuditAction, target: String, count: Int, order: Order) async throws {
        let body = JSONValue.object(
            [
                .init("action", .string(action.rawValue)), .init("target", .string(target)),
                .init("count", .integer(count)),
            ] + order.members)
        let answers = try await ask { client in _ = try await client.post("/v1/audit", body) }
        // A node that is down holds nothing that could be looked at; one that refuses is another matter.
        if let refusal = answers.compactMap({ $0.answer.failure }).first(where: \.isAnswer) { throw refusal }
    }
}

extension RevokeOutcome {
    /// Of two nodes' outcomes the greater is the session's.
    fileprivate var rank: Int {
        switch self {
        case .revoked: 4
        case .alreadyRevoked: 3
        case .expired: 2
        case .failed: 1
        case .notFound: 0
        }
    }
}

extension ExtendOutcome {
    fileprivate var rank: Int {
        switch self {
        case .extended, .clipped: 4
        case .unchanged: 3
        case .refused: 2
        case .failed: 1
        case .notFound: 0
        }
    }
}
