import ArgumentParser
import Foundation
import SessionTesting
import Sessions
import Synchronization

@testable import sessiontop

/// Commands run in this process, as they are typed.
enum Commands {
    /// What a command printed, and how it ended.
    struct Result {
        var text = ""
        var notes: [String] = []
        var error: (any Error)?

        /// The lines on standard output as JSON objects.
        var objects: [[String: Any]] {
            text.split(separator: "\n").compactMap {
                try? JSONSerialization.jsonObject(with: Data($0.utf8)) as? [String: Any]
            }
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

    /// Runs what is typed after `sessiontop`.
    ///
    /// - Parameters:
    ///   - arguments: what is typed.
    ///   - state: the folder of what the tool keeps; `nil`: there is none.
    ///   - each: is given what is printed as soon as it is.
    /// - Returns: what it printed, and how it ended.
    static func run(
        _ arguments: String..., state: String? = nil, each: (@Sendable (String) -> Void)? = nil
    ) async -> Result {
        let written = Mutex((text: "", notes: [String]()))
        let output = Output(
            isTerminal: false, width: 80,
            sink: { bytes in
                let text = String(decoding: bytes, as: UTF8.self)
                written.withLock { $0.text += text }
                each?(text)
            },
            notes: { note in
                written.withLock { $0.notes.append(note) }
                each?(note)
            })
        let environment = CommandEnvironment(
            variable: { ["SESSIONTOP_ACTOR": "mira@desk", "XDG_STATE_HOME": state][$0] ?? nil }, time: .system, ask: nil
        )
        var result = Result()
        do {
            guard let command = try SessionTop.parseAsRoot(arguments) as? any StoreCommand else {
                throw ValidationError("no command of a store")
            }
            try await command.run(to: output, in: environment)
        } catch { result.error = error }
        (result.text, result.notes) = written.withLock { $0 }
        return result
    }
}
