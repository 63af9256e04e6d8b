import Sessions

/// What `stats` tells of a store, at a moment.
struct StatsReport: Sendable {
    /// The store.
    let store: StoreDescription
    /// Its counts.
    let counts: StoreStatistics
    /// What nodes last published, by name.
    let nodes: [NodeReport]
    /// The nodes' tiers over the last minute.
    let tiers: [TierWindow]
    /// The moment.
    let now: Timestamp

    /// How far back rates are taken.
    static let window = Duration.seconds(60)

    /// Reads a store's figures.
    init(of directory: any SessionDirectory, at now: Timestamp) async throws {
        store = directory.description
        self.now = now
        counts = try await directory.statistics(at: now)
        nodes = try await directory.nodes().sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        // The last sample before the window, and each node's newest figures beyond its last sample.
        let kept = try await directory.samples(since: now - Self.window - .seconds(10))
        let newest = nodes.map {
            CounterSample(node: $0.id, started: $0.started, at: $0.heartbeat, counters: $0.counters)
        }
        let samples = (kept + newest).enumerated().sorted {
            ($0.element.at, $0.offset) < ($1.element.at, $1.offset)
        }
        tiers = TierWindow.windows(samples.map(\.element), over: Self.window, until: now)
    }

    /// The report as a line of JSON.
    var json: JSONValue {
        [
            "store": .string(StoreURL(store.url)?.description ?? store.url),
            "layout": .string(store.layout),
            "sessions": .integer(counts.sessions),
            "users": .integer(counts.users),
            "anonymous": .integer(counts.anonymous),
            "withoutExpiry": deadlines(counts.withoutExpiry),
            "expiring": ["5m": deadlines(counts.expiringIn5Minutes), "1h": deadlines(counts.expiringIn1Hour)],
            "tiers": .array(tiers.map(\.json)),
            "revoked": .integer(counts.revoked),
            "expired": .integer(counts.expired),
            "payloadBytes": .integer(counts.payloadBytes),
            "software": .string(store.software),
            "nodes": .array(nodes.map { $0.json(at: now) }),
        ]
    }

    /// A count of deadlines; `null` where the store doesn't tell any.
    private func deadlines(_ count: Int) -> JSONValue { counts.knowsDeadlines ? .integer(count) : .null }

    /// Prints the report for people.
    func print(to output: Output) throws {
        var figures = TextTable([.init(heading: "NAME"), .init(heading: "VALUE")], output: output)
        for (name, value) in json.leaves where !name.hasPrefix("tiers") && !name.hasPrefix("nodes") {
            try figures.add([name, value])
        }
        try figures.finish()
        try print("tiers", Self.tierColumns, tiers.map(\.json), to: output)
        try print("nodes", Self.nodeColumns, nodes.map { $0.json(at: now) }, to: output)
    }

    private func print(_ name: String, _ columns: [RecordColumn], _ rows: [JSONValue], to output: Output) throws {
        try output.line("")
        var printer = try RecordPrinter(columns, format: .table, output: output)
        for row in rows { try printer.print(row) }
        try printer.finish()
    }

    private static let tierColumns = [
        RecordColumn("tier", heading: "TIER"), RecordColumn("scope", heading: "SCOPE"),
        RecordColumn("hits", heading: "HITS", .number), RecordColumn("misses", heading: "MISSES", .number),
        RecordColumn("hitRate", heading: "HIT RATE", .number), RecordColumn("window", heading: "WINDOW", .duration),
    ]
    private static let nodeColumns = [
        RecordColumn("node", heading: "NODE"), RecordColumn("status", heading: "STATUS"),
        RecordColumn("heartbeat", heading: "HEARTBEAT", .time), RecordColumn("started", heading: "STARTED", .time),
        RecordColumn("applied", heading: "APPLIED", .number),
    ]
}

extension TierWindow {
    /// A row of `tiers`.
    var json: JSONValue {
        [
            "tier": .string(tier.rawValue), "scope": .string("node \(node)"), "hits": .integer(hits),
            "misses": .integer(misses), "hitRate": .ratio(hitRate), "window": .seconds(span),
        ]
    }
}

extension NodeReport {
    /// A row of `nodes`.
    func json(at now: Timestamp) -> JSONValue {
        let members: [JSONValue.Member] = [
            .init("node", .string(id)), .init("status", .string(statusWord(at: now))),
            .init("heartbeat", .time(heartbeat)), .init("started", .time(started)),
            .init("applied", .integer(applied?.value)),
        ]
        return .object(members + (server?.members ?? []))
    }

    /// What it says of itself, or `down` where it has fallen silent.
    func statusWord(at now: Timestamp) -> String {
        status.isTakenOut || isAlive(at: now) ? status.rawValue : "down"
    }
}

extension BalancedServer {
    /// What a row of `nodes` adds where a balancer tells of the node.
    var members: [JSONValue.Member] {
        [
            .init("backend", .string(backend)), .init("address", .string(address)), .init("weight", .integer(weight)),
            .init("pinned", .integer(pinned)), .init("requests", .integer(current)), .init("queued", .integer(queued)),
            .init("perSecond", .integer(perSecond)), .init("errors", .integer(errors)), .init("since", .seconds(since)),
            .init("lastPinEnds", .time(lastPinEnds)),
        ]
    }
}
