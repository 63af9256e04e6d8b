import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Going from place to place")
struct NavigationTests {
    static let keys = CommandTable.all.filter { $0.id != .leave && $0.id != .interrupt }.flatMap(\.keys)

    @Test("Escape always leads out, wherever one is", arguments: 0..<60 as Range<UInt64>)
    func escape(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var desk = Desk(
            rows: .numbered(0..<30), size: random.pick([Size(columns: 80, rows: 24), Size(columns: 200, rows: 60)]))
        for _ in 0..<60 {
            desk.send(.key(random.pick(Self.keys + [.character("a"), .enter, .tab])))
            if random.once(in: 4) { desk.wait(.milliseconds(random.pick([100, 1000]))) }
        }
        for _ in 0..<Navigation.depthLimit + 6 { desk.press("Esc") }
        #expect(desk.isIdle && desk.state.navigation.isAtRoot && desk.state.filterText.isEmpty)
        desk.press("q")
        #expect(desk.effects == [.quit])
    }

    @Test("Digits and Tab go round the views")
    func tabs() {
        var desk = Desk(rows: .numbered(0..<7))
        let places: [Place] = [.sessions(.all), .users, .stats, .nodes, .audit]
        for (number, place) in places.enumerated() {
            desk.press("\(number + 1)")
            #expect(desk.state.navigation.place == place)
        }
        desk.press("Tab")
        #expect(desk.state.navigation.place == .sessions(.all))
        desk.press("Shift-Tab")
        #expect(desk.state.navigation.place == .audit)
    }

    @Test("A view is found again as it was left: its filter and its cursor")
    func remembered() {
        let rows = [SessionRow].numbered(0..<70)
        var desk = Desk(rows: rows)
        desk.press("/")
        desk.type("user:user3")
        desk.press("Enter", "j")
        let cursor = desk.state.list.cursor
        desk.press("3", "1")
        #expect(desk.state.list.filter.text == "user:user3" && desk.state.list.cursor == cursor)
        desk.press("3", "[")
        #expect(desk.state.navigation.place == .sessions(.all) && desk.state.list.cursor == cursor)
        desk.press("]")
        #expect(desk.state.navigation.place == .stats)
        desk.press("`")
        #expect(desk.state.navigation.place == .sessions(.all))
    }

    @Test("From a session to its user's sessions, and back to the row one came from")
    func drill() {
        var desk = Desk(rows: .numbered(0..<70))
        desk.press("j", "j")
        let cursor = desk.state.list.cursor
        desk.press("u")
        #expect(desk.state.navigation.place == .sessions(.user("user2")))
        #expect(desk.state.list.count == 10 && desk.state.list.cursor == cursor)
        desk.press("j", "Enter")
        #expect(desk.state.navigation.place.scope == .inspect)
        desk.press("Esc", "Esc")
        #expect(desk.state.navigation.place == .sessions(.all) && desk.state.list.cursor == cursor)
    }

    @Test("Detail opens over the view, or beside it where there is room, and follows the cursor's keys")
    func detail() throws {
        let rows = [SessionRow].numbered(0..<70)
        var desk = Desk(rows: rows)
        desk.press("Enter")
        #expect(desk.state.navigation.place == .inspect(rows[0].id) && desk.effects == [.loadDetail(rows[0].id)])
        desk.press("j")
        #expect(desk.state.navigation.place == .inspect(rows[1].id) && desk.effects == [.loadDetail(rows[1].id)])
        desk.press("Esc")
        desk.send(.resize(Size(columns: 200, rows: 60)))
        desk.press("Enter")
        #expect(desk.state.isPaneShown && desk.state.inspector.id == rows[1].id)
        desk.press("j")
        #expect(desk.state.inspector.id == rows[2].id)
        // A row that goes takes the cursor along, but what one reads stays.
        desk.change([], removed: [rows[2].id])
        #expect(desk.state.list.cursor == rows[3].id && desk.state.inspector.id == rows[2].id)
        desk.press("Esc")
        #expect(!desk.state.isPaneShown)
    }

    @Test("A session in detail belongs to the tab that it was opened from, and Tab goes on from there")
    func tabOfDetail() {
        var desk = Desk(rows: .numbered(0..<70))
        desk.press("2", "Enter", "Enter")
        #expect(desk.state.navigation.place.scope == .inspect && desk.state.navigation.tab == .users)
        desk.press("Tab")
        #expect(desk.state.navigation.place == .stats)
        desk.press("1", "Enter")
        #expect(desk.state.navigation.place.scope == .inspect && desk.state.navigation.tab == .sessions)
        let lines = render(desk.state, size: desk.state.size).text.split(separator: "\n")
        #expect(lines[1].contains("[1 Sessions]"))
    }

    @Test("An answer about a session that one has left is dropped")
    func lateDetail() {
        let rows = [SessionRow].numbered(0..<7)
        var desk = Desk(rows: rows)
        desk.press("Enter", "j")
        desk.send(.detail(rows[0].id, .gone))
        guard case .loading = desk.state.inspector.content else {
            Issue.record("the late answer was shown")
            return
        }
    }

    @Test("The name of a user or a handle behind a command needs no row under the cursor")
    func named() {
        let rows = [SessionRow].numbered(0..<70)
        var desk = Desk(rows: rows)
        desk.press("3", ":")
        desk.type("user user5")
        desk.press("Enter")
        #expect(desk.state.navigation.place == .sessions(.user("user5")) && desk.state.list.count == 10)
        desk.press("1", ":")
        desk.type("inspect \(rows[9].id)")
        desk.press("Enter")
        #expect(desk.state.navigation.place == .inspect(rows[9].id))
    }

    @Test("Help lists what can be done here, finds by words, and runs what is chosen")
    func help() {
        var desk = Desk(rows: .numbered(0..<7), readOnly: "so")
        desk.press("?")
        #expect(desk.state.helpLines.count == CommandTable.commands(in: .list).count)
        desk.type("revoke")
        #expect(desk.state.helpLines.map(\.command.id) == [.revoke, .revokeUser])
        #expect(desk.state.helpLines.allSatisfy { $0.disabledReason == "read-only: so" })
        desk.press("Ctrl-U")
        desk.type("hit rates")
        desk.press("Enter")
        #expect(desk.state.navigation.place == .stats)
    }

    @Test("A theme is shown while one looks, and Escape brings back the old one")
    func theme() {
        var desk = Desk()
        desk.press("T", "j")
        #expect(desk.effects == [.setTheme("nord")])
        desk.press("j")
        #expect(desk.effects == [.setTheme("slate")])
        desk.press("Esc")
        #expect(desk.effects == [.setTheme("default")] && desk.isIdle)
    }

    @Test("Ctrl-C quits only when pressed twice within two seconds")
    func interrupt() {
        var desk = Desk()
        desk.press("Ctrl-C")
        #expect(desk.effects.isEmpty)
        desk.wait(.seconds(2.1))
        desk.press("Ctrl-C")
        #expect(desk.effects.isEmpty)
        desk.press("j", "Ctrl-C")
        #expect(desk.effects.isEmpty)
        desk.wait(.seconds(1))
        desk.press("Ctrl-C")
        #expect(desk.effects == [.quit])
    }
}
