import Screen
import Sessions

/// A report in the text format of OpenMetrics 1.0.
struct OpenMetrics {
    /// Its lines; the last is the mark of the end.
    private(set) var lines: [String] = []

    /// Puts a report into families of metrics.
    init(_ report: StatsReport) {
        let counts = report.counts
        gauge("sessions", "Live sessions.", [([], counts.sessions)])
        gauge("users", "Users with a live session.", [([], counts.users)])
        gauge("sessions_anonymous", "Live sessions without a user.", [([], counts.anonymous)])
        if counts.knowsDeadlines { addDeadlines(counts) }
        gauge(
            "sessions_ended", "Sessions that have ended and are kept on record.",
            [([("state", "revoked")], counts.revoked), ([("state", "expired")], counts.expired)])
        gauge("payload_bytes", "The payloads of live sessions together.", unit: "bytes", [([], counts.payloadBytes)])
        add(report.tiers)
        add(report.nodes, at: report.now)
        lines.append("# EOF")
    }

    private mutating func addDeadlines(_ counts: StoreStatistics) {
        gauge("sessions_without_expiry", "Live sessions that never end by themselves.", [([], counts.withoutExpiry)])
        gauge(
            "sessions_expiring", "Live sessions that end soon unless they are used.",
            [([("within", "5m")], counts.expiringIn5Minutes), ([("within", "1h")], counts.expiringIn1Hour)])
    }

    private mutating func add(_ tiers: [TierWindow]) {
        func labels(_ tier: TierWindow) -> [(String, String)] { [("tier", tier.tier.rawValue), ("node", tier.node)] }
        gauge("tier_hits", "Look-ups answered, over the last minute.", tiers.map { (labels($0), $0.hits) })
        gauge("tier_misses", "Look-ups not answered, over the last minute.", tiers.map { (labels($0), $0.misses) })
        gauge(
            "tier_hit_ratio", "The share of look-ups answered, over the last minute.", unit: "ratio",
            tiers.compactMap { tier in tier.hitRate.map { (labels(tier), JSONValue.ratio($0)) } })
    }

    private mutating func add(_ nodes: [NodeReport], at now: Timestamp) {
        gauge(
            "node_up", "Whether the node gives signs of life.",
            nodes.map { ([("node", $0.id)], $0.isAlive(at: now) ? 1 : 0) })
        gauge(
            "node_feed_position", "How far it has applied the feed.",
            nodes.compactMap { node in node.applied.map { ([("node", node.id)], $0.value) } })
        for name in Counters.Name.allCases where !name.onlyGrows && name != .feedMark {
            let metric = "node_" + name.rawValue.map { $0 == "." ? "_" : String($0) }.joined()
            gauge(metric, "What the node holds now.", nodes.map { ([("node", $0.id)], $0.counters[name]) })
        }
        family("node_events", "counter", "What the node has counted since it started.")
        for node in nodes {
            for name in Counters.Name.allCases where name.onlyGrows {
                sample("node_events_total", [("node", node.id), ("event", name.rawValue)], node.counters[name])
            }
        }
    }

    private mutating func gauge(
        _ name: String, _ help: String, unit: String? = nil, _ samples: [(labels: [(String, String)], value: some Any)]
    ) {
        family(name, "gauge", help, unit: unit)
        for (labels, value) in samples { sample(name, labels, value) }
    }

    private mutating func family(_ name: String, _ type: String, _ help: String, unit: String? = nil) {
        lines.append("# TYPE sessiontop_\(name) \(type)")
        if let unit { lines.append("# UNIT sessiontop_\(name) \(unit)") }
        lines.append("# HELP sessiontop_\(name) \(help)")
    }

    private mutating func sample(_ name: String, _ labels: [(String, String)], _ value: some Any) {
        let pairs = labels.map { "\($0)=\"\(Self.escaped($1))\"" }.joined(separator: ",")
        lines.append("sessiontop_\(name)\(pairs.isEmpty ? "" : "{\(pairs)}") \(value)")
    }

    /// Nothing that acts on a terminal, and the two characters that would end a label.
    private static func escaped(_ text: String) -> String {
        var result = ""
        for character in Escaping.text(text).unicodeScalars {
            if character == "\\" || character == "\"" { result += "\\" }
            result.unicodeScalars.append(character)
        }
        return result
    }
}
