import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Enter in the dialog of a revoke")
struct RevokeEnterTests {
    @Test("Enter on a Revoke that isn't armed does nothing")
    func unarmed() {
        var desk = Desk(rows: .numbered(0..<2000))
        for _ in 0..<30 { desk.press(" ") }
        desk.open("X")
        desk.press("Shift-Tab")
        #expect(desk.revokeDialog?.focus == .revoke)
        desk.press("Enter")
        #expect(desk.revoked == nil && desk.revokeDialog?.problem == "a reason is required")
        desk.press("Tab")
        desk.type("INC-1")
        desk.press("Tab")
        desk.type("29")
        desk.press("Tab", "Tab", "Tab", "Enter")
        #expect(desk.revoked == nil && desk.revokeDialog?.problem == "type 30 to confirm")
    }

    @Test("Why nothing was done is said until the next key: what is missing then is said instead")
    func mended() {
        var desk = Desk(rows: .numbered(0..<2000))
        for _ in 0..<30 { desk.press(" ") }
        desk.open("X")
        desk.press("Shift-Tab", "Enter")
        #expect(desk.revokeDialog?.problem == "a reason is required")
        desk.press("Tab")
        desk.type("INC-1")
        let screen = render(desk.state, size: desk.state.size).text
        #expect(screen.contains("locked: type 30 to confirm") && !screen.contains("a reason is required"))
    }

    @Test("Keys typed ahead of the dialog are dropped, and so are pasted line breaks")
    func typedAhead() {
        var desk = Desk(rows: .numbered(0..<40))
        desk.press("X", "y", "Enter", "y")
        #expect(desk.revoked == nil && desk.revokeDialog != nil)
        desk.wait(.milliseconds(299))
        desk.press("y")
        #expect(desk.revoked == nil && desk.revokeDialog != nil)
        desk.wait(.milliseconds(1))
        desk.send(.key(.paste("y\ny\r\n")))
        #expect(desk.revoked == nil && desk.revokeDialog != nil)
        desk.press("y")
        #expect(desk.revoked != nil)
    }

    @Test("No number of blind Enters revokes anything", arguments: [1, 2, 25, 26, 40])
    func blindEnter(count: Int) {
        var desk = Desk(rows: .numbered(0..<100))
        for _ in 0..<count { desk.press(" ") }
        desk.open("X")
        for _ in 0..<20 where desk.revokeDialog != nil {
            desk.press("Enter")
            #expect(desk.revoked == nil)
        }
    }

    @Test("Enter in a line goes on to what has to be typed yet, then to Revoke")
    func goingOn() {
        var desk = Desk(rows: .numbered(0..<2000))
        for _ in 0..<30 { desk.press(" ") }
        desk.open("X")
        desk.press("Enter")
        #expect(desk.revokeDialog?.focus == .reason)
        desk.type("INC-1")
        desk.press("Enter")
        #expect(desk.revokeDialog?.focus == .confirmation)
        desk.type("29")
        desk.press("Enter")
        #expect(desk.revokeDialog?.focus == .confirmation)
        desk.press("Ctrl-U")
        desk.type("30")
        desk.press("Enter")
        #expect(desk.revokeDialog?.focus == .revoke)
        desk.press("Enter", "Enter")
        #expect(desk.revoked == nil && desk.revokeDialog != nil, "an Enter of the same burst is no answer")
        desk.wait(Dialog.deafTime)
        desk.press("Enter")
        #expect(desk.revoked != nil)
    }

    @Test("Where no number is typed, Enter leads to Revoke only from a reason, and for one", arguments: [1, 2])
    func goingOnWithoutNumber(count: Int) {
        var desk = Desk(rows: .numbered(0..<40))
        for _ in 0..<count { desk.press(" ") }
        desk.open("X")
        desk.press("Shift-Tab", "Enter")
        let next: RevokeDialog.Focus = count == 1 ? .cancel : .reason
        #expect(desk.revokeDialog?.focus == next)
        desk.press(count == 1 ? "Shift-Tab" : "End")
        desk.send(.key(.paste("INC-1\n\n")))
        desk.press("Enter")
        #expect(desk.revokeDialog?.focus == (count == 1 ? .revoke : .cancel))
        desk.press("Enter", "Enter")
        #expect(desk.revoked == nil && (desk.revokeDialog == nil) == (count > 1))
        guard count == 1 else { return }
        desk.wait(Dialog.deafTime)
        desk.press("Enter")
        #expect(desk.revoked != nil)
    }

    @Test("Enter held down is no answer, however long it is held, and neither is a y with it")
    func heldEnter() {
        var desk = Desk(rows: .numbered(0..<40))
        desk.open("X")
        desk.type("INC-1")
        for _ in 0..<20 {
            desk.press("Enter", "y")
            #expect(desk.revoked == nil && desk.revokeDialog?.focus == .revoke)
            desk.wait(.milliseconds(200))
        }
        desk.wait(Dialog.deafTime)
        desk.press("y")
        #expect(desk.revoked != nil)
    }
}
