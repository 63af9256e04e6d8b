internal import Sessions

/// Reads what PHP's igbinary writes (versions 1 and 2), as data.
struct Igbinary {
    private var reader: ByteReader
    private var graph = ValueGraph()
    /// Every text in the order in which it came: later ones refer back.
    private var texts: [ArraySlice<UInt8>] = []
    /// Every array and object, and every value that more than one place shares.
    private var shared: [ValueGraph.Place] = []

    /// One value and nothing behind it.
    static func value(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var igbinary = Igbinary(reader: ByteReader(bytes))
        guard [1, 2].contains(try igbinary.reader.bigEndian(4)) else {
            throw igbinary.reader.malformed("has no header of igbinary")
        }
        let place = try igbinary.value(depth: 0)
        guard igbinary.reader.isAtEnd else { throw igbinary.reader.malformed("goes on behind its end") }
        return try igbinary.graph.tree(at: place)
    }

    private init(reader: ByteReader) { self.reader = reader }

    private mutating func value(depth: Int) throws(Malformed) -> ValueGraph.Place {
        guard depth <= DecodingLimits.depth else { throw reader.malformed("is nested too deep") }
        let kind = try reader.byte()
        switch kind {
        case 0x00: return try graph.add(.leaf(.null))
        case 0x01...0x03: return try known(width: 1 << Int(kind - 0x01))
        case 0x04, 0x05: return try graph.add(.leaf(.bool(kind == 0x05)))
        case 0x06...0x0B: return try integer(width: 1 << Int((kind - 0x06) / 2), isNegative: kind % 2 == 1)
        case 0x0C: return try graph.add(.leaf(.double(Double(bitPattern: try reader.bigEndian(8)))))
        case 0x0D...0x13, 0x26: return try graph.add(.bytes(try text(kind)))
        case 0x14...0x16: return try array(width: 1 << Int(kind - 0x14), depth: depth)
        case 0x17...0x1C: return try object(kind, depth: depth)
        case 0x20, 0x21: return try integer(width: 8, isNegative: kind == 0x21)
        case 0x22...0x24: return try known(width: 1 << Int(kind - 0x22))
        case 0x25: return try sharing(depth: depth)
        default: throw reader.malformed("has a value of an unknown kind")
        }
    }

    private mutating func integer(width: Int, isNegative: Bool) throws(Malformed) -> ValueGraph.Place {
        let magnitude = try reader.bigEndian(width)
        return try graph.add(.leaf(.number(isNegative && magnitude != 0 ? "-\(magnitude)" : "\(magnitude)")))
    }

    private mutating func known(width: Int) throws(Malformed) -> ValueGraph.Place {
        let number = try reader.bigEndian(width)
        guard number < UInt64(shared.count) else { throw reader.malformed("refers to a value that isn't there") }
        return shared[Int(number)]
    }

    /// The next value is one that others refer to; arrays and objects are anyway.
    private mutating func sharing(depth: Int) throws(Malformed) -> ValueGraph.Place {
        let isContainer = reader.next.map { (0x14...0x1C).contains($0) || (0x01...0x03).contains($0) } ?? false
        let place = try value(depth: depth + 1)
        if !isContainer { shared.append(place) }
        return place
    }

    private mutating func text(_ kind: UInt8) throws(Malformed) -> ArraySlice<UInt8> {
        switch kind {
        case 0x0D: return []
        case 0x0E...0x10: return try knownText(width: 1 << Int(kind - 0x0E))
        default:
            let text = try reader.take(try reader.bigEndian(kind == 0x26 ? 8 : 1 << Int(kind - 0x11)))
            texts.append(text)
            return text
        }
    }

    private mutating func knownText(width: Int) throws(Malformed) -> ArraySlice<UInt8> {
        let number = try reader.bigEndian(width)
        guard number < UInt64(texts.count) else { throw reader.malformed("refers to a text that isn't there") }
        return texts[Int(number)]
    }

    private mutating func array(width: Int, depth: Int) throws(Malformed) -> ValueGraph.Place {
        let count = try reader.bigEndian(width)
        let place = try graph.add(.array([]))
        shared.append(place)
        let members = try self.members(count, depth: depth)
        let isList = members.enumerated().allSatisfy { graph.text(at: $0.element.name) == "\($0.offset)" }
        graph.replace(place, by: isList ? .array(members.map(\.value)) : .object(members))
        return place
    }

    private mutating func object(_ kind: UInt8, depth: Int) throws(Malformed) -> ValueGraph.Place {
        // The class is a text like any other, under numbers of its own.
        let name = String(decoding: try text(kind < 0x1A ? kind - 0x17 + 0x11 : kind - 0x1A + 0x0E), as: UTF8.self)
        let place = try graph.add(.instance(of: name, fields: []))
        shared.append(place)
        let body = try reader.byte()
        switch body {
        case 0x14...0x16:
            let count = try reader.bigEndian(1 << Int(body - 0x14))
            graph.replace(place, by: .instance(of: name, fields: try members(count, depth: depth)))
        case 0x1D...0x1F:
            let data = try graph.add(.bytes(try reader.take(try reader.bigEndian(1 << Int(body - 0x1D)))))
            graph.replace(place, by: .instance(of: name, fields: [(try graph.add(text: "$data"), data)]))
        default: throw reader.malformed("has an object of an unknown kind")
        }
        return place
    }

    private mutating func members(
        _ count: UInt64, depth: Int
    ) throws(Malformed) -> [(name: ValueGraph.Place, value: ValueGraph.Place)] {
        guard count <= UInt64(reader.remaining) else { throw reader.malformed("is cut short") }
        var members: [(name: ValueGraph.Place, value: ValueGraph.Place)] = []
        for _ in 0..<count {
            let name = try self.name()
            members.append((name, try value(depth: depth + 1)))
        }
        return members
    }

    private mutating func name() throws(Malformed) -> ValueGraph.Place {
        let kind = try reader.byte()
        switch kind {
        case 0x06...0x0B: return try integer(width: 1 << Int((kind - 0x06) / 2), isNegative: kind % 2 == 1)
        case 0x20, 0x21: return try integer(width: 8, isNegative: kind == 0x21)
        case 0x0D...0x13, 0x26:
            let text = try self.text(kind)
            let start = text.first == 0 ? (text.lastIndex(of: 0) ?? text.startIndex) + 1 : text.startIndex
            return try graph.add(.bytes(text[start...]))
        default: throw reader.malformed("has a key of an unknown kind")
        }
    }
}
