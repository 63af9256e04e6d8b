internal import Screen
internal import Sessions

/// The entry of the audit log that is opened: what it says, then each session with what became of it, in lines that
/// scroll.
///
/// Every session has its place before the store has told of it: where one scrolls to doesn't move when it does.
struct EnlargedEntry {
    private let title: [Span]
    private let facts: [[Span]]
    private let told: [AuditOutcome]
    /// How many sessions have a place.
    private let total: Int
    /// How many more there are.
    private let more: Int
    /// How many sessions stand in a line.
    private let sessionsInLine: Int

    /// Lines that what an entry says takes at most.
    private static let factLines = 100
    /// Columns of an outcome: most words are known.
    private static let wordColumns = 15
    /// Columns of a session: its handle, what became of it, and blanks behind both.
    private static let sessionColumns = 12 + 1 + wordColumns + 2

    init(_ entry: AuditEntry, _ state: State, columns: Int, _ glyphs: GlyphSet) {
        title = AuditView.title(of: entry)
        facts = [Span].labelled(
            AuditView.facts(of: entry, state, glyphs), in: Size(columns: columns, rows: Self.factLines))
        let outcomes = state.audit.outcomes.flatMap { $0.number == entry.number ? $0 : nil }
        told = outcomes?.first ?? []
        let all = outcomes?.next == nil ? told.count : max(entry.count, told.count)
        total = min(all, AuditLog.outcomeBound)
        more = told.isEmpty ? 0 : max(entry.count, all) - total
        sessionsInLine = max(1, (columns - [Span].labelColumns) / Self.sessionColumns)
    }

    /// The lines of the sessions.
    private var sessionLines: Int { (total + sessionsInLine - 1) / sessionsInLine }

    /// How many lines there are.
    var height: Int { facts.count + sessionLines + (more > 0 ? 1 : 0) }

    /// Where its lines stand in its frame.
    static func text(in area: Rect) -> Rect { area.inset(columns: 2, rows: 1) }

    /// How many sessions must have been told of for so many lines to be shown, from one on.
    func sessionsNeeded(from top: Int, rows: Int) -> Int {
        let end = Scroll(top: top, height: rows, total: height).end
        return min(max(0, end - facts.count) * sessionsInLine, total)
    }

    /// Draws it from a line on.
    func draw(from top: Int, in area: Rect, isFocused: Bool, on grid: inout Grid) {
        let glyphs = grid.glyphs
        let text = Self.text(in: area)
        let scroll = Scroll(top: top, height: text.rows, total: height)
        _ = grid.frame(area, title: title, footer: footer(scroll, glyphs), isFocused: isFocused)
        grid.write(scroll.range.map { line($0, glyphs) }, in: text)
    }

    /// Which of the sessions are on the screen.
    private func footer(_ scroll: Scroll, _ glyphs: GlyphSet) -> [Span] {
        let first = max(0, scroll.first - facts.count) * sessionsInLine
        let end = min(max(0, scroll.end - facts.count) * sessionsInLine, total)
        return Scroll(top: first, height: end - first, total: total).label(glyphs)
    }

    private func line(_ place: Int, _ glyphs: GlyphSet) -> [Span] {
        guard place >= facts.count else { return facts[place] }
        let row = place - facts.count
        let label = Span((row == 0 ? "sessions" : "").padded([Span].labelColumns), .dim)
        guard row < sessionLines else {
            return [label, Span("and \(Format.count(more)) more: W writes all of them as jsonl", .dim)]
        }
        let first = row * sessionsInLine
        return [label] + (first..<min(first + sessionsInLine, total)).flatMap { session($0, glyphs) }
    }

    private func session(_ place: Int, _ glyphs: GlyphSet) -> [Span] {
        guard told.indices.contains(place) else {
            return [Span(glyphs.unknown, .dim), .space(Self.sessionColumns - 1)]
        }
        let outcome = told[place]
        return [
            Span("\(outcome.id.handle) "), Span(Job.words(outcome.word).padded(Self.wordColumns + 2), .dim),
        ]
    }
}
