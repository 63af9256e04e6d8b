import SessionTesting
import Sessions
import Subprocess
import Synchronization
import Testing

@testable import sessiontop

/// Revokes by the handful under load from four nodes, while servers fail in between.
///
/// The fleet's audit judges every request from outside; this counts what was ordered.
struct Drill {
    /// Something that fails and comes back.
    struct Failure: Sendable {
        var name: String
        /// Whether clients may be answered with an error meanwhile: where it is the database that is away.
        var mayCostErrors = false
        var happen: @Sendable () async throws -> Void
    }

    /// How it went.
    struct Report: CustomStringConvertible {
        var revoked = 0
        var tally = Tally()
        var findings = RevocationAudit.Findings()
        /// From the commit to the moment at which every node had said that it applied it, with nothing wrong.
        var applied: [Duration] = []
        /// Errors that clients saw while nothing failed that may cost one.
        var errors = 0

        var description: String {
            let median = applied.sorted().dropFirst(applied.count / 2).first.map { "\($0 / .milliseconds(1)) ms" }
            return "\(revoked) revoked, \(findings.sessionsRefused) of those in use refused, "
                + "\(findings.servedBeforeEffective) served before and \(findings.servedAfterEffective) after effective, "
                + "\(tally.served) served in all, \(tally.errors) errors (\(errors) unexplained), "
                + "applied everywhere after \(median ?? "–")"
        }
    }

    let place: DemoStore
    /// So many sessions are revoked at least.
    let count: Int
    let failures: [Failure]

    private static let atOnce = 10

    /// Runs it.
    func run() async throws -> Report {
        var options = DemoOptions()
        (options.nodes, options.users, options.rate) = (4, 400, 300)
        let fleet = try await place.fleet(options)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await fleet.run() }
            try await Waiting.until("the fleet serves") { fleet.state.withLock { $0.tally.served } >= 200 }
            var report = Report()
            // Half of the revokes with nothing wrong, the rest around the failures.
            try await revoke(count / 2, fleet, &report, isHealthy: true)
            for failure in failures {
                let before = fleet.state.withLock { $0.tally.errors }
                async let failing: Void = failure.happen()
                try await revoke(count / 2 / failures.count, fleet, &report, isHealthy: false)
                try await failing
                try await recover(fleet)
                let errors = fleet.state.withLock { $0.tally.errors } - before
                if !failure.mayCostErrors { report.errors += errors }
            }
            try await settle(fleet)
            (report.tally, report.findings) = fleet.state.withLock { ($0.tally, $0.audit.findings) }
            group.cancelAll()
            try await group.waitForAll()
            return report
        }
    }

    /// Until every node serves from its caches again, and the clients are answered.
    private func recover(_ fleet: DemoFleet) async throws {
        try await Waiting.until("the nodes hold their leases again", limit: .seconds(60)) {
            fleet.state.withLock { $0.balancer.nodes.allSatisfy(\.holdsLease) }
        }
        let served = fleet.state.withLock { $0.tally.served }
        try await Waiting.until("requests are served again", limit: .seconds(60)) {
            fleet.state.withLock { $0.tally.served } > served + 50
        }
    }

    /// Until whatever was revoked is effective, and was asked for once more since.
    private func settle(_ fleet: DemoFleet) async throws {
        try await Waiting.until("all revokes are effective", limit: .seconds(60)) {
            fleet.state.withLock { !$0.audit.isWaiting }
        }
        let served = fleet.state.withLock { $0.tally.served }
        try await Waiting.until("more requests were judged", limit: .seconds(60)) {
            fleet.state.withLock { $0.tally.served } > served + 300
        }
    }

    private func revoke(
        _ count: Int, _ fleet: DemoFleet, _ report: inout Report, isHealthy: Bool
    ) async throws {
        let end = report.revoked + count
        let deadline = ContinuousClock.now + .seconds(600)
        while report.revoked < end {
            guard ContinuousClock.now < deadline else { throw Self.endless }
            let live = (try? await Self.liveSessions(of: fleet)) ?? []
            for start in stride(from: 0, to: live.count, by: Self.atOnce) where report.revoked < end {
                let some = Array(live[start..<min(start + Self.atOnce, live.count)])
                guard let receipt = try await ordered(some, fleet) else { break }
                report.revoked += receipt.outcomes.count { $0.outcome == .revoked }
                guard isHealthy else { continue }
                let cause = try await EffectivenessWatch.wait(for: receipt.position, durable: receipt.durable) {
                    try await fleet.store.nodes()
                }
                if cause == .applied { report.applied.append(fleet.time.monotonic() - receipt.durable) }
            }
        }
    }

    /// Orders it again where nobody knows whether it was done; `nil`: the store is away.
    private func ordered(_ ids: [IDHash], _ fleet: DemoFleet) async throws -> RevokeReceipt? {
        let order = Order(actor: "ops/drill", reason: "INC-4471", at: fleet.time.wall())
        for _ in 0..<3 {
            do { return try await fleet.store.revoke(.sessions(ids), order: order) } catch is SessionsError {
                try await Task.sleep(for: .milliseconds(50))
            }
        }
        return nil
    }

    private static let endless = SessionsError(.unavailable, "the drill's revokes came to no end")

    private static func liveSessions(of fleet: DemoFleet) async throws -> [IDHash] {
        let now = fleet.time.wall()
        var (live, cursor) = ([IDHash](), RowCursor?.none)
        repeat {
            let page = try await fleet.store.rows(after: cursor, limit: 5000)
            live += page.rows.filter { $0.standing(at: now) == .live && $0.user != nil }.map(\.id)
            cursor = page.next
        } while cursor != nil
        return live.shuffled()
    }
}

extension Drill.Failure {
    /// A server is killed, and starts again.
    static func crash(_ name: String, of process: ServerProcess, mayCostErrors: Bool = false) -> Drill.Failure {
        Drill.Failure(name: "kill -9 of \(name)", mayCostErrors: mayCostErrors) {
            try await process.end(by: .kill)
            try await Task.sleep(for: .milliseconds(500))
            try await process.start()
        }
    }

    /// A server hangs for a moment.
    static func stop(_ name: String, of process: ServerProcess, mayCostErrors: Bool = false) -> Drill.Failure {
        Drill.Failure(name: "SIGSTOP of \(name)", mayCostErrors: mayCostErrors) {
            try process.send(.suspend)
            try await Task.sleep(for: .seconds(1))
            try process.send(.resume)
        }
    }
}
