import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("What a click does")
struct MouseTests {
    @Test("On a row it moves the cursor there, and the second opens it")
    func rows() throws {
        var desk = Desk(rows: .numbered(0..<10))
        let id = SessionRow.numbered(6).id
        try desk.click("\(id.handle)", .rightPress)
        #expect(desk.state.list.cursor != id)
        try desk.click("\(id.handle)")
        #expect(desk.state.list.cursor == id && desk.state.navigation.place == .sessions(.all))
        try desk.click("\(id.handle)", .doublePress)
        #expect(desk.state.navigation.place == .inspect(id))
        desk.press("2")
        desk.wait(.seconds(1))
        try desk.click("user3")
        #expect(desk.state.users.cursor == UserKey("user3"))
        try desk.click("user3", .doublePress)
        #expect(desk.state.navigation.place == .sessions(.user("user3")))
    }

    @Test("On a heading it sorts by that column, and again turns the order round")
    func headings() throws {
        var desk = Desk(rows: .numbered(0..<10))
        try desk.click("NODE", row: 3)
        #expect(desk.state.list.table.sort == SessionSort(column: .node))
        try desk.click("NODE", row: 3)
        #expect(desk.state.list.table.sort == SessionSort(column: .node, descending: true))
        desk.press("2")
        desk.wait(.seconds(1))
        try desk.click("USER", row: 3)
        #expect(desk.state.users.sort == .name && !desk.state.users.isInverted)
        try desk.click("USER", row: 3)
        #expect(desk.state.users.sort == .name && desk.state.users.isInverted)
    }

    @Test("On a tab it opens it, and on a key it presses that")
    func keys() throws {
        var desk = Desk(rows: .numbered(0..<10))
        let places: [(String, Place)] = [("4 Nodes", .nodes), ("3 Stats", .stats), ("1 Sessions", .sessions(.all))]
        for (tab, place) in places {
            try desk.click(tab)
            #expect(desk.state.navigation.place == place)
        }
        try desk.click("/ filter", row: 23)
        #expect(!desk.isIdle)
        try desk.click("2 Users")
        #expect(desk.state.navigation.place == .sessions(.all), "what lies over the view has the screen")
        try desk.click("Esc ", row: 23)
        #expect(desk.isIdle)
    }

    @Test("The second click of two on a key presses nothing, whichever key stands there by then")
    func keyTwice() throws {
        var desk = Desk(rows: .numbered(0..<10))
        let position = try desk.position(of: "Enter open", row: 23)
        for offset in 0..<10 {
            var other = desk
            let place = position.moved(columns: offset)
            other.send(.key(.mouse(Mouse(.press, at: place))))
            #expect(other.state.navigation.place == .inspect(SessionRow.numbered(0).id))
            other.send(.key(.mouse(Mouse(.doublePress, at: place))))
            #expect(other.isIdle && other.state.navigation.place == .inspect(SessionRow.numbered(0).id))
        }
        try desk.click("4 Nodes", .doublePress)
        #expect(desk.state.navigation.place == .sessions(.all))
    }

    @Test("In a dialog nothing is pressed or confirmed by it, wherever it is", arguments: ["X", "A", "E"])
    func dialogs(key: String) {
        var desk = Desk(rows: .numbered(0..<10))
        desk.open(key)
        #expect(!desk.isIdle)
        let rows = (0..<24).flatMap { row in
            stride(from: 0, to: 80, by: row == 23 ? 1 : 9).map { Position(column: $0, row: row) }
        }
        for position in rows {
            var other = desk
            for action in [Mouse.Action.press, .doublePress] {
                other.send(.key(.mouse(Mouse(action, at: position))))
                #expect(!other.effects.contains { $0.isChange })
                #expect(other.isIdle || other.revokeDialog?.focus == desk.revokeDialog?.focus)
            }
        }
    }
}

extension Desk {
    /// Where a text stands on the screen; all that is before it there takes one column a character.
    fileprivate func position(of text: String, row: Int?) throws -> Position {
        let lines = render(state, size: state.size).text.split(separator: "\n", omittingEmptySubsequences: false)
        for (number, line) in lines.enumerated() where row == nil || row == number {
            guard let range = line.firstRange(of: text) else { continue }
            return Position(column: line.distance(from: line.startIndex, to: range.lowerBound), row: number)
        }
        Issue.record("\(text) isn't on the screen")
        throw CancellationError()
    }

    fileprivate mutating func click(_ text: String, row: Int? = nil, _ action: Mouse.Action = .press) throws {
        let position = try position(of: text, row: row)
        send(.key(.mouse(Mouse(action, at: position))))
    }
}
