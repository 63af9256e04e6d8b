/// Reads the answer to a command, a line at a time.
protocol AnswerReader: Sendable {
    /// What the answer says.
    associatedtype Answer: Sendable

    /// Takes in the next line.
    ///
    /// - Throws: ``RuntimeFault``.
    mutating func take(_ line: ArraySlice<UInt8>) throws

    /// Whether the rest of the answer is of no interest.
    var hasEnough: Bool { get }

    /// What it comes to, now that the answer is complete, or has told enough.
    ///
    /// - Throws: ``RuntimeFault``.
    mutating func finish() throws -> Answer
}

extension AnswerReader {
    var hasEnough: Bool { false }

    /// Reads an answer that is all there.
    static func read(
        _ bytes: [UInt8], limits: RuntimeLimits = RuntimeLimits(), with reader: Self
    ) throws -> Answer {
        var reader = reader
        var splitter = AnswerSplitter(limits: limits)
        var answer: Answer?
        try splitter.take(bytes[...]) { event in
            guard answer == nil else { throw RuntimeFault.malformed }
            switch event {
            case .line(let line): try reader.take(line)
            case .end: answer = try reader.finish()
            }
        }
        guard let answer, splitter.isComplete else { throw RuntimeFault.cutShort }
        return answer
    }
}

/// Reads an answer in words: nothing where all is well.
struct WordsReader: AnswerReader {
    private var words: [String] = []

    mutating func take(_ line: ArraySlice<UInt8>) throws {
        guard words.count < 20 else { throw RuntimeFault.tooLarge }
        words.append(WireText.printable(line))
    }

    mutating func finish() -> String { words.joined(separator: " ") }
}
