import Sessions
import Synchronization

/// How a demo went: what `--headless` prints at the end.
struct DemoSummary: Sendable {
    /// What the clients met with.
    var tally: Tally
    /// What was found from outside.
    var findings: RevocationAudit.Findings
    /// The nodes' look-ups of the last minute, as `stats` tells them.
    var tiers: [TierWindow]

    /// One object.
    var json: JSONValue {
        [
            "requests": .integer(tally.requests), "errors": .integer(tally.errors), "refused": .integer(tally.refused),
            "served": .integer(tally.served), "servedAfterEffective": .integer(findings.servedAfterEffective),
            "conflicts": .integer(tally.conflicts), "tiers": .array(tiers.map(\.json)), "latency": latency,
            "revocations": [
                "seen": .integer(findings.entries), "servedBeforeEffective": .integer(findings.servedBeforeEffective),
                "sessionsRefused": .integer(findings.sessionsRefused),
            ],
        ]
    }

    private var latency: JSONValue {
        [
            "p50": Self.milliseconds(tally.latency.percentile(0.5)),
            "p99": Self.milliseconds(tally.latency.percentile(0.99)),
            "max": Self.milliseconds(tally.latency.count > 0 ? tally.latency.longest : nil),
        ]
    }

    /// A thousand times as many seconds are as many milliseconds: the same digits.
    private static func milliseconds(_ duration: Duration?) -> JSONValue { .seconds(duration.map { $0 * 1000 }) }
}

extension DemoFleet {
    /// How it went so far.
    ///
    /// - Throws: ``SessionsError`` where the store gives no answer.
    func summary() async throws -> DemoSummary {
        let own = Set(names)
        let tiers = try await StatsReport(of: store, at: time.wall()).tiers.filter { own.contains($0.node) }
        return state.withLock { DemoSummary(tally: $0.tally, findings: $0.audit.findings, tiers: tiers) }
    }
}
