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
        let ended = try await Subprocess.run(
            .name(program), arguments: Arguments(arguments), input: .none, output: .string(limit: 1_000_000),
            error: .string(limit: 100_000))
        guard ended.terminationStatus.isSuccess else {
            throw Failure(description: "\(program) failed: \(ended.standardOutput)\(ended.standardError)")
        }
        return ended.standardOutput
    }
}
