public import Sessions
internal import Synchronization

extension NodesDirectory {
    /// Ends sessions at every node: the one that has it ends it, the others refuse it should it come to them.
    ///
    /// - Returns: an outcome for each. `failed`: no node that answered has it, and one that may have it didn't. Nodes that
    ///   a cut-off could not be told are named in ``RevokeReceipt/unreached``.
    /// - Throws: ``SessionsError`` where no node took the order.
    public func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt {
        guard case .sessions(let ids) = target else {
            return try await orderAll("/v1/revoke", [target.member] + order.members)
        }
        var (receipt, receipts) = try await self.receipt(of: "/v1/revoke", [target.member] + order.members) { answer in
            guard answer.outcomes.map(\.id) == ids else { throw JSONFields.malformed("outcomes") }
        }
        // What is open is said of each session.
        let missing = receipt.unreached
        receipt.unreached = []
        receipt.outcomes = ids.indices.map { place in
            let found = receipts.map { $0.outcomes[place] }
            let best = found.map(\.outcome).max { $0.rank < $1.rank } ?? .notFound
            let isOpen = best == .notFound && !missing.isEmpty
            return (ids[place], found.compactMap(\.user).first, isOpen ? .failed(because: Self.mayBe(missing)) : best)
        }
        return receipt
    }

    /// Denies tokens at every node: nodes share no feed.
    ///
    /// - Throws: ``SessionsError`` where no node took the order.
    public func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        let named = JSONValue.Member("tokens", .array(denials.map { .string($0.key.hexadecimal) }))
        return try await orderAll("/v1/deny", [named] + order.members)
    }

    /// Cuts off a tenant, a client, a user or everyone at every node.
    ///
    /// - Returns: an outcome for each session that ended; of very many the rest is counted. Nodes that could not be told
    ///   are named in ``RevokeReceipt/unreached``.
    /// - Throws: ``SessionsError`` where no node took the order.
    public func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        try await orderAll("/v1/cutoff", scope.members + order.members)
    }

    /// Orders something that holds at every node, whichever sessions that ends there.
    private func orderAll(_ path: String, _ members: [JSONValue.Member]) async throws -> RevokeReceipt {
        var (receipt, receipts) = try await self.receipt(of: path, members)
        receipt.unlisted = receipts.reduce(0) { $0 + $1.unlisted }
        var places: [IDHash: Int] = [:]
        for found in receipts.flatMap(\.outcomes) {
            guard let place = places[found.id] else {
                places[found.id] = receipt.outcomes.count
                receipt.outcomes.append(found)
                continue
            }
            let known = receipt.outcomes[place]
            guard found.outcome.rank > known.outcome.rank else { continue }
            receipt.outcomes[place] = (found.id, found.user ?? known.user, found.outcome)
        }
        return receipt
    }

    /// Sends an order to every node.
    ///
    /// - Returns: a receipt without outcomes, in which nodes that did not take the order are unreached, and each node's own.
    private func receipt(
        of path: String, _ members: [JSONValue.Member],
        check: @escaping @Sendable (RevokeReceipt) throws -> Void = { _ in }
    ) async throws -> (RevokeReceipt, [RevokeReceipt]) {
        let answers = try await ask { client in
            let durable = MonotonicInstant.now
            let receipt = try RevokeReceipt(json: try await client.post(path, .object(members)).json, durable: durable)
            try check(receipt)
            return receipt
        }
        let receipts = answers.compactMap { index, answer in answer.success.map { (index, $0) } }
        let position = book.withLock { book in
            book.commit(Dictionary(uniqueKeysWithValues: receipts.map { ($0.0, $0.1.position) }))
        }
        var receipt = RevokeReceipt(outcomes: [], position: position, durable: time.monotonic())
        receipt.unreached = names(answers.filter { $0.answer.failure != nil }.map(\.index))
        return (receipt, receipts.map(\.1))
    }

    private func names(_ nodes: [Int]) -> [String] { book.withLock { book in nodes.map { book.pages[$0].name } } }

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
    public func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        let entry: [JSONValue.Member] = [
            .init("action", .string(action.rawValue)), .init("target", .string(target)),
            .init("count", .integer(count)), .init("result", .string(result)),
            .init("outcomes", .array(outcomes.map(\.json))),
        ]
        let body = JSONValue.object(entry + order.members)
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
