import Foundation

/// A terminal that a test owns: one private tmux server with one window, ended with ``close()``.
final class Tmux {
    /// What went wrong on the way to what was waited for, with the screen as it stood.
    struct Failure: Error, CustomStringConvertible {
        let description: String
    }

    private let socket = "sessiontop-test-\(UUID().uuidString)"
    private let configuration: URL

    /// Starts a shell in a window of a size.
    ///
    /// The shell is `sh`, which has job control here, so Ctrl-Z and `fg` work as they do for a person.
    init(columns: Int = 80, rows: Int = 24, terminal: String = "tmux-256color") throws {
        configuration = FileManager.default.temporaryDirectory.appendingPathComponent("\(socket).conf")
        try """
        set -g default-terminal \(terminal)
        set -g status off
        set -sg escape-time 5
        set -g default-size \(columns)x\(rows)
        set -g remain-on-exit on
        """.write(to: configuration, atomically: true, encoding: .utf8)
        try run(
            "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-e", "LANG=C.UTF-8", "-e", "LC_ALL=C.UTF-8",
            "-e", "PS1=ready> ", "sh")
        try wait(for: "ready>")
    }

    /// Ends the server and whatever runs in it.
    func close() {
        _ = try? run("kill-server")
        try? FileManager.default.removeItem(at: configuration)
    }

    /// Presses keys, by tmux's names for them: `Enter`, `Escape`, `C-z`, `j`.
    func press(_ keys: String...) throws {
        for key in keys { try run("send-keys", key) }
    }

    /// Types text as it is.
    func type(_ text: String) throws { try run("send-keys", "-l", text) }

    /// Types a command line and ends it with Enter.
    func enter(_ line: String) throws {
        try type(line)
        try press("Enter")
    }

    /// Changes the window's size.
    func resize(columns: Int, rows: Int) throws {
        try run("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// The screen as text.
    func screen() throws -> String { try run("capture-pane", "-p") }

    /// Whether the alternate screen is on, and whether the cursor shows: a whole terminal has `false` and `true`.
    func modes() throws -> (alternate: Bool, cursor: Bool) {
        let flags = try run("display-message", "-p", "#{alternate_on} #{cursor_flag}").split(whereSeparator: \.isWhitespace)
        return (flags.first == "1", flags.last == "1")
    }

    /// Waits until the screen satisfies a condition.
    ///
    /// A terminal tells nobody when it has drawn, so this looks again every 30 ms, for at most 60 s.
    @discardableResult
    func wait(_ what: String, until condition: (String) throws -> Bool) throws -> String {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            let screen = try screen()
            if try condition(screen) { return screen }
            guard ContinuousClock.now < deadline else { throw Failure(description: "never came: \(what)\n\(screen)") }
            Thread.sleep(forTimeInterval: 0.03)
        }
    }

    /// Waits until a text stands on the screen.
    @discardableResult
    func wait(for text: String) throws -> String { try wait("'\(text)'") { $0.contains(text) } }

    /// Waits until a text has left the screen.
    @discardableResult
    func wait(forNo text: String) throws -> String { try wait("no '\(text)'") { !$0.contains(text) } }

    @discardableResult
    private func run(_ arguments: String...) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["tmux", "-L", socket, "-f", configuration.path] + arguments
        let output = Pipe()
        let errors = Pipe()
        process.standardOutput = output
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let complaint = String(decoding: errors.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw Failure(description: "tmux \(arguments.first ?? ""): \(complaint) (is tmux installed? Tests/run does it)")
        }
        return text
    }
}
