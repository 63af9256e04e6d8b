public import Sessions
internal import SessionsTransport

/// What only the server can tell of itself.
extension RedisStore {
    /// Looks at the connection, the user's rights, the memory, the disk, the replicas and the clock of the server.
    ///
    /// What the user may not ask is unknown; it is no error.
    ///
    /// - Parameter now: not used: the clock is read around the question.
    /// - Returns: a finding for each check.
    /// - Throws: `SessionsError` with `unavailable` where the server gives no answer at all.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let answers = try await RedisAnswers(asking: executor, time: time)
        return RedisJudgement(answers: answers, purpose: .store, safety: witness.safety).findings
    }
}
