import Foundation
import ProgramTesting
import Testing

extension InATerminal {
    /// However the program ends, the shell gets its terminal back.
    @Suite("The program leaves the terminal whole")
    struct TerminalIsLeftWholeTests {}
}

extension InATerminal.TerminalIsLeftWholeTests {
    /// A signal that ends the program, and the status that the shell must see.
    struct Death: CustomTestStringConvertible {
        var name: String
        var signal: Int32
        var testDescription: String { name }
    }

    @Test(
        "A signal that ends it",
        arguments: [
            Death(name: "TERM", signal: SIGTERM), Death(name: "HUP", signal: SIGHUP),
            Death(name: "INT", signal: SIGINT),
            Death(name: "QUIT", signal: SIGQUIT), Death(name: "SEGV", signal: SIGSEGV),
            Death(name: "ABRT", signal: SIGABRT), Death(name: "TRAP", signal: SIGTRAP),
        ])
    func signals(_ death: Death) async throws {
        try await RunningProgram.with { program in
            try await program.startDemo()
            try program.send(death.signal)
            try await program.terminal.wait("the prompt") { $0.contains("ready>") && !$0.contains("web-01") }
            try await program.terminal.enter("echo status $?.")
            try await program.terminal.wait(for: "status \(128 + death.signal).")
            #expect(try await program.damage() == [])
        }
    }

    @Test("A demo takes its temporary folder along, however often the terminal hangs up as it closes")
    func hangingUp() async throws {
        let manager = FileManager.default
        let folder = manager.temporaryDirectory.appendingPathComponent("hang-ups-\(UUID().uuidString)")
        try manager.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? manager.removeItem(at: folder) }
        try await RunningProgram.with { program in
            try await program.terminal.enter("export TMPDIR='\(folder.path)'")
            try await program.start("demo --nodes 2 --users 40 --rate 40 --seed 7")
            try await program.terminal.wait("sessions") { $0.contains("web-01") && $0.contains("Sessions") }
            #expect(try manager.contentsOfDirectory(atPath: folder.path).count == 1)
            for _ in 0..<3 { try program.send(SIGHUP) }
            try await program.terminal.wait("the prompt") { $0.contains("ready>") && !$0.contains("web-01") }
            try await program.terminal.enter("echo status $?.")
            try await program.terminal.wait(for: "status \(128 + SIGHUP).")
            #expect(try manager.contentsOfDirectory(atPath: folder.path).isEmpty)
        }
    }

    @Test("q at the root, with status 0")
    func leaving() async throws {
        try await RunningProgram.with { program in
            try await program.startDemo()
            try await program.terminal.press("q")
            try await program.terminal.wait("the prompt") { $0.contains("ready>") && !$0.contains("web-01") }
            try await program.terminal.enter("echo status $?.")
            try await program.terminal.wait(for: "status 0.")
            #expect(try await program.damage() == [])
        }
    }

    @Test("Ctrl-Z gives the terminal back, and fg takes it again")
    func suspending() async throws {
        try await RunningProgram.with { program in
            try await program.startDemo()
            try await program.terminal.press("C-z")
            try await program.terminal.wait("the prompt") { $0.contains("ready>") && !$0.contains("web-01") }
            #expect(try await program.damage() == [])
            try await program.terminal.enter("clear; fg")
            try await program.terminal.wait(for: "web-01")
            try await program.terminal.press("2")
            try await program.terminal.wait(for: "Users ")
            try await program.terminal.press("q", "q")
            try await program.terminal.wait(for: "ready>")
            #expect(try await program.damage() == [])
        }
    }

    @Test("After fg it goes on with the size that the terminal has got meanwhile")
    func resizedWhileSuspended() async throws {
        try await RunningProgram.with { program in
            try await program.startDemo()
            try await program.terminal.press("C-z")
            try await program.terminal.wait("the prompt") { $0.contains("ready>") && !$0.contains("web-01") }
            try await program.terminal.resize(columns: 200, rows: 40)
            try await program.terminal.enter("clear; fg")
            try await program.terminal.wait(for: "web-01")
            // Only where the state knows that there is room does detail open beside the table.
            try await program.terminal.press("Enter")
            try await program.terminal.wait("detail beside the table") {
                $0.contains("Session s:") && $0.contains(" IP ")
            }
            try await program.terminal.press("q", "q")
            try await program.terminal.wait(for: "ready>")
        }
    }

    @Test("A crash inside a dialog")
    func crashingInADialog() async throws {
        try await RunningProgram.with { program in
            try await program.startDemo()
            try await program.terminal.press("X")
            try await program.terminal.wait(for: "Cancel")
            try program.send(SIGSEGV)
            try await program.terminal.wait("the prompt") { $0.contains("ready>") && !$0.contains("web-01") }
            #expect(try await program.damage() == [])
        }
    }
}
