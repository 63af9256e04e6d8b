public import Sessions

/// Servers as nodes.
extension HAProxySource {
    /// The servers of all backends, or of the one whose table is looked at: state, weight, requests, who is bound to each.
    public func nodes() async throws -> [NodeReport] {
        let now = time.wall()
        let process = try await client.ask(.showInformation, ProcessReader())
        let servers = try await servers()
        let figures = try await client.ask(.showStatistics, ServerFigures.reader())
        let started = started(process, now: now)
        let names = ServerNames(servers)
        let bound = Bound(try await snapshot(), at: now)
        return servers.map { server in
            let counts = figures.first { $0.backend == server.backend && $0.name == server.name }
            return report(server, counts, names.node(server), bound, started: started, now: now)
        }
    }

    /// Takes a server in or out.
    ///
    /// - Throws: `SessionsError` with `refused` where the socket doesn't allow it, `storeNotFound` where there is no such
    ///   server, `unavailable`: then nobody knows whether it was done, which the log says.
    public func steer(_ node: String, to wanted: NodeOrder, order: Order) async throws {
        if let reason = capabilities.steering.reason { throw SessionsError(.refused, "no server is moved: \(reason)") }
        try log?.prepare()
        let servers = try await servers()
        guard let server = ServerNames(servers).server(node) else {
            throw SessionsError(.storeNotFound, "HAProxy has no such server any more: its configuration was changed")
        }
        let command = RuntimeCommand.setState(backend: server.backend, server: server.name, wanted.command)
        let words: String
        do {
            words = try await client.ask(command, WordsReader())
        } catch {
            log?.keep(
                .steer, target: "node:\(node)", result: "\(wanted.rawValue), not confirmed", count: 0, order: order)
            throw error
        }
        guard words.isEmpty else { throw SessionsError.faulty(client.address, .refused(words)) }
        let bound = try? await snapshot().count(of: node)
        log?.keep(.steer, target: "node:\(node)", result: wanted.rawValue, count: bound ?? 0, order: order)
    }

    private func servers() async throws -> [ServerState] {
        let all = try await client.ask(.showServers, ServerState.reader())
        let own = all.filter { $0.backend == configuration.table }
        return own.isEmpty ? all : own
    }

    private func report(
        _ server: ServerState, _ figures: ServerFigures?, _ name: String, _ bound: Bound, started: Timestamp,
        now: Timestamp
    ) -> NodeReport {
        var facts = BalancedServer(
            backend: server.backend, name: server.name, address: server.address, words: figures?.status ?? "")
        (facts.weight, facts.configuredWeight, facts.since) = (server.weight, server.configuredWeight, server.since)
        (facts.pinned, facts.lastPinEnds) = (bound.counts[name] ?? 0, bound.ends[name])
        if let figures {
            (facts.current, facts.most, facts.queued) = (figures.current, figures.most, figures.queued)
            (facts.total, facts.perSecond, facts.errors) = (figures.total, figures.rate, figures.errors)
            (facts.failedChecks, facts.lastCheck) = (figures.failedChecks, figures.lastCheck)
            facts.answerTime = figures.answerTime.map { .milliseconds($0) }
        }
        var report = NodeReport(id: name, started: started, heartbeat: now, status: server.status)
        report.server = facts
        return report
    }
}

extension StickSnapshot {
    /// How many sessions are bound to a node.
    fileprivate func count(of node: String) -> Int {
        var count = 0
        forEachRow { if $0.node?.hasBytes(of: node) ?? false { count += 1 } }
        return count
    }
}

/// How many sessions are bound to each node, and when the last of them is forgotten.
private struct Bound {
    var counts: [String: Int] = [:]
    var ends: [String: Timestamp] = [:]

    init(_ snapshot: StickSnapshot, at now: Timestamp) {
        snapshot.forEachRow { row in
            guard let node = row.node, row.standing(at: now) == .live else { return }
            counts[node, default: 0] += 1
            if let end = row.deadlines.idle { ends[node] = max(ends[node] ?? end, end) }
        }
    }
}

extension ServerState {
    fileprivate var status: NodeReport.Status {
        if isInMaintenance { return .maintenance }
        if !isRunning { return .down }
        return isDraining ? .draining : .up
    }
}

extension NodeOrder {
    fileprivate var command: RuntimeCommand.ServerOrder {
        switch self {
        case .ready: .ready
        case .drain: .drain
        case .maintenance: .maintenance
        }
    }
}
