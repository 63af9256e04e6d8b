internal import Sessions

/// Reads MessagePack.
struct MessagePack {
    private var reader: ByteReader
    /// PHP's extension begins each array that is no object with a marker: a nil that is 1.
    private let isPHP: Bool
    /// What names cost that are no texts.
    private var budget = ByteBudget()

    /// One value and nothing behind it.
    ///
    /// - Parameters:
    ///   - bytes: what was written.
    ///   - isPHP: leave out the marker that PHP's extension adds.
    /// - Returns: the value.
    /// - Throws: ``Malformed`` for anything else.
    static func value(_ bytes: [UInt8], isPHP: Bool = false) throws(Malformed) -> JSONValue {
        var pack = MessagePack(reader: ByteReader(bytes), isPHP: isPHP)
        let value = try pack.value(depth: 0)
        guard pack.reader.isAtEnd else { throw pack.reader.malformed("goes on behind its end") }
        return value
    }

    private mutating func value(depth: Int) throws(Malformed) -> JSONValue {
        guard depth <= DecodingLimits.depth else { throw reader.malformed("is nested too deep") }
        let kind = try reader.byte()
        switch kind {
        case 0x00...0x7F: return .integer(kind)
        case 0x80...0x8F: return try map(UInt64(kind & 0x0F), depth)
        case 0x90...0x9F: return try array(UInt64(kind & 0x0F), depth)
        case 0xA0...0xBF: return .bytes(try reader.take(Int(kind & 0x1F)))
        case 0xC0: return .null
        case 0xC2, 0xC3: return .bool(kind == 0xC3)
        case 0xC4...0xC6: return .bytes(try reader.take(try reader.bigEndian(1 << Int(kind - 0xC4))))
        case 0xC7...0xC9: return try foreign(try reader.bigEndian(1 << Int(kind - 0xC7)))
        case 0xCA: return .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try reader.bigEndian(4)))))
        case 0xCB: return .double(Double(bitPattern: try reader.bigEndian(8)))
        case 0xCC...0xCF: return .integer(try reader.bigEndian(1 << Int(kind - 0xCC)))
        case 0xD0...0xD3: return .integer(try signed(width: 1 << Int(kind - 0xD0)))
        case 0xD4...0xD8: return try foreign(1 << UInt64(kind - 0xD4))
        case 0xD9...0xDB: return .bytes(try reader.take(try reader.bigEndian(1 << Int(kind - 0xD9))))
        case 0xDC, 0xDD: return try array(try reader.bigEndian(kind == 0xDC ? 2 : 4), depth)
        case 0xDE, 0xDF: return try map(try reader.bigEndian(kind == 0xDE ? 2 : 4), depth)
        case 0xE0...0xFF: return .integer(Int8(bitPattern: kind))
        default: throw reader.malformed("has a value of an unknown kind")
        }
    }

    private mutating func signed(width: Int) throws(Malformed) -> Int64 {
        let unused = UInt64(64 - width * 8)
        return Int64(bitPattern: try reader.bigEndian(width) << unused) >> Int64(unused)
    }

    /// An extension of somebody's: its number and its bytes.
    private mutating func foreign(_ count: UInt64) throws(Malformed) -> JSONValue {
        let number = Int8(bitPattern: try reader.byte())
        return ["$extension": .integer(number), "$base64": .string(Base64.encode(try reader.take(count)))]
    }

    private mutating func array(_ count: UInt64, _ depth: Int) throws(Malformed) -> JSONValue {
        guard count <= UInt64(reader.remaining) else { throw reader.malformed("is cut short") }
        var elements: [JSONValue] = []
        for _ in 0..<count { elements.append(try value(depth: depth + 1)) }
        return .array(elements)
    }

    private mutating func map(_ count: UInt64, _ depth: Int) throws(Malformed) -> JSONValue {
        guard count <= UInt64(reader.remaining) else { throw reader.malformed("is cut short") }
        var members: [JSONValue.Member] = []
        for index in 0..<count {
            let name = try value(depth: depth + 1)
            let value = try value(depth: depth + 1)
            if isPHP, index == 0, name == .null, value == .number("1") { continue }
            members.append(JSONValue.Member(try budget.name(name), value))
        }
        let isList = isPHP && !members.isEmpty && members.enumerated().allSatisfy { $0.element.name == "\($0.offset)" }
        return isList ? .array(members.map(\.value)) : .object(members)
    }
}
