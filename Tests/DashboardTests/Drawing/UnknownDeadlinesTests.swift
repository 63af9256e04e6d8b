import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("Stores that don't tell when sessions end")
struct UnknownDeadlinesTests {
    private func desk(knowsDeadlines: Bool) -> Desk {
        let rows = [SessionRow].numbered(0..<3).map { row in
            var row = row
            (row.deadlines, row.seen) = (Deadlines(idle: nil, absolute: nil), nil)
            return row
        }
        var desk = Desk(rows: rows, size: Size(columns: 120, rows: 40))
        var counts = StoreStatistics()
        counts.knowsDeadlines = knowsDeadlines
        desk.send(.statistics(counts))
        return desk
    }

    private func lines(_ desk: Desk) -> [Substring] {
        let handles = [SessionRow].numbered(0..<3).map { "\($0.id.handle)" }
        return render(desk.state, size: desk.state.size).text.split(separator: "\n").filter { line in
            handles.contains { line.contains($0) }
        }
    }

    @Test("A session without a deadline is live, and nobody says that it never ends")
    func unknown() {
        var desk = desk(knowsDeadlines: false)
        #expect(lines(desk).allSatisfy { $0.contains("live") && !$0.contains("never") })
        for _ in 0..<2 { desk.press(" ") }
        desk.open("X")
        #expect(lines(desk).allSatisfy { !$0.contains("never") })
    }

    @Test("Where deadlines are known, it never ends")
    func never() {
        var desk = desk(knowsDeadlines: true)
        #expect(lines(desk).allSatisfy { $0.contains("live") && $0.contains("never") })
        for _ in 0..<2 { desk.press(" ") }
        desk.open("X")
        #expect(lines(desk).contains { $0.contains("10.0.0.1          never") })
    }

    @Test("Before the store has counted, its layout tells")
    func layout() {
        var desk = Desk()
        #expect(desk.state.knowsDeadlines)
        desk.state.store.description.notes = StoreDescription.Notes(
            found: nil, unknown: "Deadlines are not known.", afterRevoke: [], afterExtend: "")
        #expect(!desk.state.knowsDeadlines)
    }
}
