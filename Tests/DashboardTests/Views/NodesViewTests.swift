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
}
