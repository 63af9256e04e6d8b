internal import Sessions

/// Reads what PHP's `serialize` writes, as data: no class is ever loaded.
struct PHPReader {
    var reader: ByteReader
    var graph = ValueGraph()
    /// The values by the numbers that `r:` and `R:` refer to; the first is 1.
    private var slots: [ValueGraph.Place] = []

    init(_ bytes: [UInt8]) { reader = ByteReader(bytes) }

    /// One value and nothing behind it.
    static func value(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var php = PHPReader(bytes)
        let place = try php.value(depth: 0)
        guard php.reader.isAtEnd else { throw php.reader.malformed("goes on behind its end") }
        return try php.graph.tree(at: place)
    }

    /// The bytes of one text and nothing behind it: a value that was serialized twice.
    static func text(_ bytes: [UInt8]) throws(Malformed) -> [UInt8] {
        var php = PHPReader(bytes)
        let place = try php.value(depth: 0)
        guard php.reader.isAtEnd, case .bytes(let text) = php.graph.nodes[place] else {
            throw php.reader.malformed("is no text of PHP")
        }
        return Array(text)
    }

    /// What PHP's session handlers `php` and `php_binary` write: names and values by turns, without a length.
    ///
    /// A payload of `php_binary` begins with the length of a name, mostly a control character, which no name begins with.
    /// Where it might be either, `php` comes first: it is PHP's default.
    static func session(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        guard let first = bytes.first, first < 0x80 else { return try variables(bytes, isBinary: false) }
        if first < 0x20 { return try variables(bytes, isBinary: true) }
        do throws(Malformed) { return try variables(bytes, isBinary: false) } catch {
            guard let value = try? variables(bytes, isBinary: true) else { throw error }
            return value
        }
    }

    private static func variables(_ bytes: [UInt8], isBinary: Bool) throws(Malformed) -> JSONValue {
        var php = PHPReader(bytes)
        var members: [(name: ValueGraph.Place, value: ValueGraph.Place)] = []
        while !php.reader.isAtEnd {
            let (name, isUnset) = isBinary ? try php.measuredVariable() : try php.endedVariable()
            let place = try php.graph.add(.bytes(name))
            members.append((place, isUnset ? try php.graph.add(.leaf(.null)) : try php.value(depth: 1)))
        }
        let whole = try php.graph.add(.object(members))
        return try php.graph.tree(at: whole)
    }

    /// `name|`; an exclamation mark before it says that the variable was never given a value.
    private mutating func endedVariable() throws(Malformed) -> (name: ArraySlice<UInt8>, isUnset: Bool) {
        let name = try reader.line(until: "|")
        let isUnset = name.first == UInt8(ascii: "!")
        return (isUnset ? name.dropFirst() : name, isUnset)
    }

    /// A byte with the name's length, then the name; the highest bit says that the variable was never given a value.
    private mutating func measuredVariable() throws(Malformed) -> (name: ArraySlice<UInt8>, isUnset: Bool) {
        let head = try reader.byte()
        return (try reader.take(Int(head & 0x7F)), head & 0x80 != 0)
    }

    mutating func value(depth: Int) throws(Malformed) -> ValueGraph.Place {
        guard depth <= DecodingLimits.depth else { throw reader.malformed("is nested too deep") }
        let kind = Unicode.Scalar(try reader.byte())
        if kind == "N" {
            try reader.expect(";")
            return try keep(.leaf(.null))
        }
        try reader.expect(":")
        switch kind {
        case "b":
            let digit = try number(until: ";")
            guard digit == 0 || digit == 1 else { throw reader.malformed("has a truth of no kind") }
            return try keep(.leaf(.bool(digit == 1)))
        case "i": return try keep(.leaf(.integer(try number(until: ";"))))
        case "d": return try keep(.leaf(try double()))
        case "s":
            let text = try quoted()
            try reader.expect(";")
            return try keep(.bytes(text))
        case "E":
            let name = try quoted()
            try reader.expect(";")
            return try keep(.bytes(name))
        case "a": return try array(depth: depth)
        case "O": return try object(depth: depth)
        case "C": return try custom()
        case "r": return try referred(isValueOfItsOwn: true)
        case "R": return try referred(isValueOfItsOwn: false)
        default: throw reader.malformed("has a value of an unknown kind")
        }
    }

    private mutating func keep(_ node: ValueGraph.Node) throws(Malformed) -> ValueGraph.Place {
        let place = try graph.add(node)
        slots.append(place)
        return place
    }

    private mutating func number(until stop: Unicode.Scalar) throws(Malformed) -> Int {
        let digits = try reader.line(until: stop)
        guard digits.count <= 20, digits.first != UInt8(ascii: "+"),
            let value = Int(String(decoding: digits, as: UTF8.self))
        else { throw reader.malformed("has a number that is none") }
        return value
    }

    private mutating func double() throws(Malformed) -> JSONValue {
        let text = String(decoding: try reader.line(until: ";"), as: UTF8.self)
        guard text.utf8.count <= 40 else { throw reader.malformed("has a number that is none") }
        switch text {
        case "INF", "-INF", "NAN": return .string(text)
        default:
            guard let value = Double(text) else { throw reader.malformed("has a number that is none") }
            return .double(value)
        }
    }

    /// `5:"alice"`, the length in bytes.
    private mutating func quoted() throws(Malformed) -> ArraySlice<UInt8> {
        let count = try number(until: ":")
        try reader.expect("\"")
        let text = try reader.take(count)
        try reader.expect("\"")
        return text
    }

    private mutating func array(depth: Int) throws(Malformed) -> ValueGraph.Place {
        let count = try number(until: ":")
        let place = try keep(.array([]))
        let members = try self.members(count, depth: depth)
        let isList = members.enumerated().allSatisfy { graph.text(at: $0.element.name) == "\($0.offset)" }
        graph.replace(place, by: isList ? .array(members.map(\.value)) : .object(members))
        return place
    }

    private mutating func object(depth: Int) throws(Malformed) -> ValueGraph.Place {
        let name = String(decoding: try quoted(), as: UTF8.self)
        try reader.expect(":")
        let count = try number(until: ":")
        let place = try keep(.instance(of: name, fields: []))
        graph.replace(place, by: .instance(of: name, fields: try members(count, depth: depth)))
        return place
    }

    /// A class with a serialized form of its own: told as text.
    private mutating func custom() throws(Malformed) -> ValueGraph.Place {
        let name = String(decoding: try quoted(), as: UTF8.self)
        try reader.expect(":")
        let count = try number(until: ":")
        try reader.expect("{")
        let data = try graph.add(.bytes(try reader.take(count)))
        try reader.expect("}")
        return try keep(.instance(of: name, fields: [(try graph.add(text: "$data"), data)]))
    }

    private mutating func members(
        _ count: Int, depth: Int
    ) throws(Malformed) -> [(name: ValueGraph.Place, value: ValueGraph.Place)] {
        guard count >= 0 else { throw reader.malformed("has a number that is none") }
        try reader.expect("{")
        var members: [(name: ValueGraph.Place, value: ValueGraph.Place)] = []
        for _ in 0..<count {
            let name = try self.name()
            members.append((name, try value(depth: depth + 1)))
        }
        try reader.expect("}")
        return members
    }

    /// A key, which takes no slot; of a private property's name the class before it is left out.
    private mutating func name() throws(Malformed) -> ValueGraph.Place {
        let kind = Unicode.Scalar(try reader.byte())
        try reader.expect(":")
        switch kind {
        case "i": return try graph.add(.leaf(.integer(try number(until: ";"))))
        case "s":
            let text = try quoted()
            try reader.expect(";")
            let start = text.first == 0 ? (text.lastIndex(of: 0) ?? text.startIndex) + 1 : text.startIndex
            return try graph.add(.bytes(text[start...]))
        default: throw reader.malformed("has a key of an unknown kind")
        }
    }

    private mutating func referred(isValueOfItsOwn: Bool) throws(Malformed) -> ValueGraph.Place {
        let slot = try number(until: ";")
        guard slots.indices.contains(slot &- 1) else { throw reader.malformed("refers to a value that isn't there") }
        if isValueOfItsOwn { slots.append(slots[slot - 1]) }
        return slots[slot - 1]
    }
}
