internal import Sessions

/// Reads what Ruby's `Marshal.dump` writes (format 4.8), as data: no class is loaded, no method called.
struct RubyMarshal {
    private var reader: ByteReader
    /// The values that were read.
    private(set) var graph = ValueGraph()
    private var symbols: [String] = []
    /// The values by the numbers that later ones refer to.
    private var objects: [ValueGraph.Place] = []

    typealias Members = [(name: ValueGraph.Place, value: ValueGraph.Place)]

    /// One value and nothing behind it.
    static func value(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        let (marshal, root) = try whole(bytes)
        return try marshal.graph.tree(at: root)
    }

    /// The values, and the place of the outermost.
    static func whole(_ bytes: [UInt8]) throws(Malformed) -> (marshal: RubyMarshal, root: ValueGraph.Place) {
        var marshal = RubyMarshal(reader: ByteReader(bytes))
        guard marshal.reader.skip([4, 8]) else { throw marshal.reader.malformed("has no header of Marshal 4.8") }
        let root = try marshal.value(depth: 0)
        guard marshal.reader.isAtEnd else { throw marshal.reader.malformed("goes on behind its end") }
        return (marshal, root)
    }

    private init(reader: ByteReader) { self.reader = reader }

    private mutating func value(depth: Int) throws(Malformed) -> ValueGraph.Place {
        guard depth <= DecodingLimits.depth else { throw reader.malformed("is nested too deep") }
        let kind = Unicode.Scalar(try reader.byte())
        switch kind {
        case "0": return try graph.add(.leaf(.null))
        case "T", "F": return try graph.add(.leaf(.bool(kind == "T")))
        case "i": return try graph.add(.leaf(.integer(try fixnum())))
        case ":", ";": return try graph.add(text: try symbol(kind))
        case "@": return try known()
        case "l", "f", "\"", "c", "m", "M": return try keep(try atom(kind))
        case "I": return try withVariables(depth: depth)
        case "[", "{", "}", "o", "S", "U": return try container(kind, depth: depth)
        case "u": return try custom(depth: depth, hasVariables: false)
        case "/":
            let source = try reader.take(try fixnum())
            _ = try reader.byte()
            return try keep(.bytes(source))
        case "C", "e":
            // A subclass of a core class, or one with a module mixed in: the value is what counts.
            _ = try symbolHere(depth: depth)
            return try value(depth: depth + 1)
        default: throw reader.malformed("has a value of an unknown kind")
        }
    }

    private mutating func keep(_ node: ValueGraph.Node) throws(Malformed) -> ValueGraph.Place {
        let place = try graph.add(node)
        objects.append(place)
        return place
    }

    private mutating func known() throws(Malformed) -> ValueGraph.Place {
        let number = try fixnum()
        guard objects.indices.contains(number) else { throw reader.malformed("refers to a value that isn't there") }
        return objects[number]
    }

    private mutating func atom(_ kind: Unicode.Scalar) throws(Malformed) -> ValueGraph.Node {
        switch kind {
        case "l":
            let isNegative = try reader.byte() == UInt8(ascii: "-")
            let magnitude = try reader.take(try fixnum() &* 2)
            return .leaf(.integer(magnitude: Array(magnitude), isNegative: isNegative))
        case "f":
            let text = String(decoding: try reader.take(try fixnum()), as: UTF8.self)
            guard text.utf8.count <= 64 else { throw reader.malformed("has a number that is none") }
            return .leaf(Double(text).map { .double($0) } ?? .string(text))
        default: return .bytes(try reader.take(try fixnum()))
        }
    }

    private mutating func container(_ kind: Unicode.Scalar, depth: Int) throws(Malformed) -> ValueGraph.Place {
        switch kind {
        case "[":
            let place = try keep(.array([]))
            var elements: [ValueGraph.Place] = []
            for _ in 0..<(try count()) { elements.append(try value(depth: depth + 1)) }
            graph.replace(place, by: .array(elements))
            return place
        case "{", "}":
            let place = try keep(.object([]))
            let members = try self.members(depth: depth, areSymbols: false)
            if kind == "}" { _ = try value(depth: depth + 1) }
            graph.replace(place, by: .object(members))
            return place
        case "U":
            let name = try symbolHere(depth: depth)
            let place = try keep(.leaf(.null))
            let state = try value(depth: depth + 1)
            graph.replace(place, by: .instance(of: name, fields: [(try graph.add(text: "$state"), state)]))
            return place
        default:
            let name = try symbolHere(depth: depth)
            let place = try keep(.leaf(.null))
            graph.replace(place, by: .instance(of: name, fields: try members(depth: depth, areSymbols: true)))
            return place
        }
    }

    private mutating func members(depth: Int, areSymbols: Bool) throws(Malformed) -> Members {
        var members: Members = []
        for _ in 0..<(try count()) {
            let name = areSymbols ? try graph.add(text: try symbolHere(depth: depth)) : try value(depth: depth + 1)
            members.append((name, try value(depth: depth + 1)))
        }
        return members
    }

    /// A text with its encoding, or any value with variables of its own.
    private mutating func withVariables(depth: Int) throws(Malformed) -> ValueGraph.Place {
        if reader.next == UInt8(ascii: ":") {
            _ = try reader.byte()
            return try symbolWithEncoding(depth: depth)
        }
        if reader.next == UInt8(ascii: "u") {
            _ = try reader.byte()
            return try custom(depth: depth, hasVariables: true)
        }
        let place = try value(depth: depth + 1)
        // A text's own variables say nothing that an operator needs; an object's do.
        _ = graph.append(members: try variables(depth: depth), to: place)
        return place
    }

    /// The variables of a value, but for its encoding.
    private mutating func variables(depth: Int) throws(Malformed) -> Members {
        var members: Members = []
        for _ in 0..<(try count()) {
            let name = try symbolHere(depth: depth)
            let variable = try value(depth: depth + 1)
            if name != "E", name != "encoding" { members.append((try graph.add(text: name), variable)) }
        }
        return members
    }

    /// An object of a class with a form of its own: unlike any other, it gets its number after its variables.
    private mutating func custom(depth: Int, hasVariables: Bool) throws(Malformed) -> ValueGraph.Place {
        let name = try symbolHere(depth: depth)
        let data = try graph.add(.bytes(try reader.take(try fixnum())))
        var members: Members = [(try graph.add(text: "$data"), data)]
        if hasVariables { members += try variables(depth: depth) }
        return try keep(.instance(of: name, fields: members))
    }

    /// A symbol has its number before its encoding is read.
    private mutating func symbolWithEncoding(depth: Int) throws(Malformed) -> ValueGraph.Place {
        guard depth <= DecodingLimits.depth else { throw reader.malformed("is nested too deep") }
        let name = try symbol(":")
        for _ in 0..<(try count()) {
            _ = try symbolHere(depth: depth + 1)
            _ = try value(depth: depth + 1)
        }
        return try graph.add(text: name)
    }

    private mutating func symbolHere(depth: Int) throws(Malformed) -> String {
        let kind = Unicode.Scalar(try reader.byte())
        guard kind != "I" else {
            guard try reader.byte() == UInt8(ascii: ":") else {
                throw reader.malformed("has no symbol where one must be")
            }
            let place = try symbolWithEncoding(depth: depth)
            return graph.text(at: place) ?? ""
        }
        return try symbol(kind)
    }

    private mutating func symbol(_ kind: Unicode.Scalar) throws(Malformed) -> String {
        switch kind {
        case ":":
            let name = String(decoding: try reader.take(try fixnum()), as: UTF8.self)
            symbols.append(name)
            return name
        case ";":
            let number = try fixnum()
            guard symbols.indices.contains(number) else {
                throw reader.malformed("refers to a symbol that isn't there")
            }
            return symbols[number]
        default: throw reader.malformed("has no symbol where one must be")
        }
    }

    private mutating func count() throws(Malformed) -> Int {
        let count = try fixnum()
        guard (0...reader.remaining).contains(count) else { throw reader.malformed("is cut short") }
        return count
    }

    /// A whole number of one to five bytes.
    private mutating func fixnum() throws(Malformed) -> Int {
        let first = Int(Int8(bitPattern: try reader.byte()))
        switch first {
        case 0: return 0
        case 5...127: return first - 5
        case -128 ... -5: return first + 5
        case 1...4: return Int(try reader.littleEndian(first))
        default:
            let bytes = -first
            return Int(try reader.littleEndian(bytes)) - (1 << (8 * bytes))
        }
    }
}
