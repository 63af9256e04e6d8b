extension JSONValue {
    /// How deep arrays and objects may lie in each other.
    public static let depthLimit = 64
    /// How long a text of JSON may be, in bytes.
    public static let byteLimit = 16 << 20

    /// Reads JSON as RFC 8259 has it, from bytes that a stranger wrote; `nil` for anything else.
    ///
    /// - Parameter bytes: UTF-8, at most ``byteLimit`` bytes, at most ``depthLimit`` deep.
    public init?(parsing bytes: [UInt8]) {
        guard bytes.count <= Self.byteLimit else { return nil }
        var reader = JSONReader(bytes: bytes, depthLimit: Self.depthLimit, isStrict: false)
        guard let value = reader.value(depth: 0), reader.isAtEnd() else { return nil }
        self = value
    }

    /// Reads JSON that something is decided by: it has one meaning, whoever reads it.
    ///
    /// An object that names a member twice is refused, and so is a text with half a pair of surrogates: readers differ
    /// in what they make of either.
    ///
    /// - Parameters:
    ///   - bytes: UTF-8, at most ``byteLimit`` bytes.
    ///   - depthLimit: at most so many arrays and objects lie around a value.
    /// - Throws: what is wrong with it.
    public init(strict bytes: [UInt8], depthLimit: Int) throws(JSONFault) {
        guard bytes.count <= Self.byteLimit else { throw .malformed }
        var reader = JSONReader(bytes: bytes, depthLimit: depthLimit, isStrict: true)
        guard let value = reader.value(depth: 0), reader.isAtEnd() else { throw reader.fault }
        self = value
    }
}

/// Why bytes aren't the JSON that is wanted.
public enum JSONFault: Error, Hashable, Sendable {
    /// They are no JSON at all.
    case malformed
    /// Arrays and objects lie too deep in each other.
    case tooDeep
    /// An object names a member twice.
    case duplicateMember
    /// A text is no UTF-8, or has half a pair of surrogates.
    case illFormedText
}

/// Reads JSON from left to right; each function leaves the reader behind what it read, or gives `nil`.
private struct JSONReader {
    let bytes: [UInt8]
    let depthLimit: Int
    /// Whether what has several meanings is refused.
    let isStrict: Bool
    var index = 0
    /// Why the last function gave `nil`.
    private(set) var fault = JSONFault.malformed

    mutating func isAtEnd() -> Bool {
        skipSpace()
        return index == bytes.count
    }

    mutating func value(depth: Int) -> JSONValue? {
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
        default: return number()
        }
    }

    private mutating func object(depth: Int) -> JSONValue? {
        var members: [JSONValue.Member] = []
        // Enough for the claims of a token; a stranger's many small objects within get no more than they fill.
        if depth == 0 { members.reserveCapacity(16) }
        let isWhole = list(end: "}") { reader in
            reader.skipSpace()
            guard let name = reader.text() else { return false }
            reader.skipSpace()
            guard reader.take(":"), let value = reader.value(depth: depth + 1) else { return false }
            members.append(JSONValue.Member(name, value))
            return true
        }
        guard isWhole else { return nil }
        return isStrict && Self.hasTwins(members) ? fail(.duplicateMember) : .object(members)
    }

    /// Names are compared by their bytes: few by each other where they look alike, many by their hashes.
    private static func hasTwins(_ members: [JSONValue.Member]) -> Bool {
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

    private mutating func array(depth: Int) -> JSONValue? {
        var elements: [JSONValue] = []
        let isWhole = list(end: "]") { reader in
            guard let element = reader.value(depth: depth + 1) else { return false }
            elements.append(element)
            return true
        }
        return isWhole ? .array(elements) : nil
    }

    /// Reads what stands between two brackets, parted by commas.
    private mutating func list(end: Unicode.Scalar, each: (inout JSONReader) -> Bool) -> Bool {
        index += 1
        skipSpace()
        if take(end) { return true }
        repeat {
            guard each(&self) else { return false }
            skipSpace()
        } while take(",")
        return take(end)
    }

    private mutating func word(_ word: StaticString, _ value: JSONValue) -> JSONValue? {
        let isThere = word.withUTF8Buffer { bytes[index...].starts(with: $0) }
        guard isThere else { return nil }
        index += word.utf8CodeUnitCount
        return value
    }

    private mutating func number() -> JSONValue? {
        let start = index
        _ = take("-")
        if !take("0") { guard digits() else { return nil } }
        if take(".") { guard digits() else { return nil } }
        if take("e") || take("E") {
            _ = take("+") || take("-")
            guard digits() else { return nil }
        }
        return .number(String(decoding: bytes[start..<index], as: UTF8.self))
    }

    private mutating func digits() -> Bool {
        let start = index
        while index < bytes.count, (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) { index += 1 }
        return index > start
    }

    private mutating func text() -> String? {
        guard take("\"") else { return nil }
        let start = index
        var bits: UInt8 = 0
        while index < bytes.count {
            let byte = bytes[index]
            guard byte >= 0x20, byte != 0x22, byte != 0x5C else { break }
            bits |= byte
            index += 1
        }
        if take("\"") {
            let units = bytes[start..<index - 1]
            // Nearly all text is ASCII, which needs no validation.
            return bits < 0x80 ? units.withUnsafeBufferPointer { String(decoding: $0, as: UTF8.self) } : text(units)
        }
        return escapedText(after: bytes[start..<index])
    }

    private mutating func text(_ units: ArraySlice<UInt8>) -> String? {
        String(validating: units, as: UTF8.self) ?? fail(.illFormedText)
    }

    /// Reads on from the first character that doesn't stand for itself.
    private mutating func escapedText(after start: ArraySlice<UInt8>) -> String? {
        var units = Array(start)
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): return text(units[...])
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

    private mutating func fail<Value>(_ fault: JSONFault) -> Value? {
        self.fault = fault
        return nil
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
