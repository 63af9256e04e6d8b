public import Sessions
internal import SessionsTransport

/// What only the server can tell of itself.
extension RedisStore {
    /// Looks at the connection, the user's rights, the memory, the disk, the replicas and the clock of the server: in a
    /// cluster, of the one that has the namespace.
    ///
    /// What the user may not ask is unknown; it is no error.
    ///
    /// - Parameter now: not used: the clock is read around the question.
    /// - Returns: a finding for each check.
    /// - Throws: `SessionsError` with `unavailable` where the server gives no answer at all.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let answers = try await RedisAnswers(asking: executor, near: keys.place, time: time)
        let findings = RedisJudgement(answers: answers, purpose: .store, safety: witness.safety).findings
        guard answers.info["cluster_enabled"] == "1" else { return findings }
        let words = "everything of this namespace lies in slot \(KeySlot.of(keys.place)), on one primary"
        return findings + [Finding("slots", .fine, "\(words): more primaries make it no faster")]
    }
}
