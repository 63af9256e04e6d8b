internal import GRDB
internal import Sessions

/// Recording that sessions were used.
extension WriteTransaction {
    /// Runs one statement for each, which tells what it found by ``TouchFunction``.
    ///
    /// Looking first costs a second search, and RETURNING makes a table of its own for each call.
    mutating func touch(_ touches: [Touch]) throws -> [TouchOutcome] {
        let statement = try db.prepared(Self.touch)
        defer { statement.reset() }
        return try TouchFunction.withFindings { findings in
            try statement.bind(.integer(namespace), at: 1)
            try statement.bind(.position(positions.cutoffEnd), at: 8)
            try statement.bind(findings, at: 9)
            var last: Touch?
            return try touches.map { touch in
                // What a batch has in common, its node above all, is bound once: each text that is bound is copied.
                if !touch.ip.hasBytes(of: last?.ip) { try statement.bind(.text(touch.ip), at: 5) }
                if !touch.agent.hasBytes(of: last?.agent) { try statement.bind(.text(touch.agent), at: 6) }
                if !touch.node.hasBytes(of: last?.node) { try statement.bind(.text(touch.node), at: 7) }
                last = touch
                return try record(touch, statement, findings)
            }
        }
    }

    private mutating func record(
        _ touch: Touch, _ statement: PreparedStatement, _ findings: TouchFunction.Findings
    ) throws -> TouchOutcome {
        findings.begin(touch)
        try touch.id.withBytes { id in
            try statement.bind(lent: id, at: 2)
            try statement.bind(.moment(touch.at), at: 3)
            try statement.bind(nextChange, at: 4)
            _ = try statement.step()
            statement.rewind()
        }
        guard let found = findings.row else { return .refused(try standing(of: touch.id, at: touch.at)) }
        logChange(of: found.number)
        return .touched(found.deadlines)
    }

    /// Of sessions younger than the latest cut-off of all, nothing is looked up but their row.
    private static let touch = """
        UPDATE sessions SET seen = max(seen, ?3), change = ?4, ip = coalesce(?5, ip), agent = coalesce(?6, agent),
            node = coalesce(?7, node), idle_deadline = \(TouchFunction.name)(?9, number, idle_deadline, absolute_deadline)
        WHERE ns = ?1 AND id_hash = ?2 AND \(CutoffQuery.isInTime(at: "?3")) AND (epoch >= ?8 OR NOT \(CutoffQuery.isCut))
        """
}
