internal import Screen
internal import Sessions

extension State {
    /// Whether nodes count here, or could: other frameworks' don't, and a balancer's servers count what ``ServerRow`` shows.
    var hasCounters: Bool {
        guard store.capabilities.nodes.isPossible else { return false }
        return !fleet.samples.isEmpty || !fleet.nodes.contains { $0.server != nil }
    }
}

/// The boxes of figures in the statistics, as lines.
///
/// What isn't known is `–`.
struct StatsFigures {
    private let state: State
    private let glyphs: GlyphSet
    private let windows: [CounterWindow]

    private static let names: [Counters.Name] =
        Tier.counted.flatMap(\.lookups) + [.requests, .refused, .errors, .signIns, .signOuts]

    init(state: State, glyphs: GlyphSet) {
        (self.state, self.glyphs) = (state, glyphs)
        windows = RateWindow.allCases.map {
            CounterWindow(
                state.fleet.histories, window: $0.duration, now: state.now.wall, names: Self.names)
        }
    }

    /// Whether nodes look sessions up in a shared cache: then the hit rates have a row more.
    var hasL2: Bool { Tier.l2.isAsked(in: windows) }

    /// A row a tier, a column a window.
    func hitRates(_ width: Int) -> [[Span]] {
        let column = max(7, min(14, (width - 10) / 3))
        func cell(_ text: String, _ role: Role) -> Span { Span(text.padded(leading: column), role) }
        let heading = [Span("".padded(10))] + RateWindow.allCases.map { cell($0.label, .header) }
        let tiers = Tier.counted.filter { $0.isAsked(in: windows) }.map { tier in
            [Span(tier.title.padded(10), .dim)]
                + windows.map { window in
                    let rate = HitRate(tier, in: window)
                    return rate.ratio.map { .hitRate($0, width: column) } ?? cell(rate.text, .dim)
                }
        }
        let requests = [Span("requests".padded(10), .dim)] + windows.map { cell(rate($0, .requests), .text) }
        return [heading] + tiers + [requests]
    }

    private func rate(_ window: CounterWindow, _ name: Counters.Name) -> String {
        window.rate(name).map(Format.rate) ?? glyphs.unknown
    }

    /// How many there are, and how many come and go.
    func sessions(_ width: Int) -> [[Span]] {
        let counts = state.statistics.latest
        func figure(_ name: String, _ value: Int?, _ role: Role = .text) -> [Span] {
            [Span(value.map(Format.count) ?? glyphs.unknown, role), Span(" \(name)", .dim)]
        }
        let isTold = state.store.capabilities.owners.isPossible
        let minute = windows[1]
        func flow(_ name: String, _ counter: Counters.Name, _ role: Role = .text) -> [Span] {
            [Span("\(name) ", .dim), Span(rate(minute, counter), minute[counter] > 0 ? role : .text)]
        }
        let endless = counts.flatMap { $0.knowsDeadlines ? $0.withoutExpiry : nil }
        let payloads = counts.map { [Span("payloads ", .dim), Span(Format.bytes($0.payloadBytes))] } ?? []
        // What such a store never tells isn't asked after.
        let lines: [[Span]] = [
            .joined([figure("live", counts?.sessions), isTold ? figure("users", counts?.users) : []], by: .space(3)),
            .joined(
                [
                    isTold ? figure("anonymous", counts?.anonymous) : [],
                    figure("without an end", endless, endless ?? 0 > 0 ? .stateAnomalous : .text),
                ], by: .space(3)),
        ]
        guard state.hasCounters else { return lines + [payloads] }
        return lines + [
            [Span].joined([flow("in", .signIns), flow("out", .signOuts), flow("refused", .refused)], by: .space(2)),
            [Span].joined([flow("errors", .errors, .flashError), payloads], by: .space(2)),
        ]
    }

    /// When the live sessions end unless they are used.
    func timesToLive(_ width: Int) -> [[Span]] {
        guard let counts = state.statistics.latest else { return [[Span("not counted yet", .dim)]] }
        guard counts.knowsDeadlines else { return [[Span("this store doesn't tell", .dim)]] }
        let soon = counts.expiringIn5Minutes
        let hour = max(0, counts.expiringIn1Hour - soon)
        let later = max(0, counts.sessions - counts.expiringIn1Hour - counts.withoutExpiry)
        let rows: [(String, Int, Role)] = [
            ("< 5m", soon, .stateExpiring), ("< 1h", hour, .stateActive), ("later", later, .stateActive),
            ("never", counts.withoutExpiry, .stateAnomalous),
        ]
        let bar = max(0, width - 6 - 10)
        return rows.map { label, count, role in
            let share = counts.sessions > 0 ? Double(count) / Double(counts.sessions) : 0
            let drawn = Bar.text(share, columns: bar, glyphs: glyphs)
            let blank = bar - TextWidth.of(drawn)
            return [
                Span(label.padded(6), .dim), Span(drawn, role), .space(blank),
                Span(Format.count(count).padded(leading: 10)),
            ]
        }
    }

    /// Commands and bytes where the store counts them, else what was asked.
    private var cost: [Span] {
        let tool = Span("this tool ", .dim)
        guard let commands = state.cost.commandsPerSecond(at: state.now) else {
            return [
                tool, Span(Format.rate(state.cost.operationsPerSecond(at: state.now))), Span(" asked  ", .dim),
                Span(Format.rate(state.cost.rowsPerSecond(at: state.now))), Span(" rows", .dim),
            ]
        }
        let line = [tool, Span(Format.rate(commands)), Span(" commands", .dim)]
        guard let bytes = state.cost.bytesPerSecond(at: state.now) else { return line }
        return line + [Span("  \(SizeText.short(Int(bytes)))/s")]
    }

    /// How fast the store answers, and what this tool costs it.
    func store(_ width: Int) -> [[Span]] {
        let latencies = state.statistics.points.values.suffix(max(8, width - 16)).map {
            $0.latency.map { Double($0.microseconds) } ?? .nan
        }
        let latest = state.connection.latency.map { Format.latency(microseconds: $0.microseconds) } ?? glyphs.unknown
        let spark = max(0, min(40, width - 17))
        let nodes = state.fleet.nodes.filter { $0.isAlive(at: state.nodesMoment) }
        let worst = nodes.max { $0.latency?.p99 ?? -1 < $1.latency?.p99 ?? -1 }
        var slow: [Span] = [Span("slowest   ", .dim), Span(glyphs.unknown)]
        if let slowest = state.cost.slowest {
            slow = [
                Span("slowest   ", .dim), Span(Format.latency(microseconds: slowest.duration.microseconds)),
                Span("  \(slowest.name)", .dim),
            ]
        }
        let node = [
            Span("node p99  ", .dim),
            Span(worst?.latency.map { Format.latency(microseconds: $0.p99) } ?? glyphs.unknown),
            Span(worst.map { "  the slowest, \($0.id)" } ?? "", .dim),
        ]
        let poll: [Span] =
            [Span("poll      ", .dim), Span(latest.padded(6)), .space()]
            + [Span].sparkline(latencies, columns: spark, role: .graphLatency, glyphs: glyphs)
        return [poll] + (state.hasCounters ? [node] : []) + [cost, slow]
    }
}
