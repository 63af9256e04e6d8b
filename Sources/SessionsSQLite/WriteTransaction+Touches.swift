internal import GRDB
internal import Sessions

/// Recording that sessions were used.
extension WriteTransaction {
    /// Looks for each session and then writes it, rather than one UPDATE with RETURNING, which makes a table of its own
    /// for each call.
    mutating func touch(_ touches: [Touch]) throws -> [TouchOutcome] {
        let statements = TouchStatements(look: try db.prepared(Self.look), write: try db.prepared(Self.write))
        return try touches.map { try touch($0, statements) }
    }

    private mutating func touch(_ touch: Touch, _ statements: TouchStatements) throws -> TouchOutcome {
        guard var found = try touchable(touch.id, statements.look), !found.deadlines.havePassed(at: touch.at) else {
            return .refused(try standing(of: touch.id, at: touch.at))
        }
        found.deadlines.touch(at: touch.at, idle: touch.idle)
        let write = statements.write
        defer { write.reset() }
        try write.bind(.integer(found.number), at: 1)
        try write.bind(.moment(touch.at), at: 2)
        try write.bind(.moment(found.deadlines.idle), at: 3)
        try write.bind(nextChange, at: 4)
        try write.bind(.text(touch.ip), at: 5)
        try write.bind(.text(touch.agent), at: 6)
        try write.bind(.text(touch.node), at: 7)
        _ = try write.step()
        logChange(of: found.number)
        return .touched(found.deadlines)
    }

    /// The row and the deadlines of a session that nobody has ended; the transaction holds the only right to write.
    private func touchable(_ id: IDHash, _ look: PreparedStatement) throws -> (number: Int64, deadlines: Deadlines)? {
        defer { look.reset() }
        try look.bind(.integer(namespace), at: 1)
        try look.bind(.id(id), at: 2)
        guard try look.step() else { return nil }
        let columns = look.columns
        let mayBeCut = columns.position(1) < positions.cutoffEnd
        if mayBeCut, try db.session(id, in: namespace)?.isCut == true { return nil }
        let deadlines = Deadlines(idle: columns.optionalMoment(2), absolute: columns.optionalMoment(3))
        return (columns.integer(0), deadlines)
    }

    private static let look = """
        SELECT number, epoch, idle_deadline, absolute_deadline FROM sessions WHERE ns = ?1 AND id_hash = ?2 AND state = 'live'
        """

    private static let write = """
        UPDATE sessions SET seen = max(seen, ?2), idle_deadline = ?3, change = ?4, ip = coalesce(?5, ip),
            agent = coalesce(?6, agent), node = coalesce(?7, node) WHERE number = ?1
        """
}

/// Statements that a batch of touches finds once and runs for each.
private struct TouchStatements {
    let look: PreparedStatement
    let write: PreparedStatement
}
