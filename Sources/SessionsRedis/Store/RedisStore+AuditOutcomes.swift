public import Sessions

/// What stands beside the entries of the audit log.
extension RedisStore {
    /// So many outcomes an element of the list holds at most.
    private static let outcomesAnElement = 500

    /// Some of the outcomes beside an entry, in order: at least as many as one element of their list holds.
    public func auditOutcomes(
        of number: Int64, after place: Int64?, limit: Int
    ) async throws -> AuditOutcomePage? {
        let first = place.map { $0 &+ 1 } ?? 0
        let count = max(1, limit / Self.outcomesAnElement)
        let last = first &+ Int64(count) - 1
        let reply = try await send(
            .word("LRANGE"), keys.own("outcomes:\(number)"), .word("\(first)"), .word("\(last)"))
        let elements = (reply.elements ?? []).compactMap(\.bytes)
        let outcomes = try elements.flatMap { try AuditOutcome.unpack($0) }
        return AuditOutcomePage(outcomes: outcomes, next: elements.count < count ? nil : last)
    }
}
