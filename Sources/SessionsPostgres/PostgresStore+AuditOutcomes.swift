public import Sessions

/// What stands beside the entries of the audit log.
extension PostgresStore {
    private static let outcomes = Statement(
        "audit_outcomes_of",
        """
        SELECT place, id_hash, outcome FROM audit_outcomes
        WHERE ns = $1 AND number = $2 AND place > $3 ORDER BY place LIMIT $4
        """)

    /// Some of the outcomes beside an entry, in order.
    ///
    /// - Throws: ``SessionsError`` with `refused` where the role may only append to them.
    public func auditOutcomes(
        of number: Int64, after place: Int64?, limit: Int
    ) async throws -> AuditOutcomePage? {
        let limit = max(1, limit)
        return try await use { [context] link in
            let query = Self.outcomes(context.ns, .integer(number), .integer(place ?? .min), .limit(limit))
            let rows = try link.run([query])[0].map { columns in
                (place: columns.integer(0), outcome: AuditOutcome(id: try columns.id(1), word: columns.text(2)))
            }
            return AuditOutcomePage(outcomes: rows.map(\.outcome), next: rows.count < limit ? nil : rows.last?.place)
        }
    }
}
