import ArgumentParser
import Foundation
import Sessions
import SessionsSQLite
import Synchronization

@testable import sessiontop

/// A store on disk, a clock, and commands run on it in this process.
final class CommandShop {
    /// What a command printed, and how it ended.
    struct Result {
        var standardOutput = ""
        var notes: [String] = []
        var error: (any Error)?

        /// The lines on standard output.
        var lines: [String] {
            standardOutput.split(separator: "\n", omittingEmptySubsequences: false).dropLast().map(String.init)
        }

        /// The lines as JSON objects.
        var objects: [[String: Any]] {
            lines.compactMap { try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any] }
        }

        /// What the process would end with.
        var status: Int32 {
            switch error {
            case nil: 0
            case let error as SessionsError: ExitStatus(error.code).rawValue
            case let error?: SessionTop.exitCode(for: error).rawValue
            }
        }
    }

    let folder: URL
    /// Where commands keep what is their user's own.
    var state: URL { folder.appending(path: "state") }
    let time = SteppingTime()
    let store: any SessionStore & SessionDirectory
    var url: String { "sqlite:\(folder.path)/shop.db" }

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("commands-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        store = try SQLiteStore.open(path: "\(folder.path)/shop.db", mode: .create, time: time.source)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// Signs somebody in, a second after whoever came before.
    @discardableResult
    func signIn(
        _ user: String?, id: IDHash? = nil, idle: Duration? = .seconds(1800), absolute: Duration = .seconds(28_800),
        ip: String? = "203.0.113.9", agent: String? = "Browser/1", node: String? = "web-01",
        payload: Payload = Payload(bytes: Array(#"{"cart":[1]}"#.utf8))
    ) async throws -> IDHash {
        time.advance(by: .seconds(1))
        let id = id ?? SessionID().hash
        var session = Session(
            id: id, user: user, created: time.now, lifetime: try Lifetime(idle: idle, absolute: absolute),
            payload: payload)
        (session.ip, session.agent, session.node) = (ip, agent, node)
        try await store.insert(session)
        return id
    }

    /// Runs a command line; `URL` in it stands for the store.
    ///
    /// - Parameters:
    ///   - arguments: what is typed after `sessiontop`.
    ///   - answer: gives the lines that somebody at the terminal types; `nil`: nobody is there.
    ///   - variables: the environment.
    ///   - isTerminal: whether a person reads the results.
    /// - Returns: what it printed, and how it ended.
    func run(
        _ arguments: String..., answer: (@Sendable (String) -> String?)? = nil, variables: [String: String] = [:],
        isTerminal: Bool = false
    ) async -> Result {
        await run(arguments, answer: answer, variables: variables, isTerminal: isTerminal)
    }

    /// Runs a command line that is at hand as a list.
    func run(
        _ arguments: [String], answer: (@Sendable (String) -> String?)? = nil, variables: [String: String] = [:],
        isTerminal: Bool = false
    ) async -> Result {
        let written = Mutex((results: [UInt8](), notes: [String]()))
        let output = Output(
            isTerminal: isTerminal, width: 80,
            sink: { bytes in written.withLock { $0.results += bytes } },
            notes: { note in written.withLock { $0.notes.append(note) } })
        let own = ["SESSIONTOP_ACTOR": "mira@desk", "XDG_STATE_HOME": state.path]
        let environment = CommandEnvironment(
            variable: { own.merging(variables) { $1 }[$0] }, time: time.source, ask: answer)
        var result = Result()
        do {
            let command = try SessionTop.parseAsRoot(arguments.map { $0 == "URL" ? url : $0 })
            guard let command = command as? any StoreCommand else { throw ValidationError("no command of a store") }
            try await command.run(to: output, in: environment)
        } catch { result.error = error }
        written.withLock { result.standardOutput = String(decoding: $0.results, as: UTF8.self) }
        written.withLock { result.notes = $0.notes }
        return result
    }

    /// The audit log, whole.
    func audit() async throws -> [AuditEntry] { try await store.audit(after: 0, limit: 1000) }

    /// How a session stands now.
    func standing(_ id: IDHash) async throws -> SessionState? { try await store.load(id, at: time.now)?.standing }
}

/// A clock that whoever sleeps moves forward: waiting costs a test no time.
final class SteppingTime: Sendable {
    private let state = Mutex((wall: Timestamp(milliseconds: 1_790_000_000_000), monotonic: MonotonicInstant.now))

    var now: Timestamp { state.withLock { $0.wall } }

    func advance(by duration: Duration) {
        state.withLock { $0 = ($0.wall + duration, $0.monotonic + duration) }
    }

    var source: TimeSource {
        TimeSource(
            wall: { self.now }, monotonic: { self.state.withLock { $0.monotonic } },
            sleep: { deadline in
                try Task.checkCancellation()
                let left = self.state.withLock { deadline - $0.monotonic }
                if left > .zero { self.advance(by: left) }
                await Task.yield()
            })
    }
}

extension IDHash {
    /// A hash that begins with some hexadecimal digits, of zeros otherwise but for its end.
    static func beginning(_ digits: String, end: UInt8 = 0) throws -> IDHash {
        let padded = Array((digits + String(repeating: "0", count: 64 - digits.utf8.count)).utf8)
        var bytes = stride(from: 0, to: 64, by: 2).compactMap {
            UInt8(String(decoding: padded[$0...$0 + 1], as: UTF8.self), radix: 16)
        }
        bytes[31] = end
        guard let id = IDHash(digest: bytes) else { throw ValidationError("no digits") }
        return id
    }
}
