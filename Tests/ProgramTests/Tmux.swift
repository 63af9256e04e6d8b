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
    init(columns: Int = 80, rows: Int = 24, terminal: String = "tmux-256color") async throws {
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
            "-e", "SWIFT_BACKTRACE=enable=no", "sh")
        try enter("PS1='ready> '; clear")
        try await wait("a prompt") { $0.trimmingCharacters(in: .whitespacesAndNewlines) == "ready>" }
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
        let flags = try run("display-message", "-p", "#{alternate_on} #{cursor_flag}").split(separator: " ")
        return (flags.first == "1", flags.last?.first == "1")
    }

    /// Waits until the screen satisfies a condition.
    ///
    /// A terminal tells nobody when it has drawn, so this looks again every 30 ms, for at most 30 s.
    @discardableResult
    func wait(_ what: String, until condition: (String) throws -> Bool) async throws -> String {
        let deadline = ContinuousClock.now + .seconds(30)
        while true {
            let screen = try screen()
            if try condition(screen) { return screen }
            guard ContinuousClock.now < deadline else { throw Failure(description: "never came: \(what)\n\(screen)") }
            try await Task.sleep(for: .milliseconds(30))
        }
    }

    /// Waits until a text stands on the screen.
    @discardableResult
    func wait(for text: String) async throws -> String { try await wait("'\(text)'") { $0.contains(text) } }

    /// Waits until a text has left the screen.
    @discardableResult
    func wait(forNo text: String) async throws -> String { try await wait("no '\(text)'") { !$0.contains(text) } }

    @discardableResult
    private func run(_ arguments: String...) throws -> String {
        let (status, output, complaint) = try spawn(["tmux", "-L", socket, "-f", configuration.path] + arguments)
        guard status == 0 else {
            let what = "tmux \(arguments.first ?? ""): \(complaint)"
            throw Failure(description: "\(what) (is tmux installed? Tests/run does it)")
        }
        return output
    }

    /// Runs a command to its end.
    ///
    /// Not through Foundation's `Process`: that waits until whatever the command leaves running has ended too, and the
    /// first command leaves the server. What is written goes into files for the same reason.
    private func spawn(_ words: [String]) throws -> (status: Int32, output: String, errors: String) {
        let files = ["out", "err"].map { configuration.appendingPathExtension("\(UUID().uuidString).\($0)") }
        defer { for file in files { try? FileManager.default.removeItem(at: file) } }
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        // The server would hold open whatever other tests have open now, and keep them waiting for its end.
        for descriptor in 3..<256 as Range<Int32> { posix_spawn_file_actions_addclose(&actions, descriptor) }
        posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        for (descriptor, file) in zip([1, 2] as [Int32], files) {
            posix_spawn_file_actions_addopen(&actions, descriptor, file.path, O_WRONLY | O_CREAT, 0o600)
        }
        var arguments: [UnsafeMutablePointer<CChar>?] = words.map { strdup($0) } + [nil]
        defer { for argument in arguments { free(argument) } }
        var child: pid_t = 0
        let error = posix_spawnp(&child, words[0], &actions, nil, &arguments, environ)
        guard error == 0 else { throw Failure(description: "\(words[0]): \(String(cString: strerror(error)))") }
        var status: Int32 = 0
        while waitpid(child, &status, 0) < 0, errno == EINTR {}
        let texts = files.map { (try? String(contentsOf: $0, encoding: .utf8)) ?? "" }
        return (status, texts[0], texts[1])
    }
}
