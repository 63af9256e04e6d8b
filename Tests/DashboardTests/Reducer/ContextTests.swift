import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Contexts")
struct ContextTests {
    /// A dashboard on `prod-eu`, which has another context beside it.
    private func desk() -> Desk {
        var desk = Desk(rows: .numbered(0..<5))
        desk.state.contexts = [
            NamedStore(name: "prod-eu", address: "sqlite:/tmp/s.db"),
            NamedStore(name: "staging", address: "redis://localhost"),
        ]
        return desk
    }

    private func run(_ line: String, _ desk: inout Desk) {
        desk.press(":")
        desk.type(line)
        desk.press("Enter")
    }

    @Test("They are listed with their addresses, and the chosen one is opened")
    func list() {
        var desk = desk()
        run("ctx", &desk)
        guard case .menu(let menu) = desk.state.overlay else {
            Issue.record("nothing is listed")
            return
        }
        #expect(menu.items.map(\.title) == ["prod-eu", "staging"] && menu.selected == 0)
        #expect(menu.items.map(\.note) == ["sqlite:/tmp/s.db", "redis://localhost"])
        desk.press("Down", "Enter")
        #expect(desk.effects == [.openContext("staging")] && desk.isIdle)
        #expect(desk.state.store.name == "prod-eu", "until it is open, nothing else is shown")
    }

    @Test("One is opened by its name, and shown when it is open; one that isn't known, or is shown, is not")
    func name() {
        var desk = desk()
        run("ctx staging", &desk)
        #expect(desk.effects == [.openContext("staging")])
        desk.send(.contextOpened("staging"))
        #expect(desk.effects == [.enterContext("staging")])
        for name in ["nowhere", "prod-eu"] {
            run("ctx \(name)", &desk)
            #expect(desk.effects.isEmpty && desk.state.flash?.text.hasPrefix("ctx: ") == true)
        }
    }

    @Test("A change is followed to its end before another context is looked at")
    func changing() throws {
        var desk = desk()
        let target = RevokeTarget.user("user1")
        _ = desk.state.begin(.revoke(target), title: "user1", total: 1, reason: "x")
        for line in ["ctx", "ctx staging"] {
            run(line, &desk)
            #expect(desk.effects.isEmpty && desk.isIdle && desk.state.flash?.level == .warning)
        }
        desk.send(.contextOpened("staging"))
        #expect(desk.effects == [.dropContext("staging")], "it was asked for before the change began")
        let job = try #require(desk.state.jobs.jobs.first)
        desk.send(.job(job.id, .failed("no")))
        run("ctx staging", &desk)
        #expect(desk.effects == [.openContext("staging")])
    }

    @Test("What is being put on the record, too, is followed to its end")
    func recording() {
        var desk = desk()
        desk.open("X")
        desk.press("Tab", "Enter")
        #expect(desk.effects.contains { $0.isAwaited })
        desk.press("Esc")
        run("ctx staging", &desk)
        #expect(desk.effects.isEmpty && desk.state.flash?.level == .warning)
        desk.send(.contextOpened("staging"))
        #expect(desk.effects == [.dropContext("staging")], "it was asked for before")
        desk.send(.finished)
        run("ctx staging", &desk)
        #expect(desk.effects == [.openContext("staging")])
    }

    @Test("A question that was opened meanwhile is not taken away")
    func asking() {
        var desk = desk()
        run("ctx staging", &desk)
        desk.open("X")
        desk.send(.contextOpened("staging"))
        #expect(desk.effects == [.dropContext("staging")] && desk.revokeDialog != nil)
    }

    @Test("A line that is being typed, or a menu that is looked at, keeps its store", arguments: ["/", "T"])
    func typing(key: String) {
        var desk = desk()
        run("ctx staging", &desk)
        desk.press(key)
        desk.send(.contextOpened("staging"))
        #expect(desk.effects == [.dropContext("staging")] && !desk.isIdle && desk.state.flash?.level == .warning)
    }

    @Test("Keys that come as another store is shown were meant for the one before it, and are dropped")
    func typedAhead() {
        var desk = desk()
        desk.state.entered = desk.state.now
        desk.press("X", "j", "q")
        #expect(desk.isIdle && desk.effects.isEmpty && desk.state.list.cursorPlace == 0)
        desk.wait(Dialog.deafTime)
        desk.press("X")
        #expect(!desk.isIdle)
    }

    @Test("Without contexts the command says so")
    func none() {
        var desk = Desk(rows: .numbered(0..<5))
        run("ctx", &desk)
        #expect(desk.effects.isEmpty && desk.isIdle)
        #expect(desk.state.flash?.text.contains("configuration") == true)
    }
}
