internal import Screen
internal import Sessions

/// What became of a change: how far it came, and the outcome of each session.
enum ResultView {
    static func draw(_ state: State, job id: JobID, in area: Rect, on grid: inout Grid) {
        guard let job = state.jobs[id] else {
            let inside = grid.frame(area, title: [Span("Change", .title)])
            grid.write(
                [Span("this change is no longer remembered; see Audit", .dim)], in: inside.row(inside.rows / 3),
                align: .center)
            return
        }
        let (summary, list) = parts(area)
        drawSummary(job, state, in: summary, on: &grid)
        drawLines(job, state, in: list, on: &grid)
    }

    /// How many outcomes there is room for in an area.
    static func rows(in area: Rect) -> Int { TableDrawing.rows(in: parts(area).1) }

    /// How far the change came, and the outcomes under it.
    private static func parts(_ area: Rect) -> (Rect, Rect) { area.split(rows: min(area.rows / 2, 9)) }

    private static func drawSummary(_ job: Job, _ state: State, in area: Rect, on grid: inout Grid) {
        let glyphs = grid.glyphs
        let verb = "\(job.verb.prefix(1).uppercased())\(job.verb.dropFirst()) "
        let inside = grid.frame(area, title: [Span(verb, .title), Span(job.title)]).inset(columns: 1, rows: 0)
        let order = job.order
        let parts: [(label: String, value: [Span])] = [
            ("stage", JobProgress(job, now: state.now, glyphs: glyphs).stage), ("outcomes", counts(job)),
            ("nodes", nodes(job, glyphs)),
            (
                "ordered",
                [Span(Format.moment(order.at, seenAt: state.now.wall)), Span("  by ", .dim), Span(order.actor)]
            ),
            ("why", order.reason.map { [Span($0)] } ?? [Span("no reason was given", .dim)]),
        ]
        grid.write([Span].labelled(parts, in: inside.size), in: inside)
    }

    private static func counts(_ job: Job) -> [Span] {
        guard !job.counts.isEmpty else { return [Span("none yet", .dim)] }
        let ranked = job.counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
        let parts = ranked.map { word, count in
            [Span(Format.count(count)), Span(" \(job.word(word))", role(word, job.meaning))]
        }
        return .joined(parts, by: .space(3))
    }

    private static func nodes(_ job: Job, _ glyphs: GlyphSet) -> [Span] {
        let applied = job.appliedNodes.map { [Span("\(glyphs.done) \($0)", .flashInfo)] }
        let waiting = job.waitingNodes.map { [Span("\(glyphs.busy) \($0)", .flashWarn)] }
        let all = [Span].joined(applied + waiting, by: .space(2))
        return all.isEmpty ? [Span(glyphs.unknown, .dim)] : all
    }

    private static func role(_ word: String, _ meaning: RevokeMeaning) -> Role {
        switch word {
        case Job.cameBack where meaning == .unpins: .text
        case "revoked", "extended": .flashInfo
        case Job.cameBack, "failed", "refused": .flashError
        case "clipped": .flashWarn
        default: .text
        }
    }

    private static let rules = [
        ColumnRule(title: "", minimum: 1, maximum: 1), ColumnRule(title: "HANDLE", minimum: 12, maximum: 12),
        ColumnRule(title: "USER", minimum: 16, maximum: 40), ColumnRule(title: "OUTCOME", minimum: 15, maximum: 15),
        ColumnRule(title: "DETAIL", minimum: 10, maximum: 90, drop: 1),
    ]

    private static func drawLines(_ job: Job, _ state: State, in area: Rect, on grid: inout Grid) {
        let glyphs = grid.glyphs
        let scroll = Scroll(
            top: state.resultTop, height: TableDrawing.rows(in: area), total: job.lines.count,
            keeping: state.resultPlace)
        let more = job.done - job.lines.count
        let note = more > 0 && !job.lines.isEmpty ? [Span("and \(Format.count(more)) more", .dim)] : []
        var table = TableDrawing(rules: rules)
        let inside = grid.frame(
            area, title: [Span("Sessions ", .title), Span(Format.count(job.lines.count))], trailer: note,
            footer: table.footer(scroll, in: area, glyphs), isFocused: state.overlay == nil)
        table.rows = scroll.range.map { place in
            let line = job.lines[place]
            let outcome = OutcomeText(line.outcome, job.meaning, now: state.now.wall)
            return TableDrawing.Row(
                cells: [
                    .space(), Span("\(line.id.handle)"), state.owner(line.user, glyphs),
                    Span(job.word(outcome.word), role(outcome.word, job.meaning)), Span(outcome.detail),
                ], overlay: place == state.resultPlace ? .cursor : nil)
        }
        table.firstPlace = scroll.first
        table.draw(in: inside, on: &grid)
        if job.lines.isEmpty {
            grid.write(
                [Span("no outcomes yet", .dim)], in: inside.dropFirst(1 + (inside.rows - 1) / 3).row(0), align: .center)
        }
    }
}

/// What became of a session, in the word that programs go by and a few more.
struct OutcomeText {
    let word: String
    let detail: String

    init(_ outcome: Job.Outcome, _ meaning: RevokeMeaning, now: Timestamp) {
        switch outcome {
        case .cameBack where meaning == .unpins: (word, detail) = (Job.cameBack, "a request bound it to a server")
        case .cameBack: (word, detail) = (Job.cameBack, "it was revoked, and is live again")
        case .revoke(let outcome): (word, detail) = (outcome.word, Self.detail(outcome, now))
        case .extend(let outcome): (word, detail) = (outcome.word, Self.detail(outcome, now))
        }
    }

    private static func detail(_ outcome: RevokeOutcome, _ now: Timestamp) -> String {
        switch outcome {
        case .revoked, .notFound: return ""
        case .alreadyRevoked(let revocation):
            return revocation.map { "\(Format.relative($0.at, to: now)) by \($0.by)" } ?? ""
        case .expired(let at): return at.map { Format.relative($0, to: now) } ?? ""
        case .failed(let reason): return reason
        }
    }

    private static func detail(_ outcome: ExtendOutcome, _ now: Timestamp) -> String {
        switch outcome {
        case .extended(let old, let new):
            "\(Format.span(new - old)) more: \(Format.moment(old, seenAt: now)) to \(Format.moment(new, seenAt: now))"
        case .clipped(let old, let new):
            "\(Format.span(new - old)) more, only to the absolute deadline: \(Format.moment(new, seenAt: now))"
        case .unchanged(let deadline):
            deadline.map { "it stands at \(Format.moment($0, seenAt: now)) already" } ?? "it never ends by itself"
        case .refused(let state): "it is \(state.rawValue), and an extend never revives"
        case .notFound: ""
        case .failed(let reason): reason
        }
    }
}
