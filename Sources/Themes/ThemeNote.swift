/// Something about a theme file that its author should know: where, what, and what to do.
public struct ThemeNote: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file, as the user would name it.
    public let file: String
    /// The line, from 1, or `nil` when it is about the whole file.
    public let line: Int?
    /// What is the matter, and what to do.
    public let message: String

    /// Creates a note.
    public init(file: String, line: Int? = nil, message: String) {
        self.file = file
        self.line = line
        self.message = message
    }

    /// Where it is and what it is about: `file:line: message`.
    public var description: String {
        line.map { "\(file):\($0): \(message)" } ?? "\(file): \(message)"
    }
}
