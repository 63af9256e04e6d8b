internal import Screen

/// A question over the view: lines, fields and buttons.
///
/// Where there is little room, the least important lines go.
struct DialogDrawing {
    /// A line of it.
    enum Line {
        /// Words.
        case text([Span])
        /// A line to type into, with a label before it and a note behind.
        case field(label: String, TextField, isFocused: Bool, note: [Span])
        /// Buttons side by side.
        case buttons([Button])

        /// Whether it is the buttons.
        var isButtons: Bool { if case .buttons = self { true } else { false } }

        /// Whether there is nothing in it.
        var isBlank: Bool { if case .text(let spans) = self { spans.isEmpty } else { false } }
    }

    /// A button.
    struct Button {
        var title: String
        var isFocused: Bool
        /// What it does can't be taken back.
        var isDangerous = false
        /// Nothing happens where it is pressed now.
        var isLocked = false
    }

    private var lines: [(line: Line, rank: Int)] = []
    /// What it is about.
    var title: [Span]
    /// Which part of a list is in sight; nothing where all of it is.
    private var footer: [Span] = []
    /// Columns that the lines of a list need.
    private var listColumns = 0
    /// The line before which a list goes.
    private var listPlace = 0

    init(title: [Span]) { self.title = title }

    /// Adds a line.
    ///
    /// - Parameters:
    ///   - line: the line.
    ///   - rank: how soon it may go; the highest goes first, 0 never.
    mutating func add(_ line: Line, rank: Int = 0) { lines.append((line, rank)) }

    /// Adds words; nothing where there are none.
    mutating func add(_ spans: [Span], rank: Int = 0) {
        if !spans.isEmpty { add(.text(spans), rank: rank) }
    }

    /// Adds space.
    mutating func addBlank() { add(.text([]), rank: 9) }

    /// Ends the question: what is to be read before one decides comes next.
    mutating func endQuestion() { listPlace = lines.count }

    /// Adds lines that are to be read before one decides, after the question.
    ///
    /// - Parameter list: no more lines than there is ``room(in:)`` for, and which part of them they are; nothing is added
    ///   where there are none.
    private mutating func insertList(_ list: (lines: [[Span]], place: [Span])) {
        guard !list.lines.isEmpty else { return }
        footer = list.place
        let entries = [[]] + list.lines + [[]]
        lines.insert(contentsOf: entries.map { (.text($0), $0.isEmpty ? 9 : 0) }, at: listPlace)
    }

    /// The bounds of the columns that it takes where there is room: as many as its lines need.
    private static let widths = 74...120
    /// A frame and two blanks stand on either side of a line.
    private static let margins = 6

    /// The columns that it takes where there is room.
    private var width: Int {
        let needed = lines.reduce(max(listColumns, title.columns)) { max($0, Self.columns(of: $1.line)) }
        return min(max(needed + Self.margins, Self.widths.lowerBound), Self.widths.upperBound)
    }

    /// The columns that it takes in an area: all, where so few would be left beside it that they tell nothing.
    private func width(in area: Rect) -> Int { area.columns - width < 2 * Self.leastBeside ? area.columns : width }

    /// Less of the view on either side is no more than a distraction.
    private static let leastBeside = 4

    /// How many columns a line has in an area.
    func columns(in area: Rect) -> Int { max(0, width(in: area) - Self.margins) }

    /// How many columns a line can have in an area, if it needs them.
    static func mostColumns(in area: Rect) -> Int { max(0, min(widths.upperBound, area.columns) - margins) }

    /// The columns that a line needs, with nothing cut.
    private static func columns(of line: Line) -> Int {
        switch line {
        case .text(let spans): spans.columns
        case .field(_, let field, _, let note):
            // Once a text is longer than the least of fields, it gets all that there is: nothing moves while one types on.
            TextWidth.of(field.text) > fieldColumns - 3
                ? widths.upperBound : label + fieldColumns + fieldGap + note.columns
        case .buttons(let buttons):
            buttons.reduce(-buttonGap) { $0 + TextWidth.of($1.title) + 4 + buttonGap }
        }
    }

    /// Adds a list of sessions, the part of it that there is room for.
    mutating func insert(_ list: FrozenSetList, from top: Int, in area: Rect) {
        listColumns = list.columns
        insertList(list.lines(from: top, room: room(in: area), columns: columns(in: area)))
    }

    /// A list of less than this is hard to read.
    private static let shortList = 5

    /// How many lines of a list there is room for in an area.
    ///
    /// Blank lines go before it is short, and whatever may go at all before there is none of it.
    func room(in area: Rect) -> Int {
        let rows = area.rows - 2
        let words = lines.count { !$0.line.isBlank }
        let needed = lines.count { $0.rank == 0 }
        return max(rows - lines.count - 2, min(Self.shortList, rows - words), min(1, rows - needed), 0)
    }

    /// Draws it in the middle of an area.
    func draw(in area: Rect, on grid: inout Grid) {
        var kept = spaced
        while kept.count > area.rows - 2, let victim = kept.indices.max(by: { kept[$0].rank <= kept[$1].rank }),
            kept[victim].rank > 0
        {
            kept.remove(at: victim)
        }
        // Nothing stands between an operator and Cancel: whatever there is no room for, the buttons are in sight.
        while kept.count > area.rows - 2, let victim = kept.lastIndex(where: { !$0.line.isButtons }) {
            kept.remove(at: victim)
        }
        let outside = area.centered(Size(columns: width(in: area), rows: kept.count + 2))
        grid.fill(outside)
        let inside = grid.frame(outside, title: title, footer: footer, isFocused: true).inset(columns: 2, rows: 0)
        for (index, entry) in kept.enumerated() { draw(entry.line, in: inside.row(index), on: &grid) }
    }

    /// The lines, with no two blank ones in a row.
    private var spaced: [(line: Line, rank: Int)] {
        lines.enumerated().filter { index, entry in
            !(entry.line.isBlank && index > 0 && lines[index - 1].line.isBlank)
        }.map(\.element)
    }

    /// Columns of the labels before fields.
    static let label = 9
    /// Columns of a field, where there is no room for more.
    private static let fieldColumns = 40
    /// Columns between a field and what stands behind it.
    private static let fieldGap = 2
    /// Columns that a wider field leaves to what stands behind it, so that all of a dialog end together.
    private static let noteColumns = 30
    /// Columns between two buttons.
    private static let buttonGap = 3

    private func draw(_ line: Line, in row: Rect, on grid: inout Grid) {
        switch line {
        case .text(let spans): grid.write(spans, in: row)
        case .field(let label, let field, let isFocused, let note):
            grid.write([Span(label, isFocused ? .text : .dim)], in: row)
            let rest = row.dropLeft(Self.label)
            let most = rest.columns - min(note.columns + Self.fieldGap, rest.columns / 2)
            let box = rest.prefixColumns(
                min(max(Self.fieldColumns, rest.columns - Self.noteColumns - Self.fieldGap), most))
            grid.write([Span("["), .space(max(0, box.columns - 2)), Span("]")], in: box)
            FieldDrawing(field: field).draw(in: box.inset(columns: 1, rows: 0), isFocused: isFocused, on: &grid)
            grid.write(note, in: rest.dropLeft(box.columns + Self.fieldGap))
        case .buttons(let buttons):
            var left = row
            for button in buttons {
                let text = "[ \(button.title) ]"
                grid.write([Span(text, Self.style(button))], in: left)
                left = left.dropLeft(TextWidth.of(text) + Self.buttonGap)
            }
        }
    }

    private static func style(_ button: Button) -> Style {
        let role: Role = button.isLocked ? .keyDisabled : button.isDangerous ? .danger : .text
        return Style(role, over: button.isFocused ? .cursor : nil)
    }
}
