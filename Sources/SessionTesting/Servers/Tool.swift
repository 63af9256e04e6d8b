internal import Subprocess

/// Programs that tests run to their end: `openssl`, `redis-cli`.
public enum Tool {
    /// What a program did.
    public struct Failure: Error, CustomStringConvertible {
        /// What it said.
        public let description: String

        /// Makes one.
        public init(description: String) { self.description = description }
    }

    /// Runs a program without input, and returns what it wrote to standard output; 1 MB at most.
    ///
    /// - Parameters:
    ///   - program: its name, looked for in `PATH`, or its path.
    ///   - arguments: its arguments.
    /// - Returns: its output, as text.
    /// - Throws: ``Failure`` where it can't be run, or ends with another status than 0.
    @discardableResult
    public static func run(_ program: String, _ arguments: [String]) async throws -> String {
        let ended = try await end(program, arguments)
        guard ended.status == 0 else {
            throw Failure(description: "\(program) failed: \(ended.output)\(ended.notes)")
        }
        return ended.output
    }

    /// How a program ended.
    public struct Ended: Sendable {
        /// Its exit status; `nil`: a signal ended it.
        public let status: Int?
        /// What it wrote to standard output, as text.
        public let output: String
        /// What it wrote to standard error, as text.
        public let notes: String
    }

    /// Runs a program without input to its end, whatever status it ends with.
    ///
    /// - Parameters:
    ///   - program: its name, looked for in `PATH`, or its path.
    ///   - arguments: its arguments.
    /// - Returns: how it ended, and what it wrote; 1 MB of output and 100 kB of errors at most.
    /// - Throws: what keeps it from running.
    public static func end(_ program: String, _ arguments: [String]) async throws -> Ended {
        let words = ServerProcess.words(program, arguments, as: nil)
        let ended = try await Subprocess.run(
            .name(words.program), arguments: Arguments(words.arguments), input: .none,
            output: .string(limit: 1_000_000),
            error: .string(limit: 100_000))
        let status: Int? = if case .exited(let code) = ended.terminationStatus { Int(code) } else { nil }
        return Ended(status: status, output: ended.standardOutput, notes: ended.standardError)
    }
}
