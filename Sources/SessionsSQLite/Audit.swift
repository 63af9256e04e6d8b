internal import GRDB
internal import Sessions

/// The audit log.
extension WriteTransaction {
    /// Adds the entry of an order that had an outcome for each session.
    func audit(_ action: AuditAction, target: String, _ outcomes: [AuditOutcome], _ order: Order) throws {
        let result = AuditEntry.summary(of: outcomes)
        try audit(action, target: target, count: outcomes.count, result: result, outcomes, order)
    }

    /// Adds an entry that carries the hash of the last one.
    func audit(
        _ action: AuditAction, target: String, count: Int, result: String, _ outcomes: [AuditOutcome], _ order: Order
    ) throws {
        let last = try db.first(
            "SELECT number, hash FROM audit WHERE ns = ?1 ORDER BY number DESC LIMIT 1", [.integer(namespace)]
        ) { (number: $0.integer(0), hash: $0.bytes(1)) }
        let entry = AuditEntry(
            number: try AuditEntry.number(after: last?.number), at: order.at, actor: order.actor, action: action,
            target: target, count: count, result: result, reason: order.reason,
            outcomesDigest: AuditEntry.digest(of: outcomes),
            previous: last?.hash ?? Array(repeating: 0, count: IDHash.byteCount))
        try write(entry)
        for (place, outcome) in outcomes.enumerated() {
            try db.run(
                "INSERT INTO audit_outcomes(ns, number, place, id_hash, outcome) VALUES (?1, ?2, ?3, ?4, ?5)",
                [
                    .integer(namespace), .integer(entry.number), .integer(Int64(place)), .id(outcome.id),
                    .text(outcome.word),
                ])
        }
    }

    private func write(_ entry: AuditEntry) throws {
        try db.run(
            """
            INSERT INTO audit(ns, number, at, actor, action, target, count, result, reason, outcomes_digest, previous, hash)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """,
            [
                .integer(namespace), .integer(entry.number), .moment(entry.at), .text(entry.actor),
                .text(entry.action.rawValue), .text(entry.target), .integer(Int64(entry.count)), .text(entry.result),
                .text(entry.reason), .bytes(entry.outcomesDigest), .bytes(entry.previous), .bytes(entry.hash),
            ])
    }
}

extension Database {
    func audit(after number: Int64, limit: Int, in namespace: Int64) throws -> [AuditEntry] {
        try all(
            """
            SELECT number, at, actor, action, target, count, result, reason, outcomes_digest, previous, hash
            FROM audit WHERE ns = ?1 AND number > ?2 ORDER BY number LIMIT ?3
            """,
            [.integer(namespace), .integer(number), .integer(Int64(max(0, limit)))]
        ) { columns in
            guard let action = AuditAction(rawValue: columns.text(3)) else {
                throw SessionsError.unknownAction
            }
            var entry = AuditEntry(
                number: columns.integer(0), at: columns.moment(1), actor: columns.text(2), action: action,
                target: columns.text(4), count: Int(columns.integer(5)), result: columns.text(6),
                reason: columns.optionalText(7), outcomesDigest: columns.bytes(8), previous: columns.bytes(9))
            // As it stands in the store: whether it is right is for whoever verifies the chain.
            entry.hash = columns.bytes(10)
            return entry
        }
    }
}
