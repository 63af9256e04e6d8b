internal import Sessions

/// Reads what Java's `ObjectOutputStream` writes, as data: no class is loaded, no method called.
struct JavaSerialization {
    private var reader: ByteReader
    private var graph = ValueGraph()
    /// What the stream refers back to: values, and descriptions of classes.
    private var handles: [Handle] = []
    private var classes: [JavaClass] = []

    private enum Handle {
        case value(ValueGraph.Place)
        case description(Int)
    }

    typealias Members = [(name: ValueGraph.Place, value: ValueGraph.Place)]

    /// One value and nothing behind it.
    static func value(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var java = JavaSerialization(reader: ByteReader(bytes))
        guard java.reader.skip([0xAC, 0xED, 0x00, 0x05]) else {
            throw java.reader.malformed("has no header of Java serialization")
        }
        let root = try java.content(depth: 0)
        guard java.reader.isAtEnd else { throw java.reader.malformed("goes on behind its end") }
        return try java.graph.tree(at: root)
    }

    private init(reader: ByteReader) { self.reader = reader }

    private mutating func content(depth: Int) throws(Malformed) -> ValueGraph.Place {
        guard depth <= DecodingLimits.depth else { throw reader.malformed("is nested too deep") }
        switch try reader.byte() {
        case 0x70: return try graph.add(.leaf(.null))
        case 0x71: return try known()
        case 0x73: return try object(depth: depth)
        case 0x74: return try keep(try text(width: 2))
        case 0x7C: return try keep(try text(width: 8))
        case 0x75: return try array(depth: depth)
        case 0x76:
            let type = try classDescription(depth: depth)
            return try keep(.leaf(.string(type.map { classes[$0].name } ?? "null")))
        case 0x7E: return try enumeration(depth: depth)
        case 0x77: return try graph.add(.bytes(try reader.take(try reader.bigEndian(1))))
        case 0x7A: return try graph.add(.bytes(try reader.take(try reader.bigEndian(4))))
        default: throw reader.malformed("has a value of an unknown kind")
        }
    }

    private mutating func keep(_ node: ValueGraph.Node) throws(Malformed) -> ValueGraph.Place {
        let place = try graph.add(node)
        handles.append(.value(place))
        return place
    }

    private mutating func known() throws(Malformed) -> ValueGraph.Place {
        guard case .value(let place) = try handle() else { throw reader.malformed("refers to a class as a value") }
        return place
    }

    private mutating func handle() throws(Malformed) -> Handle {
        let number = Int(try reader.bigEndian(4)) - 0x7E_0000
        guard handles.indices.contains(number) else { throw reader.malformed("refers to a value that isn't there") }
        return handles[number]
    }

    private mutating func text(width: Int) throws(Malformed) -> ValueGraph.Node {
        .leaf(.string(ModifiedUTF8.text(try reader.take(try reader.bigEndian(width)))))
    }

    private mutating func name() throws(Malformed) -> String {
        ModifiedUTF8.text(try reader.take(try reader.bigEndian(2)))
    }

    // MARK: Classes

    /// The number of a class; `nil`: there is none, or it is a proxy.
    private mutating func classDescription(depth: Int) throws(Malformed) -> Int? {
        guard depth <= DecodingLimits.depth else { throw reader.malformed("is nested too deep") }
        switch try reader.byte() {
        case 0x70: return nil
        case 0x71:
            guard case .description(let number) = try handle() else {
                throw reader.malformed("refers to a value as a class")
            }
            return number
        case 0x72: return try newClass(depth: depth)
        default: throw reader.malformed("has a class of an unknown kind")
        }
    }

    private mutating func newClass(depth: Int) throws(Malformed) -> Int {
        var new = JavaClass(name: try name())
        _ = try reader.take(8)
        guard classes.count < 10_000 else { throw reader.malformed("has too many classes") }
        let number = classes.count
        classes.append(new)
        handles.append(.description(number))
        new.flags = try reader.byte()
        for _ in 0..<(try reader.bigEndian(2)) { new.fields.append(try field(depth: depth)) }
        while try !isEndOfBlock() { _ = try content(depth: depth + 1) }
        new.parent = try classDescription(depth: depth + 1)
        classes[number] = new
        return number
    }

    private mutating func field(depth: Int) throws(Malformed) -> JavaClass.Field {
        let type = try reader.byte()
        let name = try self.name()
        if type == UInt8(ascii: "L") || type == UInt8(ascii: "[") { _ = try content(depth: depth + 1) }
        return JavaClass.Field(type: type, name: name)
    }

    private mutating func isEndOfBlock() throws(Malformed) -> Bool {
        guard let next = reader.next else { throw reader.malformed("is cut short") }
        guard next == 0x78 else { return false }
        _ = try reader.byte()
        return true
    }

    // MARK: Values

    private mutating func object(depth: Int) throws(Malformed) -> ValueGraph.Place {
        guard let type = try classDescription(depth: depth + 1) else {
            throw reader.malformed("has an object of no class")
        }
        let place = try keep(.leaf(.null))
        var fields: Members = []
        for ancestor in try lineage(of: type).reversed() { fields += try data(of: ancestor, depth: depth) }
        // A boxed number is a number.
        if let unboxed = unboxed(classes[type].name, fields) {
            graph.replace(place, by: unboxed)
        } else if let plain = JavaCollections(graph: graph).node(of: classes[type].name, fields) {
            graph.replace(place, by: plain)
        } else {
            graph.replace(place, by: .instance(of: classes[type].name, fields: fields))
        }
        return place
    }

    private func lineage(of type: Int) throws(Malformed) -> [Int] {
        var line: [Int] = []
        var next: Int? = type
        while let type = next {
            guard line.count < DecodingLimits.depth else {
                throw reader.malformed("has a class with too many ancestors")
            }
            line.append(type)
            next = classes[type].parent
        }
        return line
    }

    private mutating func data(of type: Int, depth: Int) throws(Malformed) -> Members {
        var members: Members = []
        let described = classes[type]
        if described.isSerializable {
            for field in described.fields {
                let value = try primitive(field.type, depth: depth + 1)
                members.append((try graph.add(text: field.name), value))
            }
        }
        if described.hasOwnData {
            var contents: [ValueGraph.Place] = []
            while try !isEndOfBlock() { contents.append(try content(depth: depth + 1)) }
            if !contents.isEmpty { members.append((try graph.add(text: "$data"), try graph.add(.array(contents)))) }
        } else if !described.isSerializable {
            throw reader.malformed("has an object in a form of its own")
        }
        return members
    }

    private mutating func primitive(_ type: UInt8, depth: Int) throws(Malformed) -> ValueGraph.Place {
        switch Unicode.Scalar(type) {
        case "B": return try graph.add(.leaf(.integer(Int8(truncatingIfNeeded: try reader.bigEndian(1)))))
        case "S": return try graph.add(.leaf(.integer(Int16(truncatingIfNeeded: try reader.bigEndian(2)))))
        case "I": return try graph.add(.leaf(.integer(Int32(truncatingIfNeeded: try reader.bigEndian(4)))))
        case "J": return try graph.add(.leaf(.integer(Int64(bitPattern: try reader.bigEndian(8)))))
        case "C":
            let unit = UInt16(truncatingIfNeeded: try reader.bigEndian(2))
            return try graph.add(text: String(decoding: [unit], as: UTF16.self))
        case "F":
            let bits = UInt32(truncatingIfNeeded: try reader.bigEndian(4))
            return try graph.add(.leaf(.double(Double(Float(bitPattern: bits)))))
        case "D": return try graph.add(.leaf(.double(Double(bitPattern: try reader.bigEndian(8)))))
        case "Z": return try graph.add(.leaf(.bool(try reader.byte() != 0)))
        case "L", "[": return try content(depth: depth)
        default: throw reader.malformed("has a field of an unknown kind")
        }
    }

    private func unboxed(_ name: String, _ fields: Members) -> ValueGraph.Node? {
        let boxes = ["Long", "Integer", "Short", "Byte", "Boolean", "Double", "Float", "Character"]
        guard name.hasPrefix("java.lang."), boxes.contains(String(name.dropFirst("java.lang.".count))),
            fields.count == 1, case .leaf(let value) = graph.nodes[fields[0].value]
        else { return nil }
        return .leaf(value)
    }

    private mutating func array(depth: Int) throws(Malformed) -> ValueGraph.Place {
        guard let type = try classDescription(depth: depth + 1) else {
            throw reader.malformed("has an array of no class")
        }
        let place = try keep(.array([]))
        let element = classes[type].name.utf8.dropFirst().first ?? 0
        let count = try reader.bigEndian(4)
        guard count <= UInt64(reader.remaining) else { throw reader.malformed("is cut short") }
        if element == UInt8(ascii: "B") {
            graph.replace(place, by: .bytes(try reader.take(count)))
            return place
        }
        var elements: [ValueGraph.Place] = []
        for _ in 0..<count { elements.append(try primitive(element, depth: depth + 1)) }
        graph.replace(place, by: .array(elements))
        return place
    }

    private mutating func enumeration(depth: Int) throws(Malformed) -> ValueGraph.Place {
        _ = try classDescription(depth: depth + 1)
        let place = try keep(.leaf(.null))
        let name = try content(depth: depth + 1)
        graph.replace(place, by: graph.nodes[name])
        return place
    }
}

/// A class as a stream describes it.
private struct JavaClass {
    struct Field {
        let type: UInt8
        let name: String
    }

    let name: String
    var flags: UInt8 = 0
    var fields: [Field] = []
    var parent: Int?

    var isSerializable: Bool { flags & 0x02 != 0 }
    /// It writes more than its fields: a list of values up to an end.
    var hasOwnData: Bool { flags & 0x01 != 0 || flags & 0x0C == 0x0C }

    init(name: String) { self.name = name }
}
