/// Why a text is no filter, where, and what to write instead.
///
/// A filter that doesn't parse matches nothing, and everything that acts on more than one row is disabled.
public struct FilterError: Error, Equatable, Sendable, CustomStringConvertible {
    /// What is wrong and what to do about it, for people.
    public var message: String
    /// What it is about, in characters from the beginning of the text; empty where something is missing.
    public var range: Range<Int>

    /// Where it begins, in characters from the beginning of the text.
    public var offset: Int { range.lowerBound }

    /// Makes an error.
    public init(_ message: String, at range: Range<Int>) {
        self.message = message
        self.range = range
    }

    /// The message with the position, counted from 1.
    public var description: String { "\(message) (at character \(offset + 1))" }
}

/// An error while the parser still counts in bytes.
struct FilterFault: Error {
    let message: String
    let range: Range<Int>

    init(_ message: String, at range: Range<Int>) {
        self.message = message
        self.range = range
    }

    /// The same in characters of the text.
    func located(in text: String) -> FilterError {
        func characters(_ offset: Int) -> Int {
            text.utf8.index(text.startIndex, offsetBy: offset, limitedBy: text.endIndex).map { text[..<$0].count }
                ?? text.count
        }
        let start = characters(range.lowerBound)
        return FilterError(message, at: start..<max(start, characters(range.upperBound)))
    }
}
