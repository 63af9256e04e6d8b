/// Reads the characters of a filter: words, quotes, signs.
struct FilterScanner {
    let bytes: [UInt8]
    private(set) var index = 0

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// A word as it was written.
    struct Word {
        /// What stands between its `*`.
        var pieces: [[UInt8]] = [[]]
        /// Whether any of it was quoted.
        var isQuoted = false
        /// Where it stands.
        var range = 0..<0

        /// The word with its `*` as plain characters.
        var bytes: [UInt8] { Array(pieces.joined(separator: [UInt8(ascii: "*")])) }
        /// The same as text.
        var text: String { String(decoding: bytes, as: UTF8.self) }
        /// Whether it is nothing at all.
        var isEmpty: Bool { pieces.count == 1 && pieces[0].isEmpty }
        /// Whether it contains a `*` that stands for any text.
        var isPattern: Bool { pieces.count > 1 }
    }

    var current: UInt8? { index < bytes.count ? bytes[index] : nil }
    var isAtEnd: Bool { index >= bytes.count }

    mutating func skipSpaces() {
        while let byte = current, Self.isSpace(byte) { index += 1 }
    }

    mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard let byte = current, byte == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    mutating func advance() { index += 1 }

    /// Whether a keyword stands here alone.
    func isAt(keyword: String) -> Bool {
        let run = bytes[index...].prefix { !Self.isSpace($0) && !Self.isParenthesis($0) }
        return run.count == keyword.utf8.count && zip(run, keyword.utf8).allSatisfy { CaseFolding.fold($0) == $1 }
    }

    mutating func take(keyword: String) -> Bool {
        guard isAt(keyword: keyword) else { return false }
        index += keyword.utf8.count
        return true
    }

    /// What stands here up to a space, a parenthesis, a quotation mark, or a sign of comparison.
    var name: ArraySlice<UInt8> {
        bytes[index...].prefix {
            !Self.isSpace($0) && !Self.isParenthesis($0) && !Self.isSign($0) && $0 != UInt8(ascii: "\"")
        }
    }

    /// Everything up to a space or a parenthesis, for looking ahead.
    var run: ArraySlice<UInt8> { bytes[index...].prefix { !Self.isSpace($0) && !Self.isParenthesis($0) } }

    /// Reads a word: plain and quoted parts without a space between them.
    mutating func word() throws(FilterFault) -> Word {
        var word = Word()
        let start = index
        while let byte = current, !Self.isSpace(byte), !Self.isParenthesis(byte) {
            if byte == UInt8(ascii: "\"") {
                word.isQuoted = true
                word.pieces[word.pieces.count - 1] += try quoted()
            } else {
                if byte == UInt8(ascii: "*") {
                    word.pieces.append([])
                } else {
                    word.pieces[word.pieces.count - 1].append(byte)
                }
                index += 1
            }
        }
        word.range = start..<index
        return word
    }

    /// Reads up to the closing quotation mark; `\"` and `\\` stand for `"` and `\`.
    private mutating func quoted() throws(FilterFault) -> [UInt8] {
        let start = index
        var text: [UInt8] = []
        index += 1
        while let byte = current {
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return text
            case UInt8(ascii: "\\"):
                guard let next = current, next == UInt8(ascii: "\"") || next == byte else {
                    text.append(byte)
                    continue
                }
                text.append(next)
                index += 1
            default: text.append(byte)
            }
        }
        throw FilterFault("the quotation mark is never closed: add \" at the end", at: start..<bytes.count)
    }

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0D).contains(byte) }
    static func isParenthesis(_ byte: UInt8) -> Bool { byte == UInt8(ascii: "(") || byte == UInt8(ascii: ")") }
    static func isSign(_ byte: UInt8) -> Bool { ":<>=".utf8.contains(byte) }
}
