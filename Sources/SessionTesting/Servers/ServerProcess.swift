public import Subprocess
internal import Foundation
internal import Synchronization

/// A real server that a test owns: started in a temporary folder, ended by its process id.
///
/// ```swift
/// try await ServerProcess.with(redis) { server in
///     …
///     try await server.end(by: .kill)    // kill -9
///     try await server.start()           // the same command in the same folder
/// }
/// ```
public final class ServerProcess: Sendable {
    /// How a server is started, and how one knows that it answers.
    public struct Command: Sendable {
        /// The program's name, looked for beside Debian's servers and in `PATH`.
        public var program: String
        /// Its arguments.
        public var arguments: [String]
        /// The user it runs as, where it refuses root: only where the tests run as root.
        public var user: String?
        /// Whether it answers now; asked again and again until it does.
        public var isReady: @Sendable () async -> Bool

        /// Makes a command.
        public init(
            _ program: String, _ arguments: [String], as user: String? = nil,
            isReady: @escaping @Sendable () async -> Bool
        ) {
            self.program = program
            self.arguments = arguments
            self.user = user
            self.isReady = isReady
        }
    }

    /// What went wrong with a server.
    public struct Failure: Error, CustomStringConvertible {
        /// What, with the end of what the server said.
        public let description: String
    }

    private struct Run: Sendable {
        var pid: ProcessIdentifier
        var ended: Task<Void, Never>
    }

    private let command: Command
    private let run = Mutex<Run?>(nil)
    private let isRunning = Mutex(false)
    private let said = Mutex<[UInt8]>([])

    private init(_ command: Command) { self.command = command }

    /// Starts a server for the time of a test.
    ///
    /// - Parameters:
    ///   - command: how it is started.
    ///   - body: gets the server when it answers; it may end and start it at will.
    /// - Returns: what `body` returns.
    /// - Throws: ``Failure`` where it doesn't start, and what `body` throws.
    public static func with<Result>(
        _ command: Command, _ body: (ServerProcess) async throws -> Result
    ) async throws -> Result {
        let server = ServerProcess(command)
        do {
            try await server.start()
            let result = try await body(server)
            await server.close()
            return result
        } catch {
            await server.close()
            throw error
        }
    }

    /// Starts it (again), and returns when it answers.
    ///
    /// - Throws: ``Failure`` where it ends at once, or says nothing for 30 s.
    public func start() async throws {
        let (pids, hasPid) = AsyncStream.makeStream(of: ProcessIdentifier?.self)
        isRunning.withLock { $0 = true }
        let ended = Task {
            do { try await self.live { hasPid.yield($0) } } catch { self.note("\(error)") }
            self.isRunning.withLock { $0 = false }
            hasPid.yield(nil)
        }
        guard let pid = await pids.first(where: { _ in true }) ?? nil else { throw failure("did not start") }
        run.withLock { $0 = Run(pid: pid, ended: ended) }
        let deadline = ContinuousClock.now + .seconds(30)
        while await !command.isReady() {
            guard isRunning.withLock({ $0 }) else { throw failure("ended at once") }
            guard ContinuousClock.now < deadline else { throw failure("does not answer") }
            try await Task.sleep(for: .milliseconds(20))
        }
    }

    /// Sends a signal: `.suspend` stops it as a machine that hangs, `.resume` lets it go on.
    ///
    /// - Throws: ``Failure`` where it doesn't run.
    public func send(_ signal: Signal) throws {
        guard let pid = run.withLock({ $0?.pid }), kill(pid_t(pid.value), signal.rawValue) == 0 else {
            throw failure("does not run")
        }
        if signal == .suspend { Self.waitUntilStopped(pid_t(pid.value)) }
    }

    /// Waits until every thread of a process has stopped: until then one of them may still answer somebody.
    private static func waitUntilStopped(_ pid: pid_t) {
        var status = siginfo_t()
        while waitid(P_PID, id_t(pid), &status, WSTOPPED | WEXITED | WNOWAIT) != 0, errno == EINTR {}
    }

    /// Ends it, and returns when it has gone.
    ///
    /// - Parameter signal: `.terminate` in good order, `.kill` as a crash.
    /// - Throws: ``Failure`` where it doesn't run.
    public func end(by signal: Signal = .terminate) async throws {
        guard let ended = run.withLock({ $0?.ended }) else { throw failure("does not run") }
        try send(signal)
        await ended.value
        run.withLock { $0 = nil }
    }

    private func close() async {
        guard let run = run.withLock({ $0 }) else { return }
        // A stopped server takes no other signal.
        for signal in [SIGCONT, SIGKILL] { kill(pid_t(run.pid.value), signal) }
        await run.ended.value
    }

    private func live(_ begun: (ProcessIdentifier) -> Void) async throws {
        let words = Self.words(command.program, command.arguments, as: command.user)
        _ = try await Subprocess.run(
            .name(words.program), arguments: Arguments(words.arguments), environment: Self.environment, input: .none,
            output: .sequence, error: .combinedWithOutput
        ) { execution in
            begun(execution.processIdentifier)
            for try await piece in execution.standardOutput { self.note(piece.withUnsafeBytes { Array($0) }) }
        }
    }

    /// How a program is run, as another user where the tests run as root.
    ///
    /// A path goes through `env`, which becomes the program: only a name is looked for in `PATH`. Another user comes in
    /// through `setpriv`, which does so too: between fork and exec of a process with threads, `setgroups` may wait for
    /// ever for threads that the child hasn't got.
    static func words(
        _ program: String, _ arguments: [String], as user: String?
    ) -> (program: String, arguments: [String]) {
        guard let user, getuid() == 0 else {
            return program.utf8.contains(UInt8(ascii: "/")) ? ("env", [program] + arguments) : (program, arguments)
        }
        return ("setpriv", ["--reuid", user, "--regid", user, "--clear-groups", "--", program] + arguments)
    }

    /// The environment in which a server is found: Debian keeps some where no `PATH` looks.
    static let environment: Environment = {
        let versions = (try? FileManager.default.contentsOfDirectory(atPath: "/usr/lib/postgresql")) ?? []
        let folders =
            ["/usr/sbin", "/usr/local/sbin"] + versions.sorted().reversed().map { "/usr/lib/postgresql/\($0)/bin" }
        let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
        return .inherit.updating(["PATH": (folders + [path]).joined(separator: ":")])
    }()

    private func note(_ text: String) { note(Array(text.utf8)) }

    private func note(_ bytes: [UInt8]) { said.withLock { $0 = ($0 + bytes).suffix(4000) } }

    private func failure(_ what: String) -> Failure {
        let said = said.withLock { String(decoding: $0, as: UTF8.self) }
        return Failure(description: "\(command.program) \(what); Tests/run installs it. It said: \(said)")
    }
}
