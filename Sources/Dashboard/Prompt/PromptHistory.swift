/// What was typed into each kind of prompt before, oldest first; bounded.
public struct PromptHistory: Sendable, Equatable {
    private var lines: [Prompt.Kind: [String]] = [:]

    /// Nothing yet.
    public init() {}

    /// Lines kept of each kind.
    public static let limit = 50

    /// The lines of a kind, oldest first.
    public func lines(of kind: Prompt.Kind) -> [String] { lines[kind] ?? [] }

    /// Adds a line; one that was there before moves to the end, an empty one isn't kept.
    public mutating func add(_ line: String, to kind: Prompt.Kind) {
        guard !line.isEmpty else { return }
        var kept = lines(of: kind).filter { $0 != line }
        kept.append(line)
        lines[kind] = Array(kept.suffix(Self.limit))
    }
}
