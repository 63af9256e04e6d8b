internal import Screen
internal import Sessions

/// A session in detail as lines: identity, deadlines, where from, where it lies, what it holds.
struct SessionDetailLines {
    private let session: InspectedSession
    private let readAt: Moment
    private let state: State
    private let glyphs: GlyphSet
    private let width: Int
    /// The columns of the labels: the store may have longer ones than ours.
    private let label: Int

    init(_ session: InspectedSession, readAt: Moment, state: State, glyphs: GlyphSet, width: Int) {
        (self.session, self.readAt, self.state, self.glyphs, self.width) = (session, readAt, state, glyphs, width)
        label = session.detail.location.reduce(11) { max($0, min(20, TextWidth.of($1.name, limit: 20) + 1)) }
    }

    /// What the list knows of a session that the store doesn't show.
    init(_ row: SessionRow, state: State, glyphs: GlyphSet, width: Int) {
        let detail = SessionDetail(row: row, namespace: "", location: [])
        self.init(
            InspectedSession(detail: detail, payload: .none), readAt: state.now, state: state, glyphs: glyphs,
            width: width)
    }

    /// All of them; or, where the raw record is asked for, what lies in the store and the payload alone.
    var lines: [[Span]] {
        joined(state.inspector.isRaw ? [place, payload] : [identity, times, origin, family, place, payload])
    }

    /// Those that a list's row has.
    var ofRow: [[Span]] { joined([identity, times, origin]) }

    private func joined(_ parts: [[[Span]]]) -> [[Span]] {
        parts.filter { !$0.isEmpty }.joined(separator: [[]]).flatMap { line in
            line.wrapped(columns: width, indent: min(label, width / 2), limit: 4)
        }
    }

    private var row: SessionRow { session.detail.row }
    private var now: Timestamp { state.now.wall }

    private func line(_ name: String, _ value: [Span]) -> [Span] { [Span(name.padded(self.label), .dim)] + value }

    private func text(_ label: String, _ value: String?) -> [Span] {
        line(label, value.map { [Span($0)] } ?? [Span(glyphs.unknown, .dim)])
    }

    private var identity: [[Span]] {
        let standing = SessionStanding(row, at: now, knowsDeadlines: state.knowsDeadlines)
        var lines = [
            line("handle", [Span("s:\(row.id.handle)", .title)]),
            line("user", [state.owner(row.user, glyphs)]),
            line("state", [Span("\(standing.sign(glyphs)) \(standing.word)", standing.role)] + ending),
        ]
        if let tenant = session.detail.tenant { lines.append(text("tenant", tenant)) }
        if let client = session.detail.client { lines.append(text("client", client)) }
        return lines
    }

    /// Who ended it, when and why.
    private var ending: [Span] {
        guard let revocation = session.detail.revocation else { return [] }
        var spans = [Span("  \(Format.relative(revocation.at, to: now)) by ", .dim), Span(revocation.by)]
        if let reason = revocation.reason { spans += [Span("  because ", .dim), Span(reason)] }
        return spans
    }

    private var times: [[Span]] {
        let nearest = row.deadlines.nearest?.kind
        var lines = [moment("created", row.created), moment("last seen", row.seen)]
        if let signedIn = session.detail.authenticated { lines.insert(moment("signed in", signedIn), at: 1) }
        lines.append(deadline("idle until", row.deadlines.idle, isFirst: nearest == .idle))
        lines.append(deadline("at most to", row.deadlines.absolute, isFirst: nearest == .absolute))
        return lines
    }

    private func moment(_ label: String, _ moment: Timestamp?) -> [Span] {
        guard let moment else { return text(label, nil) }
        return line(
            label, [Span(Format.moment(moment, seenAt: now)), Span("  \(Format.relative(moment, to: now))", .dim)])
    }

    private func deadline(_ label: String, _ moment: Timestamp?, isFirst: Bool) -> [Span] {
        guard let moment else {
            return state.knowsDeadlines ? line(label, [Span("no limit", .stateAnomalous)]) : text(label, nil)
        }
        let standing = SessionStanding(row, at: now)
        let role: Role = isFirst && standing.kind == .ending ? .stateExpiring : .text
        var spans = [
            Span(Format.moment(moment, seenAt: now)), Span("  "),
            Span(Format.relative(moment, to: now), isFirst ? role : .dim),
        ]
        if isFirst, !standing.hasEnded { spans.append(Span("  \(glyphs.pointer) ends it first", role)) }
        return line(label, spans)
    }

    private var origin: [[Span]] {
        let agent = row.agent.map { agent -> [[Span]] in
            let summary = AgentSummary(agent).text
            return summary == agent ? wrapped("agent", agent) : [text("browser", summary)] + wrapped("agent", agent)
        }
        return [text("address", row.ip)] + (agent ?? [text("agent", nil)]) + [text("node", row.node)]
    }

    private var family: [[Span]] {
        guard let report = session.family else { return [] }
        let lines = FamilyLines(report, revocation: session.detail.revocation, now: now, glyphs: glyphs)
        return lines.parts.flatMap { part in
            part.text.map { wrapped(part.name, $0) } ?? [line(part.name, part.spans)]
        }
    }

    private var place: [[Span]] {
        var lines = [text("store", state.store.description.software), text("layout", state.store.description.layout)]
        for (name, value) in session.detail.location { lines += wrapped(name, value) }
        if let count = row.byteCount { lines.append(text("size", Format.bytes(count))) }
        if let version = session.detail.version { lines.append(text("version", "\(version)")) }
        let age = max(.zero, state.now.since(readAt))
        lines.append(line("read", [Span("\(Format.span(age)) ago", .dim)]))
        return lines
    }

    private var payload: [[Span]] {
        let isRevealed = state.inspector.revealedUntil.map { $0 > state.now.monotonic } ?? false
        switch session.payload {
        case .none: return [line("payload", [Span("none, or the store can't show it", .dim)])]
        case .sealed(let why): return [line("payload", [Span("sealed", .protected), Span("  \(why)", .dim)])]
        case .open(let masked, let full):
            let note = isRevealed ? Span("in full", .flashWarn) : Span("secrets masked, M shows them", .dim)
            return [line("payload", [note])] + (isRevealed ? full : masked).map { [Span("  "), Span($0)] }
        }
    }

    /// A long value over a few lines, broken anywhere.
    private func wrapped(_ label: String, _ value: String) -> [[Span]] {
        let room = max(8, width - max(self.label, label.utf8.count + 1))
        let pieces = TextPieces(value, width: room, limit: 4).pieces
        let head = line(label.utf8.count < self.label ? label : label + " ", [Span(pieces.first ?? "")])
        return [head] + pieces.dropFirst().map { line("", [Span($0)]) }
    }
}
