import Foundation
import SessionTesting

/// What others' programs take for the same work, in the same run.
struct Baseline {
    /// The compiled C loops.
    private let program: String

    /// Compiles `Baselines/redis.c`; it needs `cc` and libhiredis-dev.
    ///
    /// - Parameters:
    ///   - folder: where to.
    ///   - source: where this file is.
    /// - Throws: ``Tool/Failure`` with what the compiler says.
    init(in folder: String, source: String = #filePath) async throws {
        program = "\(folder)/redis"
        let path = URL(fileURLWithPath: source).deletingLastPathComponent().path + "/../Baselines/redis.c"
        try await Tool.run("cc", ["-O2", "-Wall", "-Werror", "-o", program, path, "-lhiredis"])
    }

    /// Runs a loop, which times itself.
    ///
    /// - Returns: how many values it found, and its time in microseconds.
    /// - Throws: ``Tool/Failure``.
    func run(_ arguments: String...) async throws -> (found: Int, time: Double) {
        let words = try await Tool.run(program, arguments).split(whereSeparator: \.isWhitespace)
        guard words.count == 2, let found = Int(words[0]), let time = Double(words[1]) else {
            throw Tool.Failure(description: "the baseline said something else")
        }
        return (found, time)
    }

    /// How long a shell's command takes, less what the shell and a program that does nothing take.
    static func shell(_ command: String, less nothing: String) async throws -> Double {
        func time(_ command: String) async throws -> Double {
            let start = ContinuousClock.now
            try await Tool.run("bash", ["-c", command])
            return (ContinuousClock.now - start) / .microseconds(1)
        }
        let overhead = try await time(nothing)
        return max(1, try await time(command) - overhead)
    }
}
