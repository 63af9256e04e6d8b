import Foundation
import ProgramTesting
import Testing

extension InATerminal {
    /// The program as a person uses it: keys in, a screen out, on a store that a fleet is writing to.
    @Suite("A person at the dashboard")
    struct DashboardJourneyTests {}
}

extension InATerminal.DashboardJourneyTests {
    @Test("Each view is a key away, and help is made of the commands")
    func views() async throws {
        try await RunningProgram.with(columns: 120, rows: 40) { program in
            try await program.startDemo()
            for (key, text) in [("2", "Users "), ("3", "Hit rate"), ("4", "web-02"), ("5", "Audit"), ("1", "HANDLE")] {
                try await program.terminal.press(key)
                try await program.terminal.wait("view \(key)") { $0.contains("[\(key) ") && $0.contains(text) }
            }
            try await program.terminal.press("?")
            try await program.terminal.wait(for: "end the marked, or this")
            try await program.terminal.press("Escape")
            try await program.terminal.wait(forNo: "end the marked, or this")
        }
    }

    @Test("Another context is looked at, and one that can't be opened leaves everything as it is")
    func contexts() async throws {
        try await RunningProgram.with(columns: 120, rows: 40) { program in
            try await program.startDemo()
            try await RunningProgram.with(columns: 120, rows: 40) { second in
                try second.configure(
                    """
                    contexts:
                      first: { store: "\(program.store)" }
                      second: { store: "\(program.store)", readOnly: true }
                      third: { store: "sqlite:/nowhere/shop.db" }
                    """)
                try await second.start("first")
                try await second.terminal.wait("the first") { $0.contains("web-01") && $0.contains(" RW") }
                try await second.terminal.type(":ctx third")
                try await second.terminal.press("Enter")
                try await second.terminal.wait("the complaint") { $0.contains("ctx: ") && $0.contains(" RW") }
                try await second.terminal.type(":ctx second")
                try await second.terminal.press("Enter")
                try await second.terminal.wait("the second") { $0.contains("web-01") && $0.contains(" RO") }
            }
        }
    }

    @Test("A session is inspected, found by filter, and a bad filter says where it is wrong")
    func filter() async throws {
        try await RunningProgram.with(columns: 120, rows: 40) { program in
            try await program.startDemo()
            try await program.terminal.press("/")
            try await program.terminal.type("node:web-02 ttl<")
            try await program.terminal.wait("the complaint") { $0.contains("0 of") || $0.contains("expected") }
            try await program.terminal.type("9h")
            try await program.terminal.press("Enter")
            try await program.terminal.wait("only web-02") {
                $0.contains("filter node:web-02") && !$0.contains("web-01")
            }
            try await program.terminal.press("d")
            try await program.terminal.wait(for: "handle")
            try await program.terminal.press("Escape")
            try await program.terminal.wait(for: "AGENT")
            try await program.terminal.press("Escape")
            try await program.terminal.wait(for: "web-01")
        }
    }

    @Test("A revoke on one dashboard ends the session on another, and is told in two stages")
    func revoke() async throws {
        try await RunningProgram.with(columns: 120, rows: 40) { program in
            try await program.startDemo()
            try await RunningProgram.with(columns: 120, rows: 40) { second in
                try await second.start(program.store)
                try await second.terminal.wait(for: "web-01")
                try await second.terminal.press("X")
                let dialog = try await second.terminal.wait("the dialog") {
                    $0.contains("End s:") && $0.contains("[ Revoke ]")
                }
                let handle = try #require(dialog.firstMatch(of: /End s:([0-9a-f]{12})/)).output.1
                try await second.terminal.press("Tab", "Tab")
                // What is pressed within the first moment is not taken for an answer.
                try await second.terminal.wait("it listens") { screen in
                    try await second.terminal.press("y")
                    return !screen.contains("[ Revoke ]")
                }
                try await second.terminal.wait(for: "effective")
                try await program.terminal.press("/")
                try await program.terminal.type("id:\(handle) state:revoked")
                try await program.terminal.press("Enter")
                try await program.terminal.wait("the row, ended") { $0.contains("revoked") && $0.contains("✗") }
                try await program.terminal.press("Escape", "5")
                try await program.terminal.wait("its entry") { $0.contains("revoke") && $0.contains("Audit") }
            }
        }
    }

    @Test("A store that goes away freezes nothing, and comes back")
    func lostStore() async throws {
        try await RunningProgram.with(columns: 120, rows: 40) { program in
            try await program.startDemo()
            try await RunningProgram.with(columns: 120, rows: 40) { second in
                try await second.start(program.store)
                try await second.terminal.wait(for: "web-01")
                try program.hideStore()
                try await second.terminal.wait("the loss") { $0.contains("lost, data") }
                try await second.terminal.press("2")
                try await second.terminal.wait(for: "[2 Users]")
                try program.showStore()
                try await second.terminal.wait(for: "● ok")
            }
        }
    }

    @Test("A change of size leaves nothing of what was there before")
    func nothingStays() async throws {
        try await RunningProgram.with(columns: 80, rows: 24) { program in
            try await program.startDemo()
            for (key, name, columns, rows) in [
                ("2", "users", 200, 60), ("3", "stats", 80, 24), ("4", "nodes", 120, 40), ("5", "audit", 80, 24),
            ] {
                try await program.terminal.resize(columns: columns, rows: rows)
                try await program.terminal.press(key)
                try await program.terminal.wait("\(name), whole") { screen in
                    let lines = screen.split(separator: "\n", omittingEmptySubsequences: false).map {
                        $0.replacing("\u{A0}", with: " ")
                    }
                    guard lines.count >= rows, lines[rows - 1].contains("? help") else { return false }
                    return lines[0].hasPrefix(" sqlite:") && lines[1].hasPrefix("  1 Sessions ")
                        && lines[rows - 3].trimmingCharacters(in: .whitespaces) == name
                        && lines[rows - 2].allSatisfy { $0 == " " }
                }
            }
        }
    }

    @Test("Small, large and back: the screen follows")
    func resizing() async throws {
        try await RunningProgram.with(columns: 120, rows: 40) { program in
            try await program.startDemo()
            try await program.terminal.resize(columns: 50, rows: 10)
            try await program.terminal.wait(forNo: "HANDLE")
            try await program.terminal.resize(columns: 200, rows: 60)
            try await program.terminal.wait("all of it") { $0.contains("AGENT") && $0.contains(" IP ") }
        }
    }
}
