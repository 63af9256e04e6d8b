import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Secrets")
struct SecretsTests {
    @Test("Secrets are shown only with a reason, only when that is on the record, and for 30 seconds")
    func reveal() {
        let rows = [SessionRow].numbered(0..<9)
        var desk = Desk(rows: rows)
        desk.press("Enter")
        desk.open("M")
        desk.press("Tab", "Tab", "Enter")
        #expect(desk.effects.isEmpty && !desk.state.isRevealed)
        desk.press("Tab")
        desk.type("CS-118")
        desk.press("Enter", "Enter")
        let order = Order(actor: "mira@desk", reason: "CS-118", at: desk.state.now.wall)
        #expect(desk.effects == [.reveal(rows[0].id, order)] && !desk.state.isRevealed)
        desk.send(.revealed(rows[0].id))
        #expect(desk.state.isRevealed)
        desk.wait(.milliseconds(29_900))
        #expect(desk.state.isRevealed)
        desk.wait(.milliseconds(100))
        #expect(!desk.state.isRevealed)
    }

    @Test("Another session is masked, and so is everything once one has left")
    func maskedAgain() {
        let rows = [SessionRow].numbered(0..<9)
        for key in ["j", "Esc", "3", "M"] {
            var desk = Desk(rows: rows)
            desk.press("Enter")
            desk.send(.revealed(rows[0].id))
            #expect(desk.state.isRevealed)
            desk.press(key)
            #expect(!desk.state.isRevealed, "after \(key)")
        }
        var desk = Desk(rows: rows)
        desk.press("Enter", "j")
        desk.send(.revealed(rows[0].id))
        #expect(!desk.state.isRevealed, "an answer about another session")
    }

    @Test("The dialog before an export says which sessions are written, how many, and into which folder")
    func exportDialog() {
        var desk = Desk(rows: .numbered(0..<70))
        desk.state.folder = "/srv/mira"
        func isSaid(_ words: String...) -> Bool {
            [Size.smallest, desk.state.size].allSatisfy { size in
                let screen = render(desk.state, size: size).text
                return words.allSatisfy { screen.contains($0) }
            }
        }
        desk.open("W")
        #expect(isSaid("Write 70 sessions into", "All that the list shows ", "into     /srv/mira "))
        desk.press("Esc", " ", "/")
        desk.type("user:user3")
        desk.press("Enter")
        desk.open("W")
        #expect(isSaid("Write 10 sessions into", "All that match user:user3, marked or not", "into     /srv/mira "))
        for (path, folder) in [("/a.csv", "/"), ("/tmp/b/a.csv", "/tmp/b"), ("b/a.csv", "/srv/mira/b")] {
            desk.press("Ctrl-U")
            desk.type(path)
            #expect(isSaid("into     \(folder) "), "\(path)")
        }
        desk.press("Esc", ":")
        desk.type("user user0")
        desk.press("Enter")
        desk.open("W")
        #expect(isSaid("Write 10 sessions into", "All of user0"))
    }

    @Test("Where an export is not on the record, its dialog doesn't say that it is", arguments: 0..<3)
    func unrecordedExport(place: Int) {
        var capabilities = Capabilities.all
        if place == 1 { capabilities.audit = .no(because: "nobody keeps a log") }
        let readOnly = place == 2 ? "--read-only was given" : nil
        var desk = Desk(rows: .numbered(0..<9), readOnly: readOnly, capabilities: capabilities)
        desk.open("W")
        let screen = render(desk.state, size: desk.state.size).text
        let words = ["It goes into the audit log.", "Not recorded: nobody keeps a log.", "Not recorded: read-only."]
        #expect(words.filter { screen.contains($0) } == [words[place]])
        desk.press("Enter", "Enter")
        let records = desk.effects.map { if case .export(_, let record) = $0 { record != nil } else { false } }
        #expect(records == [place == 0])
    }

    @Test("An export holds what is listed, in its order, and is on the record")
    func export() {
        var desk = Desk(rows: .numbered(0..<70))
        desk.press("/")
        desk.type("user:user3")
        desk.press("Enter")
        desk.open("W")
        desk.press("Tab", " ", "Enter", "Enter")
        guard case .export(let export, let record) = desk.effects.first else {
            Issue.record("nothing is written")
            return
        }
        #expect(export.content.sessionCount == 10 && export.filter == "user:user3")
        let rows = desk.state.list.table.ids().compactMap { desk.state.list.table.row(of: $0) }
        #expect(export.content == .sessions(rows))
        #expect(export.format == .jsonl && export.path == "sessions-20270115T080000Z.jsonl")
        #expect(record == Order(actor: "mira@desk", reason: nil, at: desk.state.now.wall) && desk.effects.count == 1)
    }
}
