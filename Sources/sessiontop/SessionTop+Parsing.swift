import ArgumentParser
import Sessions

extension SessionTop {
    /// Parses a command line.
    ///
    /// Where that fails, and its first word is no command, store or context, it is this that is said: whatever is wrong
    /// with the rest would be told of the dashboard, which nobody asked for.
    ///
    /// - Parameters:
    ///   - arguments: what was typed after the program's name.
    ///   - variable: looks up the environment.
    /// - Returns: the command.
    /// - Throws: ``SessionsError`` with `usage` for such a word, else what the parser throws.
    static func parsed(_ arguments: [String], _ variable: (String) -> String?) throws -> any ParsableCommand {
        do {
            return try parseAsRoot(arguments)
        } catch {
            // Help and the version come this way, too.
            guard exitCode(for: error) != .success, let word = arguments.first, !word.hasPrefix("-"),
                let configuration = try? Configuration(path: configurationPath(in: arguments), variable: variable),
                let unknown = unknownWord(word, in: configuration)
            else { throw error }
            throw unknown
        }
    }

    /// What is said of a first word that is no command, store or context; `nil`: it is one of these.
    static func unknownWord(_ word: String, in configuration: Configuration) -> SessionsError? {
        let commands = Self.configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
        guard !commands.contains(word), StoreURL(word) == nil, configuration.context(word) == nil else { return nil }
        let typed = Array(word.utf8.prefix(64))
        let near = (commands + configuration.contexts.map(\.name))
            .map { (name: $0, distance: EditDistance.between(typed, Array($0.utf8))) }
            .min { $0.distance < $1.distance }
        let other = "write a store as sqlite:PATH; see --help"
        let advice = near.flatMap { $0.distance <= 2 ? "did you mean \($0.name)?" : nil } ?? other
        return SessionsError(.usage, "no such command or store: \(StoreURL.masked(word)): \(advice)")
    }

    /// The file that `--config` names; `nil`: none.
    private static func configurationPath(in arguments: [String]) -> String? {
        let option = "--config"
        for (word, next) in zip(arguments, arguments.dropFirst() + [""]) {
            if word == option { return next }
            if word.hasPrefix("\(option)=") { return String(word.dropFirst(option.count + 1)) }
        }
        return nil
    }
}
