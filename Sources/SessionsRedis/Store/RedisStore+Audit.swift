public import Sessions

/// The audit log: a list that only grows, each entry with the hash of the one before.
extension RedisStore {
    /// Adds an entry to the audit log.
    ///
    /// - Throws: `SessionsError` with `unavailable`: then nobody knows whether it is in.
    public func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws {
        let digest = AuditEntry.digest(of: outcomes)
        try await append(to: nil) { number, previous in
            AuditEntry(
                number: number, at: order.at, actor: order.actor, action: action, target: target, count: count,
                result: result, reason: order.reason, outcomesDigest: digest, previous: previous)
        }
    }

    /// The audit log's entries after a number, in order.
    public func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        guard limit > 0 else { return [] }
        let first = max(0, number)
        let (last, overflow) = first.addingReportingOverflow(Int64(limit) - 1)
        let reply = try await send(
            .word("LRANGE"), keys.own("audit"), .word("\(first)"), .word(overflow ? "-1" : "\(last)"))
        return try (reply.elements ?? []).map { value in
            guard let bytes = value.bytes else { throw PackedReader.corrupt }
            return try AuditEntry(bytes)
        }
    }
}

extension RedisStore {
    /// Writes an order's entry; its outcomes stay beside it.
    ///
    /// - Parameters:
    ///   - ticket: the order.
    ///   - outcomes: of each session that it was for.
    ///   - result: what came of it; `nil`: how many ended in each outcome.
    ///   - note: is added to the result.
    /// - Throws: `SessionsError` with `unavailable`: then nobody knows whether it is in.
    func close(
        _ ticket: OrderTicket, _ outcomes: [AuditOutcome], result: String? = nil, note: String? = nil
    ) async throws {
        let result = [result ?? AuditEntry.summary(of: outcomes), note].compactMap { $0 }.joined(separator: "; ")
        let digest = AuditEntry.digest(of: outcomes)
        try await append(to: ticket) { number, previous in
            AuditEntry(
                number: number, at: ticket.order.at, actor: ticket.order.actor, action: ticket.action,
                target: ticket.target, count: outcomes.count, result: result, reason: ticket.order.reason,
                outcomesDigest: digest, previous: previous)
        }
    }

    /// Adds the entry that follows the last one.
    ///
    /// Only we can hash it, so it is made for the end of the log as it was last seen, and made again where somebody was
    /// faster: one of those who try at the same time always gets in.
    private func append(
        to ticket: OrderTicket?, _ entry: (_ number: Int64, _ previous: [UInt8]) -> AuditEntry
    ) async throws {
        let nothing = [UInt8](repeating: 0, count: IDHash.byteCount)
        var count: Int64 = -1
        var previous = nothing
        while true {
            try Task.checkCancellation()
            let next = entry(count + 1, previous)
            var reply = try await run(StoreScripts.audit) {
                $0.add(count)
                $0.add(next.packed)
                if let ticket { $0.add(ticket.id) } else { $0.addNothing() }
            }
            guard try reply.text() == "n" else { return }
            count = try reply.integer()
            // There is no last one in a server that has just come back empty.
            previous = try reply.optionalBytes().map { try AuditEntry($0).hash } ?? nothing
        }
    }
}
