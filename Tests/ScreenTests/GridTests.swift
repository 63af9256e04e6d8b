import Screen
import Testing

struct GridTests {
    /// Every wide glyph has its right half, and no right half stands alone.
    static func isWhole(_ grid: Grid) -> Bool {
        for row in 0..<grid.size.rows {
            var expectsHalf = false
            for column in 0..<grid.size.columns {
                guard let cell = grid[Position(column: column, row: row)] else { return false }
                if cell.glyph.isContinuation != expectsHalf { return false }
                expectsHalf = cell.glyph.width == 2
            }
            if expectsHalf { return false }
        }
        return true
    }

    private static let texts = ["a", "作者", "a作b", "e\u{301}x", "🙂", "…", "", "\u{1B}[2J", "ab作\u{200B}", "한국어"]

    @Test("Random drawing never splits a wide glyph")
    func wideGlyphsStayWhole() {
        var random = SeededRandom(seed: 1)
        for _ in 0..<300 {
            let size = Size(columns: .random(in: 0...9, using: &random), rows: .random(in: 0...3, using: &random))
            var grid = Grid(size)
            for _ in 0..<30 {
                Self.drawSomething(&grid, &random)
                #expect(Self.isWhole(grid))
            }
        }
    }

    private static func drawSomething(_ grid: inout Grid, _ random: inout SeededRandom) {
        let position = Position(column: .random(in: -4...10, using: &random), row: .random(in: -1...3, using: &random))
        let text = texts.randomElement(using: &random) ?? ""
        let width: Int? = Bool.random(using: &random) ? .random(in: -1...12, using: &random) : nil
        let alignment = [Alignment?.none, .leading, .center, .trailing].randomElement(using: &random) ?? nil
        let clip = Rect(
            column: .random(in: -2...8, using: &random), row: .random(in: -1...2, using: &random),
            columns: .random(in: 0...9, using: &random), rows: .random(in: 0...4, using: &random))
        switch Int.random(in: 0..<6, using: &random) {
        case 0: grid.clipped(to: clip) { $0.put(text, at: position, width: width, align: alignment) }
        case 1: grid.fill(clip, with: Glyph("作"), .text)
        case 2: grid.box(clip, title: text, footer: text)
        case 3: grid.overlay(clip, .cursor)
        default: grid.put(text, at: position, width: width, align: alignment)
        }
    }

    @Test("No size, rectangle or position traps", arguments: [0, 1, 2, 3])
    func nothingTraps(columns: Int) {
        let numbers = [Int.min, -1, 0, 1, 2, 5, Int.max]
        for rows in 0...2 {
            for first in numbers {
                for second in numbers {
                    var grid = Grid(Size(columns: columns, rows: rows))
                    let rect = Rect(column: first, row: second, columns: second, rows: first)
                    grid.box(rect, title: "a作", footer: "x")
                    grid.fill(rect)
                    grid.put("作x", at: Position(column: first, row: 0), width: second, align: .trailing)
                    grid.bar(0.5, at: rect.origin, width: second, style: .text)
                    grid.sparkline([1, .nan, 3], at: rect.origin, width: second, style: .text)
                    grid.plot([1, .infinity], in: rect, style: .text)
                    grid.overlay(rect, .mark)
                    #expect(Self.isWhole(grid))
                }
            }
        }
    }

    @Test("Drawing inside a clip changes nothing outside of it")
    func clipHolds() {
        var random = SeededRandom(seed: 2)
        for _ in 0..<500 {
            var grid = Grid(Size(columns: 8, rows: 3))
            grid.fill(grid.bounds, with: Glyph("."), .text)
            let clip = Rect(
                column: .random(in: 0...7, using: &random), row: 1, columns: .random(in: 0...5, using: &random), rows: 1
            )
            let before = grid
            grid.clipped(to: clip) { Self.drawSomething(&$0, &random) }
            for index in grid.cells.indices {
                let position = Position(column: index % 8, row: index / 8)
                if !clip.contains(position) { #expect(grid[position] == before[position]) }
            }
        }
    }

    @Test("Text that doesn't fit ends with an ellipsis")
    func truncation() {
        var grid = Grid(Size(columns: 10, rows: 7))
        #expect(grid.put("abcdef", at: .zero, width: 4) == 4)
        #expect(grid.put("作者作者", at: Position(column: 0, row: 1), width: 4) == 4)
        #expect(grid.put("作者作者", at: Position(column: 0, row: 2), width: 5) == 5)
        #expect(grid.put("abcd", at: Position(column: 0, row: 3), width: 4) == 4)
        #expect(grid.put("12", at: Position(column: 0, row: 4), width: 5, align: .trailing) == 5)
        #expect(grid.put("a\u{1B}b\u{202E}", at: Position(column: 0, row: 5)) == 4)
        #expect(grid.put("작", at: Position(column: 0, row: 6), width: 1) == 1)
        #expect(grid.text == "abc…\n作…\n作者…\nabcd\n   12\na␛b�\n…")
    }

    @Test("A narrow place shows the end of nothing but the ellipsis, whatever the text")
    func narrowPlaces() {
        for text in Self.texts {
            for width in 0...6 {
                var grid = Grid(Size(columns: 8, rows: 1))
                let used = grid.put(text, at: .zero, width: width)
                #expect(used == min(TextWidth.of(text), width))
            }
        }
    }

    @Test("A text of megabytes costs no more than a line")
    func longText() {
        let long = String(repeating: "x\u{301}", count: 500_000)
        let marks = "x" + String(repeating: "\u{301}", count: 500_000)
        var grid = Grid(Size(columns: 10, rows: 2))
        for _ in 0..<200 {
            grid.put(long, at: .zero)
            grid.put(marks, at: Position(column: 0, row: 1), align: .trailing)
        }
        #expect(grid.text.split(separator: "\n").first?.last == "…")
    }

    @Test("A frame carries its title and its footer")
    func frames() {
        var grid = Grid(Size(columns: 16, rows: 3))
        #expect(
            grid.box(grid.bounds, title: "Sessions", footer: "1/9") == Rect(column: 1, row: 1, columns: 14, rows: 1))
        #expect(grid.text == "┌─ Sessions ───┐\n│              │\n└──────── 1/9 ─┘")
        var plain = Grid(Size(columns: 5, rows: 2), glyphs: .ascii)
        plain.box(plain.bounds)
        #expect(plain.text == "+---+\n+---+")
        var low = Grid(Size(columns: 5, rows: 2))
        let inside = low.box(Rect(column: 0, row: 1, columns: 5, rows: 1), title: "x")
        #expect(inside.isEmpty && low == Grid(Size(columns: 5, rows: 2)))
    }

    @Test("Bars, sparklines and plots fill by eighths and dots")
    func graphs() {
        var grid = Grid(Size(columns: 8, rows: 4))
        grid.bar(0.55, at: .zero, width: 4, style: Style(.graphHit))
        grid.sparkline([0, 1, 2, .nan, 4, 7], at: Position(column: 0, row: 1), width: 7, range: 0...7, style: .text)
        grid.plot([0, 1, 2, 3, 4, 4], in: Rect(column: 0, row: 2, columns: 4, rows: 2), range: 0...4, style: .text)
        #expect(grid.text == "██▎\n ▁▂▃ ▅█\n ▄██\n████")
        grid.plot(
            [0, 1, 2, 3, 4, 4], in: Rect(column: 0, row: 2, columns: 4, rows: 2), range: 0...4, style: .text,
            marks: .braille)
        #expect(grid.text.hasSuffix("\n  ⢠⣿\n ⣠⣿⣿"))
        var plain = Grid(Size(columns: 8, rows: 2), glyphs: .ascii)
        plain.bar(0.5, at: .zero, width: 8, style: .text)
        plain.sparkline([1, 7], at: Position(column: 0, row: 1), width: 2, range: 0...7, style: .text)
        #expect(plain.text == "####\n.#")
    }

    @Test("The planes name roles and overlays by letters, each its own")
    func planes() {
        var grid = Grid(Size(columns: 4, rows: 1))
        grid.put("ab", at: .zero, style: Style(.title))
        grid.overlay(Rect(column: 0, row: 0, columns: 1, rows: 1), .cursor)
        #expect(grid.roles == "tt" && grid.overlays == "c")
        #expect(Set(Role.allCases.map(\.code)).count == Role.allCases.count)
        #expect(Role.text.code == ".")
    }

    @Test("A role is one byte, a style three and a cell sixteen")
    func layout() {
        #expect(MemoryLayout<Role>.size == 1)
        #expect(MemoryLayout<Style>.size == 3)
        #expect(MemoryLayout<Cell>.stride == 16)
    }
}
