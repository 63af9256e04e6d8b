public import Sessions
internal import SessionsTransport

/// What only the servers can tell of themselves.
extension MemcachedStore {
    /// Looks at when the run began, at the list of nodes, and at each server: the connection, sign-in, evictions, memory,
    /// `lru_crawler`, connections and the clock.
    ///
    /// - Parameter now: not used: the clock is read around the question.
    /// - Returns: a finding for each check and server.
    /// - Throws: `SessionsError` with `unavailable` where the root's server gives no answer at all.
    public func findings(at now: Timestamp) async throws -> [Finding] {
        let root = try await root(bumps: false)
        var all = [keeping, run(root), await listedNodes(root)]
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

    /// What is lost of the nodes; the server that has their list may be away.
    private func listedNodes(_ root: StoreRoot) async -> Finding {
        do {
            let reports = try await nodes()
            let lease = try await leaseOfLostNodes(beside: reports)
            return listedNodes(try await nodeList(), root, reports, lease)
        } catch {
            let words = (error as? SessionsError)?.message ?? "it gave no answer"
            return Finding("node-list", .unknown, "the list of nodes could not be looked at: \(words)")
        }
    }

    private func listedNodes(
        _ list: NodeList?, _ root: StoreRoot, _ reports: [NodeReport], _ lease: Duration?
    ) -> Finding {
        func lost(_ message: String) -> Finding {
            Finding(
                "node-list", .warning, message,
                advice: "see whether memcached restarts or throws items out; give it more memory (-m)")
        }
        let waiting = lease.map { "; each revoke takes \(DurationText.short($0)) now" } ?? ""
        guard let list else {
            if root.lease != nil { return lost("the list of nodes is lost, and no node has come back\(waiting)") }
            return Finding("node-list", .fine, "no node has registered in this run\(waiting)")
        }
        let missing = Set(list.nodes).subtracting(reports.map(\.id)).sorted()
        guard missing.isEmpty else {
            return lost("no report is there of nodes that had registered: \(missing.joined(separator: ", "))\(waiting)")
        }
        if let moment = list.lost {
            return lost("the list of nodes was lost: the nodes began it anew at \(moment)\(waiting)")
        }
        return Finding("node-list", .fine, "\(list.names.count) nodes are listed, none is known to be lost\(waiting)")
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
