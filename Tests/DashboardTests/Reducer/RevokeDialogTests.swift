import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Confirming a revoke")
struct RevokeDialogTests {
    @Test("One session is confirmed by y, and named")
    func one() {
        let rows = [SessionRow].numbered(0..<40)
        var desk = Desk(rows: rows)
        desk.press("j")
        desk.open("X")
        #expect(desk.revokeDialog?.title == "s:\(rows[1].id) (user1)")
        #expect(desk.revokeDialog?.confirmation == .yes)
        desk.press("y")
        #expect(desk.revoked == .sessions([rows[1].id]))
        #expect(desk.isIdle)
    }

    @Test("A dialog acts on exactly what it showed, whatever happens behind it", arguments: 0..<20 as Range<UInt64>)
    func frozen(seed: UInt64) {
        var random = RandomRows(seed: seed)
        var desk = Desk(rows: (0..<40).map { _ in random.row(at: Desk.wall) })
        for _ in 0..<random.random.pick([1, 3, 9]) { desk.press(" ") }
        desk.open("X")
        guard let shown = desk.revokeDialog?.frozen.ids else {
            // Whatever was meant has ended already.
            #expect(desk.state.flash?.text == "revoke: no live session is meant")
            return
        }
        for _ in 0..<10 {
            desk.change((0..<8).map { _ in random.row(at: desk.state.now.wall) }, removed: [random.id()])
            desk.wait(.seconds(2))
        }
        confirm(&desk)
        #expect(desk.revoked == .sessions(shown))
    }

    @Test("Whoever begins to type on a button gives the reason: no letter of it decides", arguments: [1, 3])
    func typing(count: Int) {
        var desk = Desk(rows: [SessionRow].numbered(0..<40))
        for _ in 1..<count { desk.press(" ") }
        if count > 1 { desk.press(" ") }
        desk.open("X")
        desk.wait(Confirmation.armingTime)
        #expect(desk.revokeDialog?.focus == .cancel)
        desk.type("legacy by now")
        #expect(desk.revokeDialog?.reason.text == "legacy by now")
        #expect(desk.revoked == nil)
    }

    /// Does whatever a dialog asks for.
    private func confirm(_ desk: inout Desk) {
        desk.wait(Confirmation.armingTime)
        guard let dialog = desk.revokeDialog else { return }
        for _ in dialog.controls {
            switch desk.revokeDialog?.focus {
            case .reason: desk.type("INC-1")
            case .confirmation: desk.type(dialog.confirmation.expected ?? "")
            default: break
            }
            desk.press("Tab")
        }
        for _ in dialog.controls where desk.revokeDialog?.focus != .revoke { desk.press("Tab") }
        desk.press("Enter")
    }

    @Test("Up to 25 are listed with Cancel focused; more want the count; everyone wants the name")
    func radius() {
        var desk = Desk(rows: .numbered(0..<2000))
        func opened(marking count: Int) -> RevokeDialog? {
            desk.press("Esc", "U", "g")
            for _ in 0..<count { desk.press(" ") }
            desk.open("X")
            return desk.revokeDialog
        }
        #expect(opened(marking: 2)?.confirmation == .list)
        #expect(opened(marking: 25)?.confirmation == .list)
        #expect(desk.revokeDialog?.focus == .cancel && desk.revokeDialog?.frozen.lines.count == 25)
        #expect(opened(marking: 26)?.confirmation == .typed("26"))
        // More than a twentieth of all.
        #expect(opened(marking: 101)?.confirmation == .typedName("prod-eu"))
        desk.press("Esc", ":")
        desk.type("revoke everyone")
        desk.press("Enter")
        #expect(desk.revokeDialog?.confirmation == .typedName("prod-eu"))
        #expect(desk.revokeDialog?.target == .everyone)
    }

    @Test("In a protected context even one session wants the name")
    func protected() {
        var desk = Desk(rows: .numbered(0..<40), isProtected: true)
        desk.open("X")
        #expect(desk.revokeDialog?.confirmation == .typedName("prod-eu"))
        desk.press("y", "Enter")
        #expect(desk.revoked == nil)
    }

    @Test("In a protected context a reason is required for one session, too", arguments: ["X", "E"])
    func protectedReason(key: String) {
        var desk = Desk(rows: .numbered(0..<40), isProtected: true)
        var isLocked: Bool {
            switch desk.state.overlay {
            case .dialog(.revoke(let dialog)): desk.state.lockReason(of: dialog) == "a reason is required"
            case .dialog(.extend(let dialog)): desk.state.lockReason(of: dialog) == "a reason is required"
            default: false
            }
        }
        desk.open(key)
        desk.wait(Confirmation.armingTime)
        #expect(isLocked && render(desk.state, size: desk.state.size).text.contains("]  required"))
        // What has to be typed comes after the reason.
        if key == "E" { desk.press("Tab") }
        desk.press("Tab")
        desk.type("prod-eu")
        #expect(isLocked)
        desk.press("Shift-Tab")
        desk.type("INC-1")
        #expect(!isLocked)
        // Ctrl-R freezes the set anew, and asks for no less.
        desk.press("Ctrl-U", "Ctrl-R")
        desk.wait(Confirmation.armingTime)
        #expect(isLocked)
    }

    @Test("Of a name that no dialog can show whole, the beginning that it shows is typed", arguments: [false, true])
    func longName(isProtected: Bool) throws {
        var desk = Desk(rows: .numbered(0..<2000), isProtected: isProtected)
        let hosts = (1...9).map { "db-0\($0).eu-central.example:5432" }.joined(separator: ",")
        desk.state.store.name = "postgres://app@\(hosts)/sessions"
        if isProtected {
            desk.press("X")
        } else {
            desk.press(":")
            desk.type("revoke everyone")
            desk.press("Enter")
        }
        let expected = try #require(desk.revokeDialog?.confirmation.expected)
        #expect(expected == "postgres://app@db-01.eu-central.example:")
        for size in [Size.smallest, Size(columns: 80, rows: 24)] {
            #expect(render(desk.state, size: size).text.contains(expected))
        }
        confirm(&desk)
        #expect(desk.revoked != nil)
    }

    @Test("A name that is not typed whole confirms nothing where a dialog can show it")
    func halfName() {
        var desk = Desk(rows: .numbered(0..<40), isProtected: true)
        desk.state.store.name = "a-context-with-a-name-of-35-columns"
        desk.open("X")
        desk.wait(Confirmation.armingTime)
        desk.type("INC-1")
        desk.press("Tab")
        desk.type("a-context")
        desk.press("Tab", "Tab", "Tab", "Enter")
        #expect(desk.revoked == nil)
        #expect(desk.revokeDialog?.problem == "type a-context-with-a-name-of-35-columns to confirm")
    }

    @Test("A typed name arms only after three seconds")
    func arming() {
        var desk = Desk(rows: .numbered(0..<40), isProtected: true)
        desk.open("X")
        desk.type("INC-1")
        desk.press("Tab")
        desk.type("prod-eu")
        desk.press("Tab", "Tab", "Tab", "Enter")
        #expect(desk.revoked == nil && desk.revokeDialog?.problem == "arming: 3 s")
        desk.wait(.milliseconds(1000))
        #expect(desk.revokeDialog?.problem == "arming: 2 s")
        desk.wait(.milliseconds(1600))
        #expect(desk.revokeDialog?.problem == nil, "what is over is told no more")
        desk.press("Enter")
        #expect(desk.revoked != nil)
    }

    @Test("All of a user: exactly those shown, or the rule where that is chosen")
    func user() throws {
        let rows = [SessionRow].numbered(0..<2000)
        var desk = Desk(rows: rows)
        desk.open("A")
        let dialog = try #require(desk.revokeDialog)
        #expect(Set(dialog.frozen.ids) == Set(rows.filter { $0.user == "user0" }.map(\.id)))
        #expect(dialog.reach == .these && dialog.controls.first == .reach)
        desk.press("Shift-Tab", " ")
        #expect(desk.revokeDialog?.target == .user("user0"))
        confirm(&desk)
        #expect(desk.revoked == .user("user0"))
    }

    @Test("Whose sessions are ended, or what they match, and how many they are, is said at every size")
    func subject() {
        let name = "a-name-of-many-words-that-fits-no-line@corp.example"
        let rows = (0..<40).map { SessionRow.numbered($0, user: $0 < 30 ? name : "bob") }
        var desk = Desk(rows: rows)
        func screens() -> [String] {
            [Size.smallest, Size(columns: 80, rows: 24), Size(columns: 200, rows: 60)]
                .map { render(desk.state, size: $0).text }
        }
        desk.open("A")
        for screen in screens() {
            #expect(screen.contains("End 30 sessions of a-name") && screen.contains("…") && screen.contains("ple ?"))
        }
        desk.press("Shift-Tab", " ")
        for screen in screens() {
            #expect(screen.contains("End every session of a-name") && screen.contains(", 30 now ?"))
        }
        desk.press("Esc", ":")
        desk.type("revoke user:b*")
        desk.press("Enter")
        for screen in screens() { #expect(screen.contains("End 10 sessions matching user:b* ?")) }
        desk.press("Esc", ":")
        desk.type("revoke everyone")
        desk.press("Enter")
        for screen in screens() { #expect(screen.contains("End every session of everyone, 40 now ?")) }
    }

    @Test("Every session that a dialog is about can be read, at every size", arguments: [12, 14, 24, 60], [2, 25, 60])
    func list(rows: Int, count: Int) {
        let size = Size(columns: rows < 24 ? 60 : 80, rows: rows)
        var desk = Desk(rows: .numbered(0..<2000), size: size)
        for _ in 0..<count { desk.press(" ") }
        let sessions = [SessionRow].numbered(0..<count)
        /// The sessions in the dialog's list, while a key is pressed again and again.
        func read(_ key: String) -> Set<IDHash> {
            var seen: Set<IDHash> = []
            for _ in 0...count {
                let screen = render(desk.state, size: size).text
                seen.formUnion(sessions.map(\.id).filter { screen.contains("    \($0.handle)  ") })
                desk.press(key)
            }
            return seen
        }
        for dialog in ["X", "E"] {
            desk.open(dialog)
            #expect(read("PgDn") == Set(sessions.map(\.id)), "\(dialog)")
            #expect(count <= 25 || rows == 60 || render(desk.state, size: size).text.contains("–60/60"), "\(dialog)")
            #expect(read("Up") == Set(sessions.map(\.id)), "\(dialog)")
            #expect(read("Down") == Set(sessions.map(\.id)), "\(dialog)")
            desk.press("Esc")
        }
    }

    @Test("Home and End go to the ends of a dialog's list, but move the cursor of a line that one types into")
    func endsOfList() {
        var desk = Desk(rows: .numbered(0..<2000))
        for _ in 0..<25 { desk.press(" ") }
        desk.open("X")
        #expect(desk.revokeDialog?.focus == .cancel)
        desk.press("End")
        let end = desk.revokeDialog?.top ?? 0
        #expect(end > 0 && render(desk.state, size: desk.state.size).text.contains("–25/25"))
        desk.press("Shift-Tab", "a", "Home", "b")
        #expect(desk.revokeDialog?.reason.text == "ba" && desk.revokeDialog?.top == end)
        desk.press("Tab", "Home")
        #expect(desk.revokeDialog?.top == 0)
    }

    @Test("What has changed since the dialog opened is told, and the set can be frozen anew")
    func drift() {
        var desk = Desk(rows: .numbered(0..<70))
        desk.open("A")
        #expect(desk.revokeDialog?.frozen.count == 10)
        desk.change([.numbered(700), .numbered(707), SessionRow.numbered(7).ended])
        #expect(desk.revokeDialog?.frozen.drift == FrozenSet.Drift(added: 2, gone: 1))
        #expect(render(desk.state, size: desk.state.size).text.contains("since then 2 new, 1 ended"))
        desk.press("Ctrl-F")
        #expect(desk.revokeDialog?.frozen.count == 10, "that is a page down, or a step in a text")
        desk.press("Ctrl-R")
        #expect(desk.effects == [.flushInput])
        #expect(desk.revokeDialog?.frozen.count == 11 && desk.revokeDialog?.frozen.drift.isNone == true)
        #expect(desk.revokeDialog?.typed.isEmpty == true)
    }

    @Test("What has ended already is left out of a dialog, and what ends behind it is shown as ended")
    func ended() {
        var rows = [SessionRow].numbered(0..<9)
        rows[0].deadlines.idle = Desk.wall + .seconds(2)
        rows[1].deadlines.idle = Desk.wall + .seconds(9)
        var desk = Desk(rows: rows)
        func isShown(_ row: SessionRow, _ word: String) -> Bool {
            let lines = render(desk.state, size: desk.state.size).text.split(separator: "\n")
            return lines.contains { $0.contains("    \(row.id.handle)  ") && $0.contains(word) }
        }
        for _ in 0..<4 { desk.press(" ") }
        // The store has told nothing since: the row stands in the table as it was.
        desk.send(.tick(Moment(wall: Desk.wall + .seconds(3), monotonic: Desk.origin + .seconds(3))))
        desk.open("X")
        #expect(desk.revokeDialog?.frozen.ids == rows[1..<4].map(\.id) && desk.revokeDialog?.frozen.endedCount == 1)
        let screen = render(desk.state, size: desk.state.size).text
        #expect(screen.contains("End 3 sessions ?") && screen.contains("1 more has ended already"))
        #expect(isShown(rows[1], "5s"))
        desk.wait(.seconds(6))
        #expect(isShown(rows[1], "expired") && !isShown(rows[1], "-0s"))
        desk.change([])
        let counted = render(desk.state, size: desk.state.size).text
        #expect(counted.contains("1 has ended since then   Ctrl-R leaves it out"))
        desk.press("Esc")
        desk.change([])
        desk.open("E")
        desk.change([rows[2].ended])
        guard case .dialog(.extend(let dialog)) = desk.state.overlay else {
            Issue.record("no dialog")
            return
        }
        #expect(dialog.frozen.ids == rows[2..<4].map(\.id) && dialog.frozen.endedCount == 2)
        #expect(dialog.outcome(of: dialog.frozen.lines[0], at: desk.state.now.wall) == .refused(.revoked))
        #expect(isShown(rows[2], "revoked") && isShown(rows[3], "to 1h29m"))
    }

    @Test("That marks are meant which the list hides, and not the row looked at, is warned of", arguments: ["X", "E"])
    func hiddenMarks(key: String) {
        var desk = Desk(rows: .numbered(0..<14))
        func isSaid(_ words: String) -> Bool {
            [Size.smallest, desk.state.size].allSatisfy { render(desk.state, size: $0).text.contains(words) }
        }
        func filter() {
            desk.press("/")
            desk.type("user:user3")
            desk.press("Enter")
        }
        let other = "not the row under the cursor"
        desk.press(" ")
        filter()
        desk.open(key)
        #expect(isSaid("1 marked session that the filter hides") && isSaid(other))
        desk.press("Esc", "Esc", "g", "j", " ")
        filter()
        desk.open(key)
        #expect(isSaid("2 marked sessions that the filter hides") && isSaid(other))
        // One more is marked, and in sight; the cursor goes on to the next.
        desk.press("Esc", " ")
        desk.open(key)
        #expect(isSaid("3 marked sessions, 2 of them hidden by the filter") && isSaid(other))
        desk.press("Esc", "k")
        desk.open(key)
        #expect(isSaid("3 marked sessions, 2 of them hidden by the filter") && !isSaid(other))
        desk.press("Ctrl-R")
        #expect(isSaid("3 marked sessions, 2 of them hidden by the filter"))
        desk.press("Esc", "Esc")
        desk.open(key)
        #expect(!isSaid("hidden by the filter") && !isSaid(other))
    }

    @Test("A dry run changes nothing, stands in the audit log, and leaves its dialog to go on from")
    func dryRun() throws {
        var desk = Desk(rows: .numbered(0..<70))
        desk.open("A")
        desk.press("Shift-Tab", "Shift-Tab", "Shift-Tab", "Enter")
        #expect(desk.effects.isEmpty && desk.revokeDialog?.problem == "dry run: a reason is required")
        desk.press("Shift-Tab", "Shift-Tab", "Shift-Tab")
        desk.type("INC-4471")
        desk.press("Tab", "Tab", "Tab", "Enter")
        let order = Order(actor: "mira@desk", reason: "INC-4471", at: desk.state.now.wall)
        #expect(desk.effects == [.record(.dryRun, target: "revoke 10 sessions", count: 10, order)])
        #expect(desk.state.jobs.jobs.isEmpty)
        let dialog = try #require(desk.revokeDialog)
        #expect(dialog.frozen.count == 10 && dialog.reason.text == "INC-4471" && dialog.focus == .dryRun)
        let told = "dry run: nothing was changed"
        for size in [Size.smallest, desk.state.size] { #expect(render(desk.state, size: size).text.contains(told)) }
        #expect(render(desk.state, size: desk.state.size).text.contains("10 sessions would be revoked"))
        desk.press("Enter")
        #expect(desk.effects.isEmpty, "the same is told, and put on the record, once")
        desk.press("Shift-Tab", "Shift-Tab", "Shift-Tab", "2")
        #expect(!render(desk.state, size: desk.state.size).text.contains(told))
        desk.press("Tab", "Tab", "Tab", "Enter")
        let other = Order(actor: "mira@desk", reason: "INC-44712", at: desk.state.now.wall)
        #expect(desk.effects == [.record(.dryRun, target: "revoke 10 sessions", count: 10, other)])
        desk.press("Shift-Tab", "Shift-Tab")
        desk.type("10")
        desk.press("Tab", "Tab", "Tab", "Enter")
        #expect(desk.revoked == .sessions(dialog.frozen.ids))
    }

    @Test("A dry run counts the sessions that are live by now, and tells how many have ended")
    func dryRunOfEnded() {
        var rows = [SessionRow].numbered(0..<9)
        rows[0].deadlines.idle = Desk.wall + .seconds(2)
        rows[1].deadlines.idle = Desk.wall + .seconds(4)
        var desk = Desk(rows: rows)
        func isTold(_ words: String) -> Bool { render(desk.state, size: desk.state.size).text.contains(words) }
        func order() -> Order { Order(actor: "mira@desk", reason: "x", at: desk.state.now.wall) }
        desk.press(" ", " ")
        desk.open("X")
        desk.press("Shift-Tab")
        desk.type("x")
        desk.press("Tab", "Tab")
        desk.wait(.seconds(2))
        desk.press("Enter")
        #expect(desk.effects == [.record(.dryRun, target: "revoke 2 sessions", count: 1, order())])
        #expect(isTold("dry run: 1 would be revoked, 1 has ended already; nothing was changed"))
        desk.wait(.seconds(2))
        desk.press("Enter")
        #expect(desk.effects == [.record(.dryRun, target: "revoke 2 sessions", count: 0, order())])
        #expect(isTold("dry run: 0 would be revoked, 2 have ended already; nothing was changed"))
        desk.press("Enter")
        #expect(desk.effects.isEmpty, "the same is told, and put on the record, once")
    }

    @Test("While the connection is lost nothing is revoked, however far the dialog has come")
    func lost() {
        var desk = Desk(rows: .numbered(0..<40))
        desk.open("X")
        desk.send(.pollFailed("no route to host"))
        desk.press("y")
        #expect(desk.revoked == nil)
        #expect(desk.revokeDialog?.problem?.hasPrefix("the connection is lost") == true)
        desk.send(.polled(took: .milliseconds(1)))
        desk.press("y")
        #expect(desk.revoked != nil)
    }

    @Test("What is in the way is told as it stands, and no more once it is over", arguments: ["X", "E"])
    func problemIsOver(key: String) {
        var desk = Desk(rows: .numbered(0..<40))
        func isTold(_ words: String) -> Bool {
            render(desk.state, size: desk.state.size).text.contains("▲ \(words)")
        }
        let lost = "the connection is lost: these data are"
        desk.open(key)
        if key == "E" {
            desk.press("Enter")
            desk.wait(Dialog.deafTime)
        }
        desk.send(.pollFailed("no route to host"))
        desk.press(key == "E" ? "Enter" : "y")
        #expect(isTold(lost))
        desk.send(.polled(took: .milliseconds(1)))
        #expect(!isTold(lost))
        desk.press("Tab")
        if key == "X" {
            desk.send(.pollFailed("no route to host"))
            desk.press("Enter")
            #expect(isTold("dry run: \(lost)"))
            desk.send(.polled(took: .milliseconds(1)))
            #expect(!isTold("dry run:"))
        }
    }

    @Test("Data that are too old are lost, too")
    func stale() {
        var desk = Desk(rows: .numbered(0..<40))
        let late = Moment(wall: Desk.wall + .seconds(11), monotonic: Desk.origin + .seconds(11))
        desk.send(.tick(late))
        desk.press("X")
        #expect(desk.isIdle && desk.state.flash?.text.contains("the connection is lost") == true)
    }
}
