internal import Foundation
internal import Subprocess

/// A terminal that a test owns: one private tmux server with one window.
package final class Tmux {
    /// What went wrong on the way to what was waited for, with the screen as it stood.
    package struct Failure: Error, CustomStringConvertible {
        package let description: String
    }

    private let socket = "sessiontop-test-\(UUID().uuidString)"
    private let configuration: URL

    /// Runs a test with a shell in a window of a size, and ends whatever runs there afterwards.
    ///
    /// The shell is `sh`, which has job control here, so Ctrl-Z and `fg` work as they do for a person.
    package static func with<Result>(columns: Int, rows: Int, _ body: (Tmux) async throws -> Result) async throws
        -> Result
    {
        let terminal = try Tmux(columns: columns, rows: rows)
        do {
            try await terminal.begin(columns: columns, rows: rows)
            let result = try await body(terminal)
            await terminal.close()
            return result
        } catch {
            await terminal.close()
            throw error
        }
    }

    private init(columns: Int, rows: Int) throws {
        configuration = FileManager.default.temporaryDirectory.appendingPathComponent("\(socket).conf")
        // The server outlives the command that starts it; where the tests are killed it goes by itself.
        let watch = "while kill -0 \(ProcessInfo.processInfo.processIdentifier); do sleep 1; done; tmux kill-server"
        try """
        set -g default-terminal tmux-256color
        set -g status off
        set -sg escape-time 5
        set -g default-size \(columns)x\(rows)
        set -g remain-on-exit on
        run-shell -b '\(watch)'
        """.write(to: configuration, atomically: true, encoding: .utf8)
    }

    private func begin(columns: Int, rows: Int) async throws {
        try await run(
            "new-session", "-d", "-x", "\(columns)", "-y", "\(rows)", "-e", "LANG=C.UTF-8", "-e", "LC_ALL=C.UTF-8",
            "-e", "SWIFT_BACKTRACE=enable=no", "sh")
        try await enter("PS1='ready> '; clear")
        try await wait("a prompt") { $0.trimmingCharacters(in: .whitespacesAndNewlines) == "ready>" }
    }

    private func close() async {
        _ = try? await run("kill-server")
        try? FileManager.default.removeItem(at: configuration)
    }

    /// Presses keys, by tmux's names for them: `Enter`, `Escape`, `C-z`, `j`.
    package func press(_ keys: String...) async throws {
        for key in keys { try await run("send-keys", key) }
    }

    /// Types text as it is.
    package func type(_ text: String) async throws { try await run("send-keys", "-l", text) }

    /// Types a command line and ends it with Enter.
    package func enter(_ line: String) async throws {
        try await type(line)
        try await press("Enter")
    }

    /// Changes the window's size.
    package func resize(columns: Int, rows: Int) async throws {
        try await run("resize-window", "-x", "\(columns)", "-y", "\(rows)")
    }

    /// The screen as text.
    package func screen() async throws -> String { try await run("capture-pane", "-p") }

    /// Whether the alternate screen is on, and whether the cursor shows: a whole terminal has `false` and `true`.
    package func modes() async throws -> (alternate: Bool, cursor: Bool) {
        let flags = try await run("display-message", "-p", "#{alternate_on} #{cursor_flag}").split(separator: " ")
        return (flags.first == "1", flags.last?.first == "1")
    }

    /// Waits until the screen satisfies a condition.
    ///
    /// A terminal tells nobody when it has drawn, so this looks again every 30 ms, for at most 30 s.
    @discardableResult
    package func wait(_ what: String, until condition: (String) async throws -> Bool) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let screen = try await screen()
            if try await condition(screen) { return screen }
            guard ContinuousClock.now < deadline else { throw Failure(description: "never came: \(what)\n\(screen)") }
            try await Task.sleep(for: .milliseconds(30))
        }
    }

    /// Waits until a text stands on the screen.
    @discardableResult
    package func wait(for text: String) async throws -> String { try await wait("'\(text)'") { $0.contains(text) } }

    /// Waits until a text has left the screen.
    @discardableResult
    package func wait(forNo text: String) async throws -> String {
        try await wait("no '\(text)'") { !$0.contains(text) }
    }

    @discardableResult
    private func run(_ arguments: String...) async throws -> String {
        let ended = try await Subprocess.run(
            .name("tmux"), arguments: Arguments(["-L", socket, "-f", configuration.path] + arguments),
            output: .string(limit: 1 << 20), error: .string(limit: 1 << 16))
        guard ended.terminationStatus.isSuccess else {
            let what = "tmux \(arguments.first ?? ""): \(ended.standardError)"
            throw Failure(description: "\(what) (is tmux installed? Tests/run does it)")
        }
        return ended.standardOutput
    }
}
