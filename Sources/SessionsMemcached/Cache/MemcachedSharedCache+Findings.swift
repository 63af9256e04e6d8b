public import Sessions
internal import SessionsTransport

extension MemcachedSharedCache {
    /// Looks at each server: the connection, sign-in, evictions, memory, `lru_crawler`, connections and the clock.
    ///
    /// - Parameter now: not used: the clock is read around the question.
    /// - Returns: a finding for each check and server.
    /// - Throws: `SessionsError` with `unavailable` where a server gives no answer at all.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        var all: [Finding] = []
        for lane in client.lanes {
            let answers = try await MemcachedAnswers(asking: lane, time: time)
            for var finding in MemcachedJudgement(answers: answers, safety: client.witness.safety).findings {
                if client.lanes.count > 1 { finding.message = "\(lane.address): \(finding.message)" }
                all.append(finding)
            }
        }
        return all
    }
}
