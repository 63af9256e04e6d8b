public import Sessions
internal import SessionsTransport

extension RedisSharedCache {
    /// Looks at each server: the connection, the user's rights, the memory and the clock.
    ///
    /// What the user may not ask is unknown; it is no error.
    ///
    /// - Parameter now: not used: the clock is read around the question.
    /// - Returns: a finding for each check and server.
    /// - Throws: `SessionsError` with `unavailable` where a server gives no answer at all.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let servers = try await executor.servers()
        var all: [Finding] = []
        for server in servers {
            let answers = try await RedisAnswers(asking: server, time: time)
            for var finding in RedisJudgement(answers: answers, purpose: .cache, safety: witness.safety).findings {
                if servers.count > 1 { finding.message = "\(server.name): \(finding.message)" }
                all.append(finding)
            }
        }
        return all
    }
}
