internal import Screen
internal import Sessions

/// What a dialog says of the sessions that it acts on: exactly those that it shows, whatever happens meanwhile.
struct FrozenSetLines {
    private let frozen: FrozenSet
    private let glyphs: GlyphSet

    init(_ frozen: FrozenSet, glyphs: GlyphSet) { (self.frozen, self.glyphs) = (frozen, glyphs) }

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
        // Of marked ones a warning tells that.
        if frozen.hiddenCount > 0, !frozen.areMarked {
            parts.append([Span("not in the list ", .dim), Span(Format.count(frozen.hiddenCount), .flashWarn)])
        }
        let nodes = frozen.byNode.map { [Span("\($0.node ?? "no node") ", .dim), Span(Format.count($0.count))] }
        return [.joined(parts, by: .space(3)), .joined(nodes, by: .space(3))]
    }

    private func figure(_ name: String, _ count: Int) -> [Span] { [Span("\(name) ", .dim), Span(Format.count(count))] }

    /// That marked sessions are meant which the list doesn't show, where one looks at another row.
    ///
    /// - Parameters:
    ///   - list: the list, as it stands behind the dialog.
    ///   - columns: what there is room for in a line.
    /// - Returns: the lines; none where all of them are in sight.
    func hidden(by list: SessionList, columns: Int) -> [[Span]] {
        guard frozen.areMarked, frozen.hiddenCount > 0 else { return [] }
        let (count, hidden) = (Format.count(frozen.count), Format.count(frozen.hiddenCount))
        // A user's or a node's list leaves others out by itself.
        let isFiltered = list.scope == .all && !list.filter.text.isEmpty
        let sessions = frozen.count == 1 ? "1 marked session" : "\(count) marked sessions"
        var what = "\(glyphs.warning) "
        what +=
            frozen.hiddenCount == frozen.count
            ? "\(sessions) that \(isFiltered ? "the filter hides" : "this list doesn't show")"
            : "\(sessions), \(hidden) of them \(isFiltered ? "hidden by the filter" : "not in this list")"
        guard frozen.sparesCursor else { return [[Span(what, .flashWarn)]] }
        let other = "not the row under the cursor"
        let whole = "\(what); \(other)"
        if TextWidth.of(whole) <= columns { return [[Span(whole, .flashWarn)]] }
        return [[Span("\(what);", .flashWarn)], [Span("  \(other)", .flashWarn)]]
    }

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
        let (added, gone) = (Format.count(drift.added), Format.count(drift.gone))
        // What a filter no longer matches may live on.
        let hasEnded = if case .matching = frozen.source { false } else { true }
        guard hasEnded, drift.added == 0 else {
            return [
                Span("\(glyphs.warning) since then \(added) new, \(gone) \(hasEnded ? "ended" : "gone")", .flashWarn),
                Span("   Ctrl-R", .key), Span(" takes them in", .dim),
            ]
        }
        let (has, them) = drift.gone == 1 ? ("has", "it") : ("have", "them")
        return [
            Span("\(glyphs.warning) \(gone) \(has) ended since then", .flashWarn),
            Span("   Ctrl-R", .key), Span(" leaves \(them) out", .dim),
        ]
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
