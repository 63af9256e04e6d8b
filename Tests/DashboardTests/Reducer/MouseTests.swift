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

    @Test("It is meant for the row that was drawn there, wherever that is by now; where it has gone, for none")
    func movedRows() throws {
        var desk = Desk(rows: .numbered(1..<10))
        let id = SessionRow.numbered(6).id
        let position = try desk.position(of: "\(id.handle)", row: nil)
        desk.state.note(drawn: render(desk.state, size: desk.state.size))
        desk.change([.numbered(0)])
        #expect(desk.state.list.table.index(of: id) == 6, "it was the sixth")
        var without = desk
        desk.send(.key(.mouse(Mouse(.press, at: position))))
        #expect(desk.state.list.cursor == id)
        let cursor = without.state.list.cursor
        without.change([], removed: [id])
        without.send(.key(.mouse(Mouse(.press, at: position))))
        #expect(without.state.list.cursor == cursor)
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
        let said = desk.state.flash
        for heading in ["IPS", "NODES", "SIGNED IN"] {
            try desk.click(heading, row: 3)
            #expect(desk.state.users.sort == .name && desk.state.flash == said, "nobody is warned who clicks on a word")
        }
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

    private func selected(_ desk: Desk) -> Int? {
        switch desk.state.overlay {
        case .menu(let menu): menu.selected
        case .help(let help): help.selected
        case .log(let top): top
        default: nil
        }
    }

    @Test("The wheel moves in what lies over the view, but not in a question", arguments: ["s", "C", "T", "?", "L"])
    func wheel(key: String) {
        var desk = Desk(rows: .numbered(0..<10))
        for number in 0..<60 { desk.send(.message("message \(number)", .info)) }
        desk.press(key)
        let before = selected(desk)
        for action in [Mouse.Action.wheelDown, .wheelDown] { desk.send(.key(.mouse(Mouse(action, at: .zero)))) }
        let further = selected(desk)
        #expect(before != nil && further != before)
        desk.send(.key(.mouse(Mouse(.wheelUp, at: .zero))))
        #expect(selected(desk) != further && selected(desk) != nil)
        desk.press("Esc")
        desk.open("X")
        let focus = desk.revokeDialog?.focus
        desk.send(.key(.mouse(Mouse(.wheelDown, at: .zero))))
        #expect(desk.revokeDialog?.focus == focus && focus != nil)
    }

    @Test("A click chooses in a menu, and the second of two does nothing to what was under it")
    func menus() throws {
        var desk = Desk(rows: .numbered(0..<30))
        desk.press("s")
        let position = try desk.position(of: "node", row: nil)
        desk.send(.key(.mouse(Mouse(.press, at: position))))
        #expect(desk.isIdle && desk.state.list.table.sort.column == .node)
        let cursor = desk.state.list.cursor
        desk.send(.key(.mouse(Mouse(.doublePress, at: position))))
        #expect(desk.state.list.cursor == cursor && desk.state.navigation.place == .sessions(.all))
        desk.press("T")
        try desk.click("nord")
        #expect(desk.isIdle && desk.state.theme.name == "nord" && desk.effects == [.setTheme("nord")])
        desk.type(":cols")
        desk.press("Enter")
        try desk.click("[x] agent")
        #expect(!desk.isIdle && desk.state.list.hiddenColumns.contains(.agent))
        desk.press("Esc", "?")
        try desk.click("show only what matches")
        #expect(!desk.isIdle && desk.effects.isEmpty)
        desk.press("Enter")
        if case .prompt = desk.state.overlay {} else { Issue.record("the command wasn't gone to") }
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
