public import Sessions
internal import SessionsTransport

/// What only the servers can tell of themselves.
extension MemcachedStore {
    /// Looks at when the run began, and at each server: the connection, sign-in, evictions, memory, `lru_crawler`,
    /// connections and the clock.
    ///
    /// - Parameter now: not used: the clock is read around the question.
    /// - Returns: a finding for each check and server.
    /// - Throws: `SessionsError` with `unavailable` where the root's server gives no answer at all.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let root = try await root()
        var all = [keeping, run(root)]
        for lane in client.lanes {
            all += try await findings(of: lane)
        }
        return all
    }

    private func findings(of lane: MemcachedLane) async throws -> [Finding] {
        let isOneOfMany = client.lanes.count > 1
        do {
            let answers = try await MemcachedAnswers(asking: lane, time: time)
            return MemcachedJudgement(answers: answers, safety: client.witness.safety, purpose: .store).findings.map {
                var finding = $0
                if isOneOfMany { finding.message = "\(lane.address): \(finding.message)" }
                return finding
            }
        } catch let error as SessionsError where error.code == .unavailable && isOneOfMany {
            return [
                Finding(
                    "server", .problem, "memcached at \(lane.address) gives no answer: its sessions are not served",
                    advice: "see that it runs; a restart loses what it had")
            ]
        }
    }

    private var keeping: Finding {
        Finding(
            "keeping", .warning, capabilities.keeping.reason ?? "",
            advice: "keep sessions in a database where people must not have to sign in again")
    }

    /// Positions that have leapt say that an earlier run was known.
    private func run(_ root: StoreRoot) -> Finding {
        guard root.feedStart.value >= StoreRoot.leap else {
            return Finding("run", .fine, "the namespace began at \(root.began), and none before it is known")
        }
        return Finding(
            "run", .problem, "all sessions of before \(root.began) are lost: this run of the namespace began then",
            advice: "see why memcached restarted or was emptied; who was signed in must sign in again")
    }
}
