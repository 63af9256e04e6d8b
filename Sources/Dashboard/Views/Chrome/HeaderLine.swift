internal import Screen
internal import Sessions

/// The first line: which store, whether it answers, whether it can be changed, and the figures to keep an eye on.
enum HeaderLine {
    static func draw(_ state: State, in area: Rect, on grid: inout Grid) {
        let glyphs = grid.glyphs
        var line = SegmentLine(gap: area.columns >= 110 ? 3 : 2)
        // What differs in names of one kind is their end.
        let name = state.store.name.clippedInMiddle(to: max(16, area.columns / 3))
        line.add([Span(name, state.store.isProtected ? .contextProduction : .title)], rank: 0)
        line.add(health(state, glyphs), rank: 0)
        if state.polling.isPaused { line.add([Span("PAUSED", .flashWarn)], rank: 0) }
        line.add(mode(state), rank: 0)
        line.add(sessions(state), rank: 1)
        line.add(hits(state, width: area.columns, glyphs), rank: 4)
        if let counts = state.statistics.latest {
            if state.store.capabilities.owners.isPossible {
                line.add([Span("users ", .dim), Span(Format.count(counts.users))], rank: 6)
            }
            line.add(expiring(counts), rank: 5)
        }
        if state.store.description.url != state.store.name {
            line.add([Span(state.store.description.url, .dim)], rank: 8)
        }
        line.add([Span(state.policy.actor, .dim)], rank: 9)
        line.add(pace(state), rank: 3, isRight: true)
        line.add([Span(Format.clock(state.now.wall) + "Z", .dim)], rank: 2, isRight: true)
        line.draw(in: area.inset(columns: 1, rows: 0), on: &grid)
    }

    /// A sign, a word and a colour for how the connection stands.
    static func health(_ state: State, _ glyphs: GlyphSet) -> [Span] {
        switch state.health {
        case .connecting: [Span("\(glyphs.busy) connecting", .stateIdle)]
        case .good: [Span("\(glyphs.good) ok", .stateActive)]
        case .slow(let duration): [Span("\(glyphs.busy) slow \(Format.span(duration))", .flashWarn)]
        case .lost(nil): [Span("\(glyphs.ended) no answer", .flashError)]
        case .lost(let age?): [Span("\(glyphs.ended) lost, data \(Format.span(age)) old", .flashError)]
        }
    }

    private static func mode(_ state: State) -> [Span] {
        state.policy.isReadOnly ? [Span("RO", .protected)] : [Span("RW", state.store.isProtected ? .danger : .title)]
    }

    private static func sessions(_ state: State) -> [Span] {
        let count = state.statistics.latest.map { Format.count($0.sessions) } ?? Format.unknown
        return [Span(count), Span(" sessions", .dim)]
    }

    private static func expiring(_ counts: StoreStatistics) -> [Span] {
        let role: Role = counts.expiringIn5Minutes > 0 ? .stateExpiring : .text
        return [Span("expiring<5m ", .dim), Span(Format.count(counts.expiringIn5Minutes), role)]
    }

    /// The part of requests that the nodes answered themselves, over the last minute, and its history.
    private static func hits(_ state: State, width: Int, _ glyphs: GlyphSet) -> [Span] {
        let window = CounterWindow(
            state.fleet.histories, window: RateWindow.minute.duration, now: state.now.wall, names: Tier.l1.lookups)
        let rate = HitRate(.l1, in: window)
        guard rate.lookups > 0 || !state.fleet.samples.isEmpty else { return [] }
        return [Span("L1 hit ", .dim), rate.ratio.map { .hitRate($0) } ?? Span(glyphs.unknown, .dim)]
            + history(state, columns: width >= 160 ? 24 : width >= 116 ? 12 : 0, glyphs)
    }

    /// Less of a history is none.
    private static let fewestValues = 3

    private static func history(_ state: State, columns: Int, _ glyphs: GlyphSet) -> [Span] {
        guard columns > 0 else { return [] }
        let history = HitHistory(
            state.fleet.histories, tier: .l1, steps: columns, span: state.graphSpan.duration,
            now: state.now.wall)
        // The time before anything was counted would look like a hole in the line.
        let values = Array(history.values.drop { !$0.isFinite })
        guard values.count >= fewestValues else { return [] }
        return [.space()]
            + .sparkline(
                values, columns: values.count, range: history.range, role: .graphHit, colors: 0...1, glyphs: glyphs)
    }

    private static func pace(_ state: State) -> [Span] {
        guard state.followsChanges else { return [Span(reading(state), .dim)] }
        let interval = state.polling.interval
        return [
            Span("every " + (interval < .seconds(1) ? "\(interval.wholeMilliseconds)ms" : Format.span(interval)), .dim)
        ]
    }

    /// When the rows were last read to their end: where the store doesn't tell what changed, they are as old as that.
    private static func reading(_ state: State) -> String {
        if let completed = state.polling.completed {
            return "read \(Format.span(state.now.monotonic - completed)) ago"
        }
        return state.polling.loading.isReading ? "reading" : "read in part"
    }
}

extension State {
    /// Whether what is on the screen is older than it should be.
    var isStale: Bool {
        if case .lost = health { true } else { false }
    }
}
