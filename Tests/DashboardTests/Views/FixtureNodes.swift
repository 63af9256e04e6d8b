import Sessions

/// Four nodes: a warm one, one that began anew, one that drains, and one that fell silent.
enum FixtureNodes {
    static let reports = [
        report("web-01", beat: 0.4, applied: 20_418, latency: (310, 5_800)),
        report("web-02", beat: 0.9, applied: 20_418, latency: (290, 6_100)),
        report("web-03", beat: 0.2, applied: 20_411, latency: (350, 6_400), status: .draining),
        report("web-04", beat: 41, applied: 20_102, latency: (900, 44_000)),
    ]

    /// The same with sessions in their own memory: one had no room, one began anew, one drains, and one fell silent.
    static let inMemory = zip(reports, [(312, 2, 0, 0), (298, 0, 0, 41), (7, 0, 310, 0), (305, 0, 0, 0)]).map {
        report, figures in
        var report = report
        report.lease = .zero
        report.counters[.memorySessions] = Int64(figures.0)
        report.counters[.memoryBytes] = Int64(figures.0 * 812)
        report.counters[.memoryEvicted] = Int64(figures.1)
        report.counters[.memoryHandedOver] = Int64(figures.2)
        report.counters[.memoryLost] = Int64(figures.3)
        if report.status == .draining {
            var drain = DrainReport()
            (drain.found, drain.left, drain.handedOver) = (317, figures.0, figures.2)
            drain.failures["web-04"] = "10.0.4.9:9180 can't be reached"
            report.drain = drain
        }
        if figures.3 > 0 || !report.isAlive(at: Fixture.now) { report.missing = missing }
        return report
    }

    private static let missing = ["alice@corp.example", "bob", nil, "作者", "svc-legacy"].enumerated().map {
        NodeReport.MissingSession(id: IDHash(hashing: "missing \($0)".utf8), user: $1)
    }

    /// A sample each five seconds of the last quarter of an hour.
    static let samples: [CounterSample] = reports.enumerated().flatMap { history($0.element, $0.offset) }

    private static func report(
        _ id: String, beat: Double, applied: Int64, latency: (Int, Int), status: NodeReport.Status = .up
    ) -> NodeReport {
        NodeReport(
            id: id, started: Fixture.now - .seconds(86_400), heartbeat: Fixture.now - .milliseconds(Int64(beat * 1000)),
            status: status, applied: FeedPosition(applied), lease: .seconds(2), counters: Counters(),
            latency: .init(p50: latency.0, p99: latency.1))
    }

    private static func history(_ node: NodeReport, _ index: Int) -> [CounterSample] {
        var counters = Counters()
        var samples: [CounterSample] = []
        for step in 0...180 {
            let ago = Int64(900 - step * 5)
            if node.id == "web-04", ago < 45 { break }
            // The second node began anew: its counters fell, and its cache was cold.
            let restart = node.id == "web-02" && ago <= 300
            if restart, ago == 300 { counters = Counters() }
            let isCold = restart && ago > 240
            let requests = Int64(1_900 + 170 * index + (step * 37) % 210)
            let misses = requests * (isCold ? 190 : Int64(12 + (step * (index + 3)) % 9)) / 1000
            counters[.requests] += requests
            counters[.served] += requests
            counters[.l1Entries] = 9_800 + Int64(index * 311)
            counters[.l1Bytes] = counters[.l1Entries] * 612
            counters[.l1EvictedByAge] += misses / 2
            counters[.l1Invalidated] += Int64(step % 3)
            counters[.touches] += requests / 40
            counters[.touchesThrottled] += requests - requests / 40
            counters[.saves] += requests / 90
            counters[.conflicts] += step % 60 == 7 ? 1 : 0
            counters[.l1Hit] += requests - misses
            counters[.l1Miss] += misses
            counters[.databaseHit] += misses * 98 / 100
            counters[.databaseMiss] += misses - misses * 98 / 100
            counters[.signIns] += Int64(8 + step % 5)
            counters[.signOuts] += Int64(2 + step % 3)
            counters[.refused] += Int64(step % 4)
            counters[.strayed] += node.id == "web-03" ? 2 : 0
            samples.append(
                CounterSample(
                    node: node.id, started: restart ? Fixture.now - .seconds(300) : node.started,
                    at: Fixture.now - .seconds(ago), counters: counters))
        }
        return samples
    }
}

/// An audit log whose chain holds.
enum FixtureAudit {
    private typealias Sketch = (Int64, String, AuditAction, String, Int, String, String?)

    private static let sketches: [Sketch] = [
        (90_000, "ops/jan", .revoke, "s:0c77ab1020ff", 1, "revoked 1", "left the company"),
        (14_000, "ops/jan", .reveal, "s:0c77ab1020ff", 1, "shown", "CS-118"),
        (7_000, "ops/jan", .extend, "s:0c77ab1020ff", 1, "extended 1", "CS-118"),
        (4_100, "auto/policy", .cutoff, "user:mallory\u{1B}[31m", 3, "revoked 3", "credential stuffing"),
        (900, "ops/mira", .export, "412 sessions", 412, "written", "INC-4471"),
        (120, "ops/mira", .dryRun, "user:svc-legacy", 1_284, "nothing changed", "INC-4471"),
        (36, "ops/mira", .revoke, "user:svc-legacy", 1_284, "revoked 1,280, alreadyRevoked 4", "INC-4471 作業"),
    ]

    static let entries: [AuditEntry] = sketches.reduce(into: []) { entries, sketch in
        entries.append(
            AuditEntry(
                number: Int64(entries.count + 1), at: Fixture.now - .seconds(sketch.0), actor: sketch.1,
                action: sketch.2,
                target: sketch.3, count: sketch.4, result: sketch.5, reason: sketch.6,
                outcomesDigest: IDHash(hashing: sketch.3.utf8).bytes,
                previous: entries.last?.hash ?? Array(repeating: 0, count: 32)))
    }
}
