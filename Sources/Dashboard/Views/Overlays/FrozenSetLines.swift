internal import Screen
internal import Sessions

/// What a dialog says of the sessions that it acts on: exactly those that it shows, whatever happens meanwhile.
struct FrozenSetLines {
    private let frozen: FrozenSet
    private let state: State
    private let glyphs: GlyphSet

    init(_ frozen: FrozenSet, state: State, glyphs: GlyphSet) {
        (self.frozen, self.state, self.glyphs) = (frozen, state, glyphs)
    }

    /// What is done, and where: the store stands in every dialog.
    static func title(_ verb: String, _ role: Role, _ state: State) -> [Span] {
        var spans = [
            Span(verb, role), Span("  on ", .dim),
            Span(state.store.name, state.store.isProtected ? .contextProduction : .title),
        ]
        if state.store.isProtected { spans.append(Span("  protected", .protected)) }
        return spans
    }

    /// What a revoke is for, in a line that every dialog has: how many sessions, and whose they are or what they match.
    static func subject(of dialog: RevokeDialog, columns: Int) -> String {
        guard case .rule = dialog.reach else { return dialog.frozen.subject(columns: columns) }
        let count = ", \(Format.count(dialog.frozen.count)) now"
        return switch dialog.frozen.source {
        case .user(let name): "every session of ".followed(by: name, count, columns: columns)
        default: "every session of everyone" + count
        }
    }

    /// How many of what.
    var figures: [[Span]] {
        guard frozen.count > 1 else { return [] }
        var parts = [
            figure("users", frozen.userCount), [Span("of all sessions ", .dim), Span(Format.percent(frozen.share))],
        ]
        if frozen.hiddenCount > 0 {
            parts.append([Span("not in the list ", .dim), Span(Format.count(frozen.hiddenCount), .flashWarn)])
        }
        let nodes = frozen.byNode.map { [Span("\($0.node ?? "no node") ", .dim), Span(Format.count($0.count))] }
        return [.joined(parts, by: .space(3)), .joined(nodes, by: .space(3))]
    }

    private func figure(_ name: String, _ count: Int) -> [Span] { [Span("\(name) ", .dim), Span(Format.count(count))] }

    /// How many were marked in vain.
    var ended: [Span] {
        let count = frozen.endedCount
        guard count > 0 else { return [] }
        return [Span("\(Format.count(count)) more \(count == 1 ? "has" : "have") ended already: left out", .dim)]
    }

    /// What has changed since the set was frozen.
    var drift: [Span] {
        let drift = frozen.drift
        guard !drift.isNone else { return [] }
        return [
            Span(
                "\(glyphs.warning) since then \(Format.count(drift.added)) new, \(Format.count(drift.gone)) gone",
                .flashWarn),
            Span("   Ctrl-F", .key), Span(" takes them in", .dim),
        ]
    }

    /// The sessions themselves, as many as there is room for, and which part of all of them that is.
    func list(
        from top: Int, room: Int, columns: Int, extra: (FrozenSet.Line) -> [Span] = { _ in [] }
    ) -> (lines: [[Span]], place: [Span]) {
        var scroll = Scroll(top: top, height: room, total: frozen.lines.count)
        let lines = frozen.lines[scroll.range].map { line($0, columns) + extra($0) }
        scroll.total = frozen.count
        return (lines, scroll.label(glyphs))
    }

    /// From here on there is room for the address, too.
    private static let wideLine = 66

    /// How long it lives yet, or how it has ended.
    private func timeLeft(_ line: FrozenSet.Line) -> String {
        let standing = line.standing(at: state.now.wall)
        guard standing == .live else { return standing.rawValue }
        if let end = line.deadlines.nearest { return Format.span(end.moment - state.now.wall) }
        return state.knowsDeadlines ? "never" : glyphs.unknown
    }

    private func line(_ line: FrozenSet.Line, _ columns: Int) -> [Span] {
        let left = timeLeft(line)
        let isWide = columns >= Self.wideLine
        var spans = [Span("  \(line.id.handle)  ")]
        spans += [Self.cell(state.owner(line.user, glyphs).text, isWide ? 16 : 12), Span("  ")]
        if isWide { spans += [Self.cell(line.ip ?? glyphs.unknown, 15), Span("  ")] }
        spans.append(Span(left.padded(leading: 6)))
        return spans
    }

    /// Text in exactly so many columns.
    private static func cell(_ text: String, _ columns: Int) -> Span {
        var grid = Grid(Size(columns: columns, rows: 1))
        grid.put(text, at: .zero, width: columns)
        let shown = grid.text
        return Span(shown + String(repeating: " ", count: max(0, columns - TextWidth.of(shown))))
    }
}

extension FrozenSet {
    /// How many sessions, and whose they are or what they match, in a line of so many columns.
    func subject(columns: Int) -> String {
        if count == 1 {
            let handle = "s:\(ids[0])"
            guard let user = lines.first?.user else { return handle }
            return "\(handle) (".followed(by: user, ")", columns: columns)
        }
        let sessions = Format.sessions(count)
        return switch source {
        case .sessions: sessions
        case .user(let name): "\(sessions) of ".followed(by: name, columns: columns)
        case .matching(let filter): "\(sessions) matching ".followed(by: filter, columns: columns)
        case .everyone: "\(sessions) of everyone"
        }
    }
}

extension String {
    /// With a name behind it, which is cut in its middle where it is too long for the columns, and what follows that.
    fileprivate func followed(by name: String, _ end: String = "", columns: Int) -> String {
        self + name.clippedInMiddle(to: columns - TextWidth.of(self) - TextWidth.of(end)) + end
    }
}
