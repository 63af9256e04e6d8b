import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("The view of the nodes")
struct NodesViewTests {
    private static let size = Size(columns: 120, rows: 40)

    @Test("However long nobody asked after the nodes, none is called silent for that")
    func paused() {
        var state = Fixture.state(Self.size).pressing("4p")
        _ = state.update(.tick(Fixture.moment(.seconds(300))))
        let text = render(state, size: Self.size).text
        #expect(text.contains("1 silent") && text.contains("● up"))
        #expect(text.ranges(of: "DOWN").count == 1)
    }

    @Test("While the store is lost nodes stand as they were last read")
    func lost() {
        var state = Fixture.state(Self.size).pressing("4")
        _ = state.update(.tick(Fixture.moment(.seconds(300))))
        _ = state.update(.pollFailed("no answer"))
        #expect(render(state, size: Self.size).text.ranges(of: "DOWN").count == 1)
    }

    @Test("A node that is silent when it is asked after is called so")
    func silent() {
        var state = Fixture.state(Self.size).pressing("4")
        _ = state.update(.tick(Fixture.moment(.seconds(300))))
        _ = state.update(.nodes(FixtureNodes.reports))
        #expect(render(state, size: Self.size).text.ranges(of: "DOWN").count == 4)
    }

    @Test("Where nodes' shares are told, a heading says that they are shares", arguments: 60...130)
    func headings(columns: Int) throws {
        let size = Size(columns: columns, rows: 16)
        let lines = render(Fixture.state(size).pressing("4"), size: size).text.split(separator: "\n")
        let row = try #require(lines.first { $0.contains("web-01") })
        #expect(row.contains("33.3%") == lines[3].contains("SHARE"))
        #expect(columns < 70 || row.contains("33.3%"))
    }
}
