internal import Foundation

/// The program in a terminal, started by a shell that has job control, as a person's shell has.
package final class RunningProgram {
    package let terminal: Tmux
    private let folder: URL

    /// The URL of the store that the demo writes.
    package var store: String { "sqlite:\(folder.path)/shop.db" }

    /// The program, built beside these tests.
    package static var path: String {
        URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent().appendingPathComponent("sessiontop")
            .path
    }

    /// Runs a test with a terminal that has a shell in it and nothing started yet, and ends the program afterwards.
    package static func with(
        columns: Int = 100, rows: Int = 30, _ body: (RunningProgram) async throws -> Void
    ) async throws {
        try await Tmux.with(columns: columns, rows: rows) { terminal in
            let program = try RunningProgram(in: terminal)
            defer { program.end() }
            try await body(program)
        }
    }

    private init(in terminal: Tmux) throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("program-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        try Data().write(to: folder.appendingPathComponent("none.yaml"))
        self.terminal = terminal
    }

    private func end() {
        if let pid = try? pid() { kill(pid, SIGKILL) }
        try? FileManager.default.removeItem(at: folder)
    }

    /// Starts a small demo, and waits until its sessions are on the screen.
    ///
    /// - Parameter options: what is typed after `demo`, besides a small fleet of its own.
    /// - Throws: ``Tmux/Failure`` where they never come.
    package func startDemo(_ options: String = "") async throws {
        try await start("demo --nodes 2 --users 40 --rate 40 --seed 7 --store \(store) \(options)")
        try await terminal.wait("sessions") { $0.contains("web-01") && $0.contains("Sessions") }
    }

    /// Starts the program, and leaves its process id where ``pid()`` finds it.
    package func start(_ arguments: String) async throws {
        let line = "echo $$ >\(pidFile.path); exec \(Self.path) \(arguments) --config \(folder.path)/none.yaml"
        let script = folder.appendingPathComponent("run")
        try line.write(to: script, atomically: true, encoding: .utf8)
        try await terminal.enter("sh \(script.path)")
    }

    /// Writes the configuration that the program finds when it is started.
    package func configure(_ yaml: String) throws {
        try Data(yaml.utf8).write(to: folder.appendingPathComponent("none.yaml"))
    }

    /// The program's process id.
    package func pid() throws -> Int32 {
        let text = try String(contentsOf: pidFile, encoding: .utf8)
        return Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
    }

    /// Sends the program a signal.
    package func send(_ signal: Int32) throws { kill(try pid(), signal) }

    /// What is wrong with the terminal after the program has gone or stopped; empty: it is whole.
    ///
    /// The shell has its prompt back, on the ordinary screen, with a cursor, and what is typed is echoed by line.
    package func damage() async throws -> [String] {
        try await terminal.enter("echo whole; stty -a")
        let screen = try await terminal.wait("the terminal's settings") {
            $0.contains("cchars") || $0.contains("iexten")
        }
        let modes = try await terminal.modes()
        let words = Set(screen.split(whereSeparator: { $0.isWhitespace || $0 == ";" }).map(String.init))
        var damage: [String] = []
        if modes.alternate { damage.append("the alternate screen is still on") }
        if !modes.cursor { damage.append("the cursor is hidden") }
        for setting in ["echo", "icanon", "isig", "icrnl", "opost"] where !words.contains(setting) {
            damage.append("\(setting) is off")
        }
        return damage
    }

    /// Takes the store away, as an unmounted disk would.
    package func hideStore() throws { try rename("shop.db", to: "away.db") }

    /// Puts it back.
    package func showStore() throws { try rename("away.db", to: "shop.db") }

    private func rename(_ old: String, to new: String) throws {
        let manager = FileManager.default
        try manager.moveItem(at: folder.appendingPathComponent(old), to: folder.appendingPathComponent(new))
    }

    private var pidFile: URL { folder.appendingPathComponent("pid") }
}
