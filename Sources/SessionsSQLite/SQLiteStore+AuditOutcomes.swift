internal import GRDB
public import Sessions

/// What stands beside the entries of the audit log.
extension SQLiteStore {
    /// Some of the outcomes beside an entry, in order.
    public func auditOutcomes(
        of number: Int64, after place: Int64?, limit: Int
    ) async throws -> AuditOutcomePage? {
        try await readers.snapshot { [namespaceNumber] db in
            try db.auditOutcomes(of: number, after: place, limit: limit, in: namespaceNumber)
        }
    }
}

extension Database {
    fileprivate func auditOutcomes(
        of number: Int64, after place: Int64?, limit: Int, in namespace: Int64
    ) throws -> AuditOutcomePage {
        let limit = max(1, limit)
        let rows = try all(
            """
            SELECT place, id_hash, outcome FROM audit_outcomes
            WHERE ns = ?1 AND number = ?2 AND place > ?3 ORDER BY place LIMIT ?4
            """,
            [.integer(namespace), .integer(number), .integer(place ?? .min), .integer(Int64(limit))]
        ) { columns in
            (place: columns.integer(0), outcome: AuditOutcome(id: try columns.id(1), word: columns.text(2)))
        }
        return AuditOutcomePage(outcomes: rows.map(\.outcome), next: rows.count < limit ? nil : rows.last?.place)
    }
}
