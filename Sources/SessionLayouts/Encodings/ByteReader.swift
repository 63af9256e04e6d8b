/// Reads bytes from left to right, never past their end.
struct ByteReader {
    /// What is read.
    let bytes: [UInt8]
    /// Where the next byte is.
    private(set) var index: Int
    /// Where it ends.
    let end: Int

    init(_ bytes: [UInt8]) {
        self.bytes = bytes
        index = 0
        end = bytes.count
    }

    /// How many bytes are left.
    var remaining: Int { end - index }
    /// Whether all has been read.
    var isAtEnd: Bool { index == end }
    /// The next byte, without taking it.
    var next: UInt8? { index < end ? bytes[index] : nil }

    /// An error that says where it was found.
    func malformed(_ reason: String) -> Malformed { Malformed(reason, at: index) }

    mutating func byte() throws(Malformed) -> UInt8 {
        guard index < end else { throw malformed("is cut short") }
        defer { index += 1 }
        return bytes[index]
    }

    /// The next bytes; a length that a stranger wrote is safe to give.
    mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
        guard count >= 0, count <= remaining else { throw malformed("is cut short") }
        defer { index += count }
        return bytes[index..<index + count]
    }

    /// The next bytes, their number as an unsigned one of any size.
    mutating func take(_ count: UInt64) throws(Malformed) -> ArraySlice<UInt8> {
        guard let count = Int(exactly: count) else { throw malformed("is cut short") }
        return try take(count)
    }

    /// Takes a byte that must be this one.
    mutating func expect(_ wanted: Unicode.Scalar) throws(Malformed) {
        guard next == UInt8(ascii: wanted) else { throw malformed("has no `\(wanted)` where one must be") }
        index += 1
    }

    /// Takes bytes where they are the next ones.
    mutating func skip(_ prefix: [UInt8]) -> Bool {
        guard bytes[index..<end].starts(with: prefix) else { return false }
        index += prefix.count
        return true
    }

    /// Everything up to a byte, which is taken but not told.
    mutating func line(until stop: Unicode.Scalar) throws(Malformed) -> ArraySlice<UInt8> {
        guard let found = bytes[index..<end].firstIndex(of: UInt8(ascii: stop)) else {
            throw malformed("is cut short")
        }
        defer { index = found + 1 }
        return bytes[index..<found]
    }

    /// An unsigned number of 1 to 8 bytes, the highest first.
    mutating func bigEndian(_ count: Int) throws(Malformed) -> UInt64 {
        try take(count).reduce(0) { $0 << 8 | UInt64($1) }
    }

    /// An unsigned number of 1 to 8 bytes, the lowest first.
    mutating func littleEndian(_ count: Int) throws(Malformed) -> UInt64 {
        try take(count).reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
