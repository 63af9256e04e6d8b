import Screen
import Testing

@testable import Dashboard

@Suite("The table of commands")
struct CommandTableTests {
    private let scopes: [Scope] = [.list, .users, .stats, .nodes, .audit, .inspect, .result]

    @Test("Every command stands in the table once")
    func complete() {
        #expect(
            CommandTable.all.map(\.id).sorted { $0.rawValue < $1.rawValue }
                == CommandID.allCases.sorted { $0.rawValue < $1.rawValue })
        #expect(Set(CommandTable.all.map(\.name)).count == CommandTable.all.count)
    }

    @Test("No key means two things in one place")
    func unique() {
        for scope in scopes {
            var seen: [Key: CommandID] = [:]
            for command in CommandTable.commands(in: scope) {
                for key in command.keys {
                    #expect(seen[key] == nil, "\(key) runs \(command.id) and \(seen[key].map { "\($0)" } ?? "")")
                    seen[key] = command.id
                }
            }
        }
    }

    @Test("Every command says what it does, and can be reached by a key or by its name")
    func documented() {
        for command in CommandTable.all {
            #expect(!command.help.isEmpty && command.help.count <= 60)
            #expect(CommandTable.command(named: command.name)?.id == command.id)
            #expect(!command.name.contains(" ") && !command.scope.isEmpty)
            for key in command.keys { #expect(Key(key.description) == key) }
        }
    }

    @Test("What changes sessions is on no lower-case letter, and asks first")
    func dangerous() {
        for command in CommandTable.all where command.danger != .none {
            for key in command.keys {
                if case .character(let character) = key { #expect(character.isUppercase, "\(command.id) on \(key)") }
            }
        }
        for id in [CommandID.revoke, .revokeUser, .extend] {
            #expect(CommandTable[id]?.danger == .destructive)
            var desk = Desk(rows: .numbered(0..<5))
            desk.send(.key(CommandTable[id]?.keys.first ?? .escape))
            #expect(desk.effects == [.flushInput], "\(id) opens a dialog and does nothing else")
        }
    }

    @Test("A key that can't be used says why, and does nothing")
    func greyed() {
        var desk = Desk(rows: .numbered(0..<5), readOnly: "the context says so")
        desk.press("X")
        #expect(desk.effects.isEmpty && desk.isIdle)
        #expect(desk.state.flash?.text == "revoke: read-only: the context says so")
    }

    @Test("The table as Markdown has a row for each command that one can reach")
    func markdown() {
        let lines = CommandTable.markdown.split(separator: "\n")
        #expect(lines.count == CommandTable.all.filter { !$0.keys.isEmpty || $0.argument != nil }.count + 2)
        for line in lines { #expect(line.hasPrefix("|") && line.hasSuffix("|")) }
        #expect(CommandTable.markdown.contains("| `X` `F9` `Del` | `:revoke [FILTER\\|everyone]` |"))
        #expect(CommandTable.markdown.contains("`` ` ``"))
    }

    @Test("The beginning of a name is enough where only one begins so")
    func abbreviations() {
        #expect(CommandTable.command(named: "sess")?.id == .sessions)
        #expect(CommandTable.command(named: "revoke")?.id == .revoke)
        #expect(CommandTable.command(named: "re") == nil)
        #expect(CommandTable.command(named: "") == nil)
    }
}
