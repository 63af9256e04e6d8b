import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("How wide dialogs are")
struct DialogWidthTests {
    private static let (small, large) = (Size(columns: 80, rows: 24), Size(columns: 200, rows: 60))

    /// The columns of a dialog's frame on a screen; `nil`: it isn't there.
    private func width(of title: String, on screen: String) -> Int? {
        for line in screen.split(separator: "\n") {
            guard let start = line.firstRange(of: "┌─ \(title)")?.lowerBound else { continue }
            return line[start...].firstIndex(of: "┐").map { line.distance(from: start, to: $0) + 1 }
        }
        return nil
    }

    @Test("A dialog is as wide as its list needs, where the screen is", arguments: ["X Revoke", "E Extend"])
    func list(dialog: String) throws {
        let (user, address) = ("a-name-of-many-words@corp.example", "2001:db8:85a3:1111:2222:8a2e:370:7334")
        let rows = (0..<4).map { number in
            var row = SessionRow.numbered(number, user: user)
            row.ip = address
            return row
        }
        let (key, title) = (String(dialog.prefix(1)), String(dialog.dropFirst(2)))
        var desk = Desk(rows: rows, size: Self.large)
        desk.press(" ", " ")
        desk.open(key)
        let line = "    \(rows[1].id.handle)  \(user)  \(address)  "
        let (wide, narrow) = (render(desk.state, size: Self.large).text, render(desk.state, size: Self.small).text)
        #expect(wide.contains(line) && !narrow.contains(line))
        let columns = try #require(width(of: title, on: wide))
        #expect((81...120).contains(columns) && width(of: title, on: narrow) == 78)
    }

    @Test("A dialog that would leave next to nothing of the view beside it takes the whole width")
    func narrow() {
        for (columns, expected) in [(60, 58), (76, 74), (80, 78), (83, 81), (84, 74), (90, 74)] {
            let size = Size(columns: columns, rows: 24)
            var desk = Desk(rows: .numbered(0..<4), size: size)
            desk.open("X")
            #expect(width(of: "Revoke", on: render(desk.state, size: size).text) == expected, "\(columns)")
        }
    }

    @Test("A long reason is whole where the screen is wide, and what is short leaves the view in sight")
    func reason() {
        var desk = Desk(rows: .numbered(0..<4), size: Self.large)
        desk.open("X")
        #expect(width(of: "Revoke", on: render(desk.state, size: Self.large).text) == 74)
        let reason = "INC-4471: all that came from the leaked backup of the 20th"
        desk.type(reason)
        #expect(render(desk.state, size: Self.large).text.contains(reason))
        #expect(width(of: "Revoke", on: render(desk.state, size: Self.large).text) == 120)
        #expect(width(of: "Revoke", on: render(desk.state, size: Self.small).text) == 78)
    }
}
