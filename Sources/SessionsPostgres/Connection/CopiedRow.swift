internal import Sessions

/// A row as the server copies it out in binary: for each column its length and its bytes.
///
/// One for all rows of a copy: a row is valid until the next is read.
final class CopiedRow: RowColumns {
    /// What the first row comes behind: a signature, flags, and the length of an extension that nobody uses.
    private static let signature: [UInt8] = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00]

    private var bytes = UnsafeRawBufferPointer(start: nil, count: 0)
    /// Where each column's value begins and how long it is; -1: NULL.
    private var places: [(start: Int, length: Int)]
    private var isFirst = true

    init(columnCount: Int) { places = Array(repeating: (0, -1), count: columnCount) }

    /// Reads a message of the copy.
    ///
    /// - Returns: whether there is a row in it.
    /// - Throws: `SessionsError` with `corrupt` where it isn't what PostgreSQL writes.
    func read(_ message: UnsafeRawBufferPointer) throws -> Bool {
        bytes = message
        var place = 0
        if isFirst {
            guard message.starts(with: Self.signature) else { throw Self.garbled }
            place = Self.signature.count + 4
            let extensionLength = Int(try number(Int32.self, at: &place))
            guard (0...(message.count - place)).contains(extensionLength) else { throw Self.garbled }
            place += extensionLength
            isFirst = false
        }
        let count = try number(Int16.self, at: &place)
        if count == -1 { return false }
        guard count == places.count else { throw Self.garbled }
        for column in places.indices {
            let length = Int(try number(Int32.self, at: &place))
            guard length >= -1, length <= message.count - place else { throw Self.garbled }
            places[column] = (place, length)
            place += max(0, length)
        }
        return true
    }

    func withBytes<Result>(_ index: Int32, _ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result? {
        let (start, length) = places[Int(index)]
        guard length >= 0 else { return nil }
        return try body(UnsafeRawBufferPointer(rebasing: bytes[start..<(start + length)]))
    }

    private func number<Number: FixedWidthInteger>(_: Number.Type, at place: inout Int) throws -> Number {
        guard bytes.count - place >= MemoryLayout<Number>.size else { throw Self.garbled }
        defer { place += MemoryLayout<Number>.size }
        return Number(bigEndian: bytes.loadUnaligned(fromByteOffset: place, as: Number.self))
    }

    private static var garbled: SessionsError {
        SessionsError(.corrupt, "the server's copy of the sessions can't be read: is something between it and us?")
    }
}
