/// Reads a flat MessagePack array, value by value: what stores of keys and values keep, and what scripts answer.
///
/// Every length is compared with what is there; arrays and maps within are refused, so nothing nests.
package struct PackedReader {
    private let bytes: [UInt8]
    private var place = 0
    /// How many values are still to be read.
    package private(set) var left = 0

    /// Begins to read.
    ///
    /// - Throws: `SessionsError` with `corrupt` where the bytes don't begin an array that they can hold.
    package init(_ bytes: [UInt8]) throws {
        self.bytes = bytes
        let kind = try take()
        switch kind {
        case 0x90...0x9f: left = Int(kind & 15)
        case 0xdc: left = Int(try number(UInt16.self))
        case 0xdd: left = Int(try number(UInt32.self))
        default: throw Self.corrupt
        }
        guard left <= bytes.count - place else { throw Self.corrupt }
    }

    /// A whole number; `nil` where it is absent.
    package mutating func optionalInteger() throws -> Int64? {
        let kind = try begin()
        switch kind {
        case 0xc0, 0xc2: return nil
        case 0x00...0x7f: return Int64(kind)
        case 0xe0...0xff: return Int64(Int8(bitPattern: kind))
        case 0xcc: return Int64(try number(UInt8.self))
        case 0xcd: return Int64(try number(UInt16.self))
        case 0xce: return Int64(try number(UInt32.self))
        case 0xcf, 0xd3: return Int64(bitPattern: try number(UInt64.self))
        case 0xd0: return Int64(Int8(truncatingIfNeeded: try number(UInt8.self)))
        case 0xd1: return Int64(Int16(truncatingIfNeeded: try number(UInt16.self)))
        case 0xd2: return Int64(Int32(truncatingIfNeeded: try number(UInt32.self)))
        case 0xcb: return Self.whole(Double(bitPattern: try number(UInt64.self)))
        default: throw Self.corrupt
        }
    }

    /// Lends a string's bytes; `nil` where it is absent.
    package mutating func withOptionalBytes<Result>(
        _ body: (UnsafeBufferPointer<UInt8>) throws -> Result
    ) throws -> Result? {
        let kind = try begin()
        let count: Int
        switch kind {
        case 0xc0, 0xc2: return nil
        case 0xa0...0xbf: count = Int(kind & 31)
        case 0xd9, 0xc4: count = Int(try number(UInt8.self))
        case 0xda, 0xc5: count = Int(try number(UInt16.self))
        case 0xdb, 0xc6: count = Int(try number(UInt32.self))
        default: throw Self.corrupt
        }
        guard count <= bytes.count - place else { throw Self.corrupt }
        defer { place += count }
        return try bytes.withUnsafeBufferPointer { bytes in
            try body(UnsafeBufferPointer(rebasing: bytes[place..<(place + count)]))
        }
    }

    /// What a reader says of bytes that nobody of ours wrote.
    package static var corrupt: SessionsError {
        SessionsError(
            .corrupt,
            "a value of this store can't be read: it is damaged, or of a newer version: use a newer sessiontop")
    }

    private mutating func begin() throws -> UInt8 {
        guard left > 0 else { throw Self.corrupt }
        left -= 1
        return try take()
    }

    private mutating func take() throws -> UInt8 {
        guard place < bytes.count else { throw Self.corrupt }
        defer { place += 1 }
        return bytes[place]
    }

    /// An unsigned number, the highest byte first.
    private mutating func number<Number: FixedWidthInteger>(_: Number.Type) throws -> UInt64 {
        let count = MemoryLayout<Number>.size
        guard count <= bytes.count - place else { throw Self.corrupt }
        defer { place += count }
        return bytes.withUnsafeBytes {
            UInt64(truncatingIfNeeded: Number(bigEndian: $0.loadUnaligned(fromByteOffset: place, as: Number.self)))
        }
    }

    /// Lua's numbers are doubles: one past 63 bits stands for the end of time.
    private static func whole(_ number: Double) -> Int64? {
        number.isNaN ? nil : Int64(exactly: number.rounded(.towardZero)) ?? (number < 0 ? .min : .max)
    }
}

extension PackedReader {
    package mutating func integer() throws -> Int64 { try present(try optionalInteger()) }
    package mutating func moment() throws -> Timestamp { Timestamp(milliseconds: try integer()) }
    package mutating func optionalMoment() throws -> Timestamp? {
        try optionalInteger().map(Timestamp.init(milliseconds:))
    }
    package mutating func position() throws -> FeedPosition { FeedPosition(try integer()) }
    package mutating func optionalBytes() throws -> [UInt8]? { try withOptionalBytes { Array($0) } }
    package mutating func data() throws -> [UInt8] { try present(try optionalBytes()) }
    package mutating func optionalText() throws -> String? {
        try withOptionalBytes { String(decoding: $0, as: UTF8.self) }
    }
    package mutating func text() throws -> String { try present(try optionalText()) }
    package mutating func id() throws -> IDHash {
        try present(try withOptionalBytes { IDHash(bytes: UnsafeRawBufferPointer($0)) } ?? nil)
    }

    /// Who ended something, when and why, in three values; `nil` where nobody did.
    package mutating func optionalRevocation() throws -> Revocation? {
        let (at, by, reason) = (try optionalMoment(), try optionalText(), try optionalText())
        return at.map { Revocation(at: $0, by: by ?? "", reason: reason) }
    }

    private func present<Value>(_ value: Value?) throws -> Value {
        guard let value else { throw Self.corrupt }
        return value
    }
}
