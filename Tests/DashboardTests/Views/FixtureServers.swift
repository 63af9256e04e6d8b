import Screen
import Sessions

@testable import Dashboard

/// A balancer's four servers: one that works, one that drains, one that was taken out, one that fails its checks.
enum FixtureServers {
    static let reports = [
        report("web-01", pinned: 431, current: 12, perSecond: 187, errors: 3, since: 86_000),
        report("web-02", .draining, pinned: 420, current: 3, perSecond: 41, errors: 0, since: 312),
        report("web-03", .maintenance, pinned: 0, current: 0, perSecond: 0, errors: 0, since: 4_000),
        report("web-04", .down, pinned: 433, current: 0, perSecond: 0, errors: 1_204, since: 47),
    ]

    /// A dashboard on a balancer.
    static func state(_ size: Size) -> State {
        var capabilities = Capabilities.all
        capabilities.audit = .no(because: "HAProxy keeps no audit log")
        capabilities.steering = .yes
        capabilities.revokeMeaning = .unpins
        capabilities.owners = .no(because: "a table of HAProxy's doesn't say whose a session is: add --with STORE")
        let identity = StoreIdentity(
            name: "edge-eu",
            description: StoreDescription(
                url: "haproxy:/run/haproxy/admin.sock", software: "HAProxy 2.6.12", layout: "haproxy"),
            capabilities: capabilities)
        var state = State(store: identity, policy: Policy(actor: "ops/mira"), size: size, now: Fixture.moment())
        _ = state.start()
        _ = state.update(.loadingBegan(nil, generation: state.polling.generation))
        let rows = FixtureSessions.rows.map { row in
            var pin = SessionRow(id: row.id)
            pin.node = row.node
            pin.deadlines.idle = row.deadlines.nearest?.moment
            return pin
        }
        _ = state.update(.page(RowPage(rows: rows, next: nil), generation: state.polling.generation))
        _ = state.update(.nodes(reports))
        _ = state.update(.polled(took: .microseconds(1820)))
        return state
    }

    private static func report(
        _ name: String, _ status: NodeReport.Status = .up, pinned: Int, current: Int, perSecond: Int, errors: Int,
        since: Int64
    ) -> NodeReport {
        let words = ["up": "UP", "draining": "DRAIN", "maintenance": "MAINT", "down": "DOWN"][status.rawValue] ?? ""
        var server = BalancedServer(
            backend: "shop", name: name, address: "10.0.4.1\(name.suffix(1)):8080", words: words)
        (server.weight, server.configuredWeight, server.pinned) = (100, 100, pinned)
        (server.current, server.most, server.perSecond, server.errors) = (current, 64, perSecond, errors)
        (server.total, server.since) = (2_400_000 + pinned, .seconds(since))
        server.lastPinEnds = pinned > 0 ? Fixture.now + .seconds(1_741) : nil
        server.answerTime = status == .maintenance ? nil : .milliseconds(12)
        if status == .down { (server.failedChecks, server.lastCheck) = (31, "Layer4 connection problem") }
        var report = NodeReport(
            id: name, started: Fixture.now - .seconds(90_000), heartbeat: Fixture.now - .milliseconds(400),
            status: status)
        report.server = server
        return report
    }
}
