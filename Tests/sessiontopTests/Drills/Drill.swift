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
        var tally = Tally()
        var findings = RevocationAudit.Findings()
        /// The sessions that were ended: every node had been asked for each before.
        var ended: [IDHash] = []
        /// How many of them some node still served, or could say nothing of, when all was well again.
        var notRefused = 0
        /// From the commit to the moment at which every node had said that it applied it, with nothing wrong.
        var applied: [Duration] = []
        /// From the commit to the moment at which sessions that every node had in its memory were refused by all of
        /// them, with nothing wrong.
        var refused: [Duration] = []
        /// The longest time from an order to the start of a request that was served all the same, before anything
        /// failed; the findings have that of all.
        var longestWhileHealthy = Duration.zero
        /// δ: no request that starts so long after a commit may be served.
        var lease = Duration.zero
        /// From the beginning of each failure until the store and the cache answered, and all nodes held their leases.
        var recoveries: [(name: String, time: Duration)] = []
        /// Errors that clients saw while nothing failed that may cost one.
        var errors = 0

        var description: String {
            let recovered = recoveries.map { "\($0.name): all well after \(Self.text($0.time))" }
            let lines = [
                "\(ended.count) revoked, \(findings.sessionsRefused) of those in use refused, "
                    + "\(findings.servedBeforeEffective) served before and \(findings.servedAfterEffective) after effective, "
                    + "\(tally.served) served in all, \(tally.errors) errors (\(errors) unexplained)",
                "at the end each node was asked for all \(ended.count): \(notRefused) not refused",
                "last service after an order: \(Self.text(longestWhileHealthy)) while nothing failed, "
                    + "\(Self.text(findings.longestService)) in all; δ is \(Self.text(lease))",
                "refused everywhere after \(Self.median(refused)) (median of \(refused.count), "
                    + "99 %: \(Self.text(Self.share(0.99, of: refused)))), "
                    + "known to be applied everywhere after \(Self.median(applied))",
            ]
            return (lines + recovered).joined(separator: "\n  ")
        }

        private static func text(_ time: Duration?) -> String {
            time.map { "\((($0 / .milliseconds(1)) * 10).rounded() / 10) ms" } ?? "–"
        }

        private static func median(_ times: [Duration]) -> String { text(share(0.5, of: times)) }

        /// The time within which such a share of the times lie.
        static func share(_ share: Double, of times: [Duration]) -> Duration? {
            times.sorted().dropFirst(Int(Double(times.count) * share)).first
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
        // Sign-ins alone would make so many sessions in many minutes.
        if count > 1000 { (options.users, options.preload) = (4000, 2 * count) }
        let fleet = try await place.fleet(options)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await fleet.run() }
            try await Waiting.until("the fleet serves") { fleet.state.withLock { $0.tally.served } >= 200 }
            var report = Report()
            report.lease = fleet.options.policy.lease
            // Half of the revokes with nothing wrong, the rest around the failures.
            try await revoke(count / 2, fleet, &report, isHealthy: true)
            report.longestWhileHealthy = fleet.state.withLock { $0.audit.findings.longestService }
            for failure in failures {
                let before = fleet.state.withLock { $0.tally.errors }
                async let failing = happen(failure, to: fleet)
                try await revoke(count / 2 / failures.count, fleet, &report, isHealthy: false)
                report.recoveries.append((failure.name, try await failing))
                try await recover(fleet)
                let errors = fleet.state.withLock { $0.tally.errors } - before
                if !failure.mayCostErrors { report.errors += errors }
            }
            try await settle(fleet)
            report.notRefused = try await notRefused(report.ended, fleet)
            (report.tally, report.findings) = fleet.state.withLock { ($0.tally, $0.audit.findings) }
            group.cancelAll()
            try await group.waitForAll()
            return report
        }
    }

    /// Lets something fail, and waits until it is over.
    ///
    /// - Returns: how long that took.
    private func happen(_ failure: Failure, to fleet: DemoFleet) async throws -> Duration {
        let start = ContinuousClock.now
        try await failure.happen()
        let key = SharedKey(id: SessionID().hash, generation: 0)
        try await Waiting.until("\(failure.name) is over", limit: .seconds(120)) {
            _ = try await fleet.store.nodes()
            _ = try await fleet.cache?.read(key, leasing: nil)
            return fleet.state.withLock { $0.balancer.nodes.allSatisfy(\.holdsLease) }
        }
        return ContinuousClock.now - start
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
        let end = report.ended.count + count
        let deadline = ContinuousClock.now + .seconds(600)
        while report.ended.count < end {
            guard ContinuousClock.now < deadline else { throw Self.endless }
            let live = (try? await Self.liveSessions(of: fleet)) ?? []
            for start in stride(from: 0, to: live.count, by: Self.atOnce) where report.ended.count < end {
                let some = Array(live[start..<min(start + Self.atOnce, live.count)])
                let nodes = fleet.state.withLock { $0.balancer.nodes }
                for node in nodes { for id in some { _ = await node.load(id) } }
                guard let receipt = try await ordered(some, fleet) else { break }
                let ended = receipt.outcomes.filter { $0.outcome == .revoked }.map(\.id)
                report.ended += ended
                guard isHealthy, !ended.isEmpty else { continue }
                let last = try await refusal(of: ended, by: nodes, after: receipt.durable, fleet)
                report.refused.append(last - receipt.durable)
                let cause = try await EffectivenessWatch.wait(for: receipt.position, durable: receipt.durable) {
                    try await fleet.store.nodes(checkedUpTo: receipt.position)
                }
                if cause == .applied { report.applied.append(fleet.time.monotonic() - receipt.durable) }
            }
        }
    }

    /// When the last of some nodes has begun to refuse the last of some sessions: each is asked again and again, until it
    /// dies by the demo's own schedule.
    private func refusal(
        of ids: [IDHash], by nodes: [ServiceNode], after commit: MonotonicInstant, _ fleet: DemoFleet
    ) async throws -> MonotonicInstant {
        try await withThrowingTaskGroup(of: MonotonicInstant.self) { group in
            for node in nodes {
                group.addTask {
                    var (waiting, last) = (ids, commit)
                    while let id = waiting.last {
                        let start = fleet.time.monotonic()
                        if case .refused = await node.load(id) {
                            waiting.removeLast()
                            last = start
                        } else {
                            guard Self.living(node.id, fleet) === node else { break }
                            try await Task.sleep(for: .microseconds(200))
                        }
                    }
                    return last
                }
            }
            return try await group.reduce(commit) { max($0, $1) }
        }
    }

    /// How often a node doesn't refuse one of the sessions that have ended.
    private func notRefused(_ ids: [IDHash], _ fleet: DemoFleet) async throws -> Int {
        let names = fleet.state.withLock { $0.balancer.fleet.nodes }
        return try await withThrowingTaskGroup(of: Int.self) { group in
            for name in names {
                group.addTask {
                    var count = 0
                    for id in ids where try await !isRefused(id, by: name, fleet) { count += 1 }
                    return count
                }
            }
            return try await group.reduce(0, +)
        }
    }

    /// Whether the node of a name refuses a session: nodes die by the demo's own schedule, and what one that died in
    /// the middle says is asked of the one that comes after it.
    private func isRefused(_ id: IDHash, by name: String, _ fleet: DemoFleet) async throws -> Bool {
        while true {
            try await Waiting.until("\(name) is there", limit: .seconds(60)) { Self.living(name, fleet) != nil }
            guard let node = Self.living(name, fleet) else { continue }
            if case .refused = await node.load(id) { return true }
            if Self.living(name, fleet) === node { return false }
        }
    }

    /// The node that has a name now.
    private static func living(_ name: String, _ fleet: DemoFleet) -> ServiceNode? {
        fleet.state.withLock { $0.balancer.nodes.first { $0.id == name } }
    }

    /// Orders it again where nobody knows whether it was done; `nil`: the store is away.
    private func ordered(_ ids: [IDHash], _ fleet: DemoFleet) async throws -> RevokeReceipt? {
        for _ in 0..<3 {
            let order = Order(actor: "ops/drill", reason: "INC-4471", at: fleet.time.wall())
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
