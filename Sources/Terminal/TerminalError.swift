internal import Screen

/// Why the terminal can't be used, and what to do.
public struct TerminalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What went wrong, in one sentence that says what to do.
    public let message: String

    /// Creates an error.
    public init(_ message: String) { self.message = message }

    /// The message.
    public var description: String { message }

    /// The error for what the shim said.
    static func opening(_ problem: String, type: String) -> TerminalError {
        switch problem {
        case "its type is not known", "its cursor cannot be moved":
            let reason =
                problem == "its type is not known" ? "this system does not know it" : "it cannot move its cursor"
            let found =
                type.isEmpty ? "TERM is not set" : "TERM is \"\(Escaping.text(type, limit: 64))\", and \(reason)"
            return TerminalError(
                "\(found). Set it to what the terminal is, for example "
                    + "TERM=xterm-256color, or use the subcommands, which need no screen.")
        case "standard input is not a terminal", "standard output is not a terminal":
            return TerminalError(
                "The dashboard needs a terminal, but \(problem). Run it without pipes, or use the subcommands, "
                    + "which write lines.")
        default:
            return TerminalError("The terminal can't be used: \(problem).")
        }
    }
}
