import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("What views show")
struct ViewsTests {
    private static let small = Size(columns: 80, rows: 24)

    @Test("While the store is lost the cursor's row is still seen, and all else is dimmed", arguments: ["", " k"])
    func lost(keys: String) {
        var state = Fixture.state(Self.small).pressing("jj", keys)
        _ = state.update(.tick(Fixture.moment(.seconds(41))))
        _ = state.update(.pollFailed("no answer"))
        let grid = render(state, size: Self.small)
        let cursor: Role = keys.isEmpty ? .cursor : .markCursor
        let rows = (0..<Self.small.rows).filter { grid[Position(column: 10, row: $0)]?.style.overlay == cursor }
        #expect(rows == [6])
        #expect(grid[Position(column: 10, row: 5)]?.style.overlay == .stale)
    }
}
