extension Filter {
    /// The same, for the sessions of one user alone, by exact bytes; `nil`: those without a user.
    public func narrowed(toUser user: String?) -> Filter {
        narrowed(
            by: user.map { .term(.user(TextPattern(whole: [Array($0.utf8)]))) } ?? .negation(.term(.has(.user))))
    }

    /// The same, for the sessions that a node served last, by exact bytes.
    public func narrowed(toNode node: String) -> Filter {
        narrowed(by: .term(.node(TextPattern(whole: [Array(node.utf8)]))))
    }

    private func narrowed(by expression: FilterExpression) -> Filter {
        Filter(isEverything ? expression : .conjunction([expression, self.expression]))
    }
}

/// A text to look for, a part in any case: for finding without filtering.
public struct TextNeedle: Sendable, Equatable {
    private let pattern: TextPattern

    /// Looks for a text; an empty one is a part of everything.
    public init(_ text: String) { pattern = TextPattern(part: [Array(text.utf8)]) }

    /// Whether it is a part of a text.
    public func isPart(of text: some StringProtocol) -> Bool { pattern.matches(String(text)) }

    /// Whether it is a part of a text, by bytes of UTF-8.
    public func isPart(of bytes: UnsafeBufferPointer<UInt8>) -> Bool { pattern.matches(bytes) }

    /// Whether a row's handle, user, address or agent has it.
    public func isPart(of row: SessionRow) -> Bool {
        FilterTerm.word(pattern).matches(row, at: Timestamp(milliseconds: 0), layout: "")
    }
}
