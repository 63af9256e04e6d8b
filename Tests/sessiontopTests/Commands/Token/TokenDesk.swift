import ArgumentParser
import Foundation
import SessionTokens
import Sessions
import Synchronization

@testable import sessiontop

/// A folder of keys, a clock, and token commands run in this process.
final class TokenDesk {
    let folder: URL
    let time = SteppingTime()

    init() throws {
        folder = FileManager.default.temporaryDirectory.appendingPathComponent("tokens-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(at: folder) }

    /// A path in the folder.
    func path(_ name: String) -> String { folder.appendingPathComponent(name).path }

    /// Writes a file that anybody may read.
    func write(_ text: String, to name: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path(name)))
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path(name))
    }

    /// Runs a command line; `@name` in it stands for a path in the folder.
    ///
    /// - Parameters:
    ///   - arguments: what is typed after `sessiontop token`.
    ///   - input: what is given on standard input.
    ///   - isTerminal: whether a person reads the results.
    /// - Returns: what it printed, and how it ended.
    func run(_ arguments: [String], input: String = "", isTerminal: Bool = false) -> CommandShop.Result {
        let written = Mutex((results: [UInt8](), notes: [String]()))
        let output = Output(
            isTerminal: isTerminal, width: 80, sink: { bytes in written.withLock { $0.results += bytes } },
            notes: { note in written.withLock { $0.notes.append(note) } })
        var environment = CommandEnvironment(variable: { _ in nil }, time: time.source, ask: nil)
        environment.input = { limit in Array(input.utf8.prefix(limit)) }
        var result = CommandShop.Result()
        do {
            let typed = ["token"] + arguments.map { $0.hasPrefix("@") ? path(String($0.dropFirst())) : $0 }
            guard let command = try SessionTop.parseAsRoot(typed) as? any TokenSubcommand else {
                throw ValidationError("no command of tokens")
            }
            try command.run(to: output, in: environment)
        } catch { result.error = error }
        written.withLock {
            result.standardOutput = String(decoding: $0.results, as: UTF8.self)
            result.notes = $0.notes
        }
        return result
    }

    func run(_ arguments: String..., input: String = "") -> CommandShop.Result { run(arguments, input: input) }
}
