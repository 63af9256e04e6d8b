public import Sessions

/// What only the server can tell of itself.
extension PostgresStore {
    /// Looks at the connection, the role's rights, the disk, the standbys, the tables and the clock of the server.
    ///
    /// What the role may not ask is unknown; it is no error.
    ///
    /// - Parameter now: not used: the clock is read around the question.
    /// - Returns: a finding for each check.
    /// - Throws: `SessionsError` with `unavailable` where the server gives no answer at all.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let answers = try await use { [time] in try PostgresAnswers(asking: $0, time: time) }
        return PostgresJudgement(answers: answers).findings
    }
}
