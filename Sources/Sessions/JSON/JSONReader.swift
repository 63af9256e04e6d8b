/// Reads JSON from left to right; each function leaves the reader behind what it read, or gives `nil` or `false`.
///
/// It reads where the bytes lie, which somebody lends: it is made and used within one call.
package struct JSONReader {
    /// A text or the digits of a number as they lie there, or in a copy without escapes.
    package typealias Units = UnsafeBufferPointer<UInt8>

    /// A value that is lent: nobody pays for a text that isn't kept.
    package enum Piece {
        /// A text: UTF-8, without escapes.
        case text(Units)
        /// A number, as written.
        case number(Units)
        /// Anything else.
        case other(JSONValue)
    }

    private let bytes: Units
    private let depthLimit: Int
    /// Whether what has several meanings is refused.
    private let isStrict: Bool
    /// Whether three words are read that are no JSON.
    private let readsNaN: Bool
    private var index = 0
    /// Why the last function gave `nil` or `false`.
    package private(set) var fault = JSONFault.malformed

    /// Begins at the first byte.
    ///
    /// - Parameters:
    ///   - bytes: what is read; any may come.
    ///   - depthLimit: at most so many arrays and objects lie around a value.
    ///   - isStrict: whether an object that names a member twice is refused, and half a pair of surrogates.
    ///   - readsNaN: whether `NaN`, `Infinity` and `-Infinity` are read, as texts.
    package init(_ bytes: Units, depthLimit: Int, isStrict: Bool, readsNaN: Bool = false) {
        (self.bytes, self.depthLimit, self.isStrict, self.readsNaN) = (bytes, depthLimit, isStrict, readsNaN)
    }

    /// Whether nothing but space is left.
    package mutating func isAtEnd() -> Bool {
        skipSpace()
        return index == bytes.count
    }

    /// Reads a value.
    ///
    /// - Parameter depth: so many arrays and objects lie around it.
    /// - Returns: `nil` where there is none.
    package mutating func value(depth: Int) -> JSONValue? {
        guard depth <= depthLimit else { return fail(.tooDeep) }
        skipSpace()
        guard index < bytes.count else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "{"): return object(depth: depth)
        case UInt8(ascii: "["): return array(depth: depth)
        case UInt8(ascii: "\""): return text().map { .string($0) }
        case UInt8(ascii: "t"): return word("true", .bool(true))
        case UInt8(ascii: "f"): return word("false", .bool(false))
        case UInt8(ascii: "n"): return word("null", .null)
        default:
            if readsNaN, let value = noNumber() { return value }
            return number().map { .number(String(decoding: $0, as: UTF8.self)) }
        }
    }

    /// Reads a value, and lends it.
    ///
    /// - Parameters:
    ///   - depth: so many arrays and objects lie around it.
    ///   - body: what is lent is valid during the call only.
    /// - Returns: what `body` returns.
    package mutating func piece<Result>(depth: Int, _ body: (Piece) -> Result) -> Result? {
        skipSpace()
        guard index < bytes.count else { return nil }
        switch bytes[index] {
        case UInt8(ascii: "\""):
            if let units = plainText() { return body(.text(units)) }
            guard var text = writtenText() else { return nil }
            return text.withUTF8 { body(.text($0)) }
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return number().map { body(.number($0)) }
        default: return value(depth: depth).map { body(.other($0)) }
        }
    }

    /// Reads an object member by member; who calls it looks for names that come twice.
    ///
    /// - Parameter each: gets the name, valid during the call only, and reads the value; `false` ends it.
    /// - Returns: whether there was one, and each member was read.
    package mutating func members(_ each: (inout JSONReader, Units) -> Bool) -> Bool {
        list(from: "{", to: "}") { reader in
            reader.skipSpace()
            if let name = reader.plainText() { return reader.colon() && each(&reader, name) }
            guard var name = reader.writtenText(), reader.colon() else { return false }
            return name.withUTF8 { each(&reader, $0) }
        }
    }

    /// Says why, and that nothing was read.
    package mutating func fail<Value>(_ fault: JSONFault) -> Value? {
        self.fault = fault
        return nil
    }

    /// Whether a name comes twice; names are compared by their bytes.
    package static func hasTwins(_ members: [JSONValue.Member]) -> Bool {
        // Few are compared with each other where they look alike, many by their hashes.
        guard members.count <= 24 else {
            return Set(members.map { Array($0.name.utf8) }).count < members.count
        }
        // A bit for each name, of its length and its ends: most names have one that no other has.
        var looks: UInt64 = 0
        for index in members.indices {
            let name = members[index].name
            let ends = UInt64(name.utf8.first ?? 0) &* 7 &+ UInt64(name.utf8.last ?? 0) &* 11
            let look: UInt64 = 1 << ((ends &+ UInt64(name.utf8.count) &* 17) & 63)
            if looks & look != 0, members[..<index].contains(where: { $0.name.hasBytes(of: name) }) { return true }
            looks |= look
        }
        return false
    }

    private mutating func object(depth: Int) -> JSONValue? {
        var members: [JSONValue.Member] = []
        let isWhole = self.members { reader, name in
            guard let value = reader.value(depth: depth + 1) else { return false }
            members.append(JSONValue.Member(String(decoding: name, as: UTF8.self), value))
            return true
        }
        guard isWhole else { return nil }
        return isStrict && Self.hasTwins(members) ? fail(.duplicateMember) : .object(members)
    }

    private mutating func array(depth: Int) -> JSONValue? {
        var elements: [JSONValue] = []
        let isWhole = list(from: "[", to: "]") { reader in
            guard let element = reader.value(depth: depth + 1) else { return false }
            elements.append(element)
            return true
        }
        return isWhole ? .array(elements) : nil
    }

    /// Reads what stands between two brackets, parted by commas.
    private mutating func list(
        from start: Unicode.Scalar, to end: Unicode.Scalar, each: (inout JSONReader) -> Bool
    ) -> Bool {
        skipSpace()
        guard take(start) else { return false }
        skipSpace()
        if take(end) { return true }
        repeat {
            guard each(&self) else { return false }
            skipSpace()
        } while take(",")
        return take(end)
    }

    private mutating func colon() -> Bool {
        skipSpace()
        return take(":")
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
        let isThere = word.withUTF8Buffer { bytes[index...].starts(with: $0) }
        guard isThere else { return nil }
        index += word.utf8CodeUnitCount
        return value
    }

    private mutating func noNumber() -> JSONValue? {
        word("NaN", "NaN") ?? word("Infinity", "Infinity") ?? word("-Infinity", "-Infinity")
    }

    private mutating func number() -> Units? {
        let start = index
        _ = take("-")
        if !take("0") { guard digits() else { return nil } }
        if take(".") { guard digits() else { return nil } }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard digits() else { return nil }
        }
        return Units(rebasing: bytes[start..<index])
    }

    private mutating func digits() -> Bool {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        return index > start
    }

    private mutating func text() -> String? {
        plainText().map { String(decoding: $0, as: UTF8.self) } ?? writtenText()
    }

    /// Reads a text of ASCII without escapes, which nearly all are; otherwise `nil`, and nothing is read.
    private mutating func plainText() -> Units? {
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else { return nil }
        let start = index + 1
        let end = firstNotPlain(from: start)
        guard end < bytes.count, bytes[end] == UInt8(ascii: "\"") else { return nil }
        index = end + 1
        return Units(rebasing: bytes[start..<end])
    }

    /// Where the next byte stands that is no character of ASCII, or a quotation mark, a backslash or a control character:
    /// eight are looked at together.
    private func firstNotPlain(from start: Int) -> Int {
        let raw = UnsafeRawBufferPointer(bytes)
        let (ones, highest): (UInt64, UInt64) = (0x0101_0101_0101_0101, 0x8080_8080_8080_8080)
        var place = start
        while place + 8 <= bytes.count {
            let word = UInt64(littleEndian: raw.loadUnaligned(fromByteOffset: place, as: UInt64.self))
            let (quote, backslash) = (word ^ ones &* 0x22, word ^ ones &* 0x5C)
            // The lowest byte whose highest bit is set is one of those; what stands above it may be a borrow's.
            let zeros = (quote &- ones) & ~quote | (backslash &- ones) & ~backslash
            let found = (zeros | (word &- ones &* 0x20) & ~word | word) & highest
            if found != 0 { return place + found.trailingZeroBitCount / 8 }
            place += 8
        }
        while place < bytes.count {
            let byte = bytes[place]
            guard byte >= 0x20, byte < 0x80, byte != 0x22, byte != 0x5C else { break }
            place += 1
        }
        return place
    }

    /// Reads any text, byte by byte.
    private mutating func writtenText() -> String? {
        guard take("\"") else { return nil }
        var units: [UInt8] = []
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return String(validating: units, as: UTF8.self) ?? fail(.illFormedText)
            case UInt8(ascii: "\\"): guard escape(into: &units) else { return nil }
            case 0..<0x20: return nil
            default: units.append(byte)
            }
        }
        return nil
    }

    private mutating func escape(into units: inout [UInt8]) -> Bool {
        guard index < bytes.count else { return false }
        let byte = bytes[index]
        index += 1
        if byte == UInt8(ascii: "u") { return escapedScalar(into: &units) }
        guard let meaning = Self.escapes[byte] else { return false }
        units.append(meaning)
        return true
    }

    /// Half a pair of surrogates means nothing, yet other languages write it: it is read as U+FFFD.
    private mutating func escapedScalar(into units: inout [UInt8]) -> Bool {
        guard let first = fourDigits() else { return false }
        var scalar = Unicode.Scalar(first)
        if (0xD800..<0xDC00).contains(first), bytes[index...].starts(with: "\\u".utf8) {
            let start = index
            index += 2
            guard let second = fourDigits() else { return false }
            if (0xDC00..<0xE000).contains(second) {
                scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
            } else {
                index = start
            }
        }
        guard scalar != nil || !isStrict else {
            fault = .illFormedText
            return false
        }
        units.append(contentsOf: Array(String(scalar ?? "\u{FFFD}").utf8))
        return true
    }

    private mutating func fourDigits() -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var value: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = Hex.value(of: byte) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        index += 4
        return value
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard index < bytes.count, bytes[index] == UInt8(ascii: character) else { return false }
        index += 1
        return true
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            switch bytes[index] {
            case 0x20, 0x09, 0x0A, 0x0D: index += 1
            default: return
            }
        }
    }

    private static let escapes: [UInt8: UInt8] = [
        0x22: 0x22, 0x5C: 0x5C, 0x2F: 0x2F, UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C,
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]
}
