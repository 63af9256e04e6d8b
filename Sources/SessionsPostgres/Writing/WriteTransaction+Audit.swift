internal import Sessions

/// The audit log.
extension WriteTransaction {
    private static let last = Statement(
        "audit_last", "SELECT number, hash FROM audit WHERE ns = $1 ORDER BY number DESC LIMIT 1")

    private static let insertEntry = Statement(
        "audit_entry",
        """
        INSERT INTO audit(ns, number, at, actor, action, target, count, result, reason, outcomes_digest, previous, hash)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
        """)

    private static let insertOutcomes = Statement(
        "audit_outcomes",
        """
        INSERT INTO audit_outcomes(ns, number, place, id_hash, outcome)
        SELECT $1, $2, o.place - 1, o.id, o.word FROM unnest($3::bytea[], $4::text[]) WITH ORDINALITY AS o(id, word, place)
        """)

    /// Reads the end of the chain: after ``lockPositions`` or a cut-off, so that nobody else continues it meanwhile.
    var lastEntry: Command { Self.last(ns) }

    /// The statements that add the entry of an order that had an outcome for each session.
    func auditing(
        _ action: AuditAction, target: String, _ outcomes: [AuditOutcome], _ order: Order, after last: Rows
    ) throws -> [Command] {
        let result = AuditEntry.summary(of: outcomes)
        return try auditing(
            action, target: target, count: outcomes.count, result: result, outcomes, order, after: last)
    }

    /// The statements that add an entry that carries the hash of the last one.
    func auditing(
        _ action: AuditAction, target: String, count: Int, result: String, _ outcomes: [AuditOutcome], _ order: Order,
        after last: Rows
    ) throws -> [Command] {
        let last = last.first { (number: $0.integer(0), hash: $0.bytes(1)) }
        let entry = AuditEntry(
            number: try AuditEntry.number(after: last?.number), at: order.at, actor: order.actor, action: action,
            target: target, count: count, result: result, reason: order.reason,
            outcomesDigest: AuditEntry.digest(of: outcomes),
            previous: last?.hash ?? Array(repeating: 0, count: IDHash.byteCount))
        let details = Self.insertOutcomes(
            ns, .integer(entry.number), .ids(outcomes.map(\.id)), .texts(outcomes.map(\.word)))
        return [writing(entry)] + (outcomes.isEmpty ? [] : [details])
    }

    private func writing(_ entry: AuditEntry) -> Command {
        Self.insertEntry(
            ns, .integer(entry.number), .moment(entry.at), .text(entry.actor), .text(entry.action.rawValue),
            .text(entry.target), .integer(Int64(entry.count)), .text(entry.result), .text(entry.reason),
            .bytes(entry.outcomesDigest), .bytes(entry.previous), .bytes(entry.hash))
    }
}

extension AuditEntry {
    static let query = Statement(
        "audit",
        """
        SELECT number, at, actor, action, target, count, result, reason, outcomes_digest, previous, hash
        FROM audit WHERE ns = $1 AND number > $2 ORDER BY number LIMIT $3
        """)

    init(_ columns: Columns) throws {
        guard let action = AuditAction(rawValue: columns.text(3)) else {
            throw SessionsError.unknownAction
        }
        self.init(
            number: columns.integer(0), at: columns.moment(1), actor: columns.text(2), action: action,
            target: columns.text(4), count: Int(columns.integer(5)), result: columns.text(6),
            reason: columns.optionalText(7), outcomesDigest: columns.bytes(8), previous: columns.bytes(9))
        // As it stands in the store: whether it is right is for whoever verifies the chain.
        hash = columns.bytes(10)
    }
}
