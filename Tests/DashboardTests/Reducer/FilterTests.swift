import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Filtering and finding")
struct FilterPromptTests {
    @Test("A filter acts while one types, and Escape brings back what was")
    func live() {
        var desk = Desk(rows: .numbered(0..<70))
        desk.press("j", "j")
        let cursor = desk.state.list.cursor
        desk.press("/")
        desk.type("user:user3")
        #expect(desk.state.list.count == 10)
        desk.press("Esc")
        #expect(desk.state.list.count == 70 && desk.state.list.cursor == cursor && desk.isIdle)
    }

    @Test(
        "A filter that can't be understood matches nothing, and enables nothing of more than one row",
        arguments: ["ttl<", "nosuch:x", "(a", "ip:999.1.1.1", "a or"])
    func invalid(text: String) {
        var desk = Desk(rows: .numbered(0..<70))
        desk.press(" ", " ", "/")
        desk.type(text)
        desk.press("Enter")
        #expect(desk.state.list.filter.error != nil && desk.state.list.count == 0)
        for key in ["*", "X", "A", "W", "E"] {
            desk.press(key)
            #expect(desk.effects.isEmpty && desk.isIdle, "\(key) with \(text)")
        }
        #expect(desk.state.list.table.marks.count == 2)
        for line in ["revoke everyone", "revoke user:alice"] {
            desk.press(":")
            desk.type(line)
            desk.press("Enter")
            #expect(desk.effects.isEmpty && desk.isIdle, "\(line)")
        }
        desk.press("Esc")
        #expect(desk.state.list.count == 70)
    }

    @Test("The cursor comes back to its session when a filter can be understood again")
    func cursorReturns() {
        var desk = Desk(rows: .numbered(0..<70))
        desk.press("G")
        let cursor = desk.state.list.cursor
        desk.press("/")
        desk.type("user:")
        #expect(desk.state.list.cursor == nil)
        desk.type("user6")
        #expect(desk.state.list.cursor == cursor)
    }

    @Test("A filter that mentions states has the ended rows read")
    func states() {
        var desk = Desk(rows: [.numbered(1), SessionRow.numbered(2).ended])
        #expect(desk.state.list.count == 1)
        desk.press("/")
        desk.type("state:*")
        desk.press("Enter")
        desk.wait(.seconds(3))
        #expect(desk.effects.contains(.loadPage(after: nil, limit: Polling.pageSize, generation: 2)))
        desk.load([.numbered(1), SessionRow.numbered(2).ended])
        #expect(desk.state.list.count == 2)
    }

    @Test("What was typed can be recalled, the newest first")
    func history() {
        var desk = Desk(rows: .numbered(0..<7))
        for text in ["user:a", "user:b"] {
            desk.press("/", "Ctrl-U")
            desk.type(text)
            desk.press("Enter")
        }
        desk.press("/", "Up", "Up")
        #expect(desk.state.list.filter.text == "user:a")
        desk.press("Down")
        #expect(desk.state.list.filter.text == "user:b")
    }

    @Test("Finding hides nothing, goes round the list, and Escape goes back")
    func find() {
        let rows = [SessionRow].numbered(0..<70)
        var desk = Desk(rows: rows)
        desk.press("F3")
        desk.type("user3")
        #expect(desk.state.list.cursor == rows[3].id && desk.state.list.count == 70)
        desk.press("Enter", "n")
        #expect(desk.state.list.cursor == rows[10].id)
        desk.press("N", "N")
        #expect(desk.state.list.cursor == rows[66].id)
        desk.press("F3", "Ctrl-U")
        desk.type("nobody")
        desk.press("Esc")
        #expect(desk.state.list.cursor == rows[66].id)
        desk.press("F3", "Ctrl-U")
        desk.type("nobody")
        desk.press("Enter")
        #expect(desk.state.flash?.text == "not found: nobody" && desk.state.list.cursor == rows[66].id)
    }

    @Test("Tab completes commands and what they are about")
    func completion() {
        var desk = Desk(rows: .numbered(0..<7))
        desk.press(":")
        desk.type("aud")
        desk.press("Tab", "Enter")
        #expect(desk.state.navigation.place == .audit)
        desk.press("1", ":")
        desk.type("theme n")
        desk.press("Tab", "Enter")
        #expect(desk.effects == [.setTheme("nord")])
    }

    @Test("A field of text is bounded, and takes no control characters", arguments: 0..<20 as Range<UInt64>)
    func field(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var field = TextField(limit: 12)
        let keys: [Key] = [
            .character("a"), .character("作"), .character("\u{1B}"), .character("\u{9B}"), .paste("x\ny\u{7}z\r\nw"),
            .backspace, .delete, .left, .right, .home, .end, .control("w"), .control("u"), .control("k"), .enter,
        ]
        for _ in 0..<200 {
            _ = field.press(random.pick(keys))
            #expect(field.characters.count <= 12 && (0...field.characters.count).contains(field.cursor))
            #expect(!field.characters.contains { $0.isControl })
        }
    }
}
