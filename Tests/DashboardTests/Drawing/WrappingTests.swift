import Screen
import Testing

@testable import Dashboard

@Suite("Lines that are too long")
struct WrappingTests {
    private static let line = [Span("why       ", .dim), Span("one two"), Span("  three four", .title), Span(" five")]

    private func texts(_ lines: [[Span]]) -> [String] { lines.map { $0.map(\.text).joined() } }

    @Test("A line that fits stays as it is")
    func fits() {
        #expect(Self.line.wrapped(columns: 40, indent: 10, limit: 4) == [Self.line])
        #expect([Span].labelled([("a", [Span("b")])], in: Size(columns: 20, rows: 3)).count == 1)
    }

    @Test("A longer one is broken at blanks, behind its label, and keeps its styles")
    func broken() {
        let lines = Self.line.wrapped(columns: 18, indent: 10, limit: 9)
        #expect(texts(lines) == ["why       one two", "          three", "          four", "          five"])
        #expect(lines[1].last?.style == Style(.title))
    }

    @Test("No line is longer than there is room for, but for the last of as many as there may be", arguments: 1...30)
    func bounds(columns: Int) {
        let word = String(repeating: "x", count: 57)
        for (indent, limit) in [(0, 3), (4, 2), (10, 9)] {
            let lines = [Span("a 作業 b  "), Span(word), Span(" end")].wrapped(
                columns: columns, indent: indent, limit: limit)
            #expect((1...limit).contains(lines.count))
            for line in texts(lines.dropLast()) where columns > indent + 1 {
                var shown = line[...]
                while shown.last == " " { shown.removeLast() }
                #expect(TextWidth.of(String(shown)) <= columns)
            }
        }
    }

    @Test("What has no room ends with a sign, also where a piece ends just there")
    func sign() {
        var grid = Grid(Size(columns: 6, rows: 1))
        grid.write([Span("abcdef"), Span("g")], in: grid.bounds)
        #expect(grid.text == "abcde…")
        grid.write([Span("abcdef"), Span("  ")], in: grid.bounds)
        #expect(grid.text == "abcdef")
        grid.write([Span("abc"), Span("defgh")], in: grid.bounds)
        #expect(grid.text == "abcde…")
    }
}
