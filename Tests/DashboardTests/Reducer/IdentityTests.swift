import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Sessions are held by id, never by row")
struct IdentityTests {
    @Test("Whatever changes, the cursor stays on its session while that is listed", arguments: 0..<40 as Range<UInt64>)
    func cursor(seed: UInt64) throws {
        var random = RandomRows(seed: seed)
        random.idCount = 40
        var desk = Desk(rows: (0..<30).map { _ in random.row(at: Desk.wall) })
        desk.press("j", "j", "j")
        for _ in 0..<60 {
            let before = desk.state.list.cursor
            let rows = (0..<5).map { _ in random.row(at: desk.state.now.wall) }
            let removed = random.random.once(in: 3) ? [random.id()] : []
            let marks = desk.state.list.table.marks
            desk.change(rows, removed: removed)
            if random.random.once(in: 4) { desk.wait(.seconds(3)) }
            if random.random.once(in: 6) { desk.press(random.random.pick(["<", ">", "I"])) }
            if let before, desk.state.list.table.shows(before) { #expect(desk.state.list.cursor == before) }
            #expect(desk.state.list.table.marks.isSubset(of: marks))
            try expectConsistent(desk.state.list)
            desk.press(random.random.pick(["j", "k", " ", "G", "g"]))
            try expectConsistent(desk.state.list)
        }
    }

    private func expectConsistent(_ list: SessionList) throws {
        #expect(list.cursor == list.table.id(at: list.cursorPlace))
        #expect((list.cursor == nil) == list.table.isEmpty)
        #expect(list.table.marks.allSatisfy { list.table.holds($0) })
        #expect(list.hiddenMarkCount == list.table.marks.filter { !list.table.shows($0) }.count)
    }

    @Test("Until a row is chosen, the cursor is on the first, whichever that is")
    func unmoved() {
        var desk = Desk(rows: .numbered(100..<200))
        desk.press("<", ">")
        for _ in 0..<5 {
            let first = desk.state.list.cursor
            desk.change([], removed: first.map { [$0] } ?? [])
            #expect(desk.state.list.cursorPlace == 0 && desk.state.list.top == 0)
            #expect(desk.state.list.cursor != first)
        }
        desk.change(.numbered(0..<20))
        #expect(desk.state.list.cursorPlace == 0 && desk.state.list.top == 0)
    }

    @Test("When the cursor's session goes, the one that came after it takes its place", arguments: 0..<9)
    func successor(gone: Int) {
        let rows = [SessionRow].numbered(0..<10)
        var desk = Desk(rows: rows)
        for _ in 0..<gone { desk.press("j") }
        #expect(desk.state.list.cursor == rows[gone].id)
        desk.change([], removed: [rows[gone].id])
        #expect(desk.state.list.cursor == rows[gone + 1].id)
    }

    @Test("When the last session goes, the cursor goes to the one before")
    func predecessor() {
        let rows = [SessionRow].numbered(0..<10)
        var desk = Desk(rows: rows)
        desk.press("G")
        desk.change([], removed: [rows[9].id])
        #expect(desk.state.list.cursor == rows[8].id)
    }

    @Test("Rows that come above the cursor don't move it on the screen")
    func offset() {
        var desk = Desk(rows: .numbered(100..<200))
        desk.press("PgDn", "PgDn", "j")
        let offset = desk.state.list.cursorPlace - desk.state.list.top
        let cursor = desk.state.list.cursor
        desk.wait(.seconds(3))
        desk.change(.numbered(0..<20))
        #expect(desk.state.list.cursor == cursor)
        #expect(desk.state.list.cursorPlace - desk.state.list.top == offset)
    }

    @Test("Marks that the filter hides stay, are counted, and are said")
    func hiddenMarks() {
        var desk = Desk(rows: .numbered(0..<14))
        desk.press(" ", " ", " ")
        #expect(desk.state.list.table.marks.count == 3)
        desk.press("/")
        desk.type("user:user1")
        desk.press("Enter")
        #expect(desk.state.list.table.marks.count == 3 && desk.state.list.hiddenMarkCount == 2)
        desk.press("j", " ")
        #expect(desk.state.flash?.text == "4 marked (2 hidden by filter)")
        desk.open("X")
        #expect(desk.revokeDialog?.frozen.count == 4 && desk.revokeDialog?.frozen.hiddenCount == 2)
    }

    @Test("A range of marks reaches from where it began to the cursor, either way", arguments: [true, false])
    func range(isDownwards: Bool) {
        let rows = [SessionRow].numbered(0..<10)
        var desk = Desk(rows: rows)
        desk.press("j", "j", "j", "j", "v")
        for _ in 0..<3 { desk.press(isDownwards ? "j" : "k") }
        desk.press("v")
        let expected = isDownwards ? rows[4...7] : rows[1...4]
        #expect(desk.state.list.table.marks == Set(expected.map(\.id)))
        desk.press("U")
        #expect(desk.state.list.table.marks.isEmpty)
    }

    @Test("Mark all marks what is listed, and nothing else")
    func markAll() {
        var desk = Desk(rows: .numbered(0..<70))
        desk.press("/")
        desk.type("user:user3")
        desk.press("Enter", "*")
        #expect(desk.state.list.table.marks.count == 10)
        #expect(desk.state.list.table.marks == Set(desk.state.list.table.ids()))
    }
}
