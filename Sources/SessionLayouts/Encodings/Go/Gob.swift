internal import Sessions

/// Reads what Go's `encoding/gob` writes: types are described in the stream itself, so nothing need be known before.
struct Gob {
    private var reader: ByteReader
    private var types: [Int: GobType] = [:]
    private var values = 0
    /// What names cost that are no texts.
    private var budget = ByteBudget()

    /// The one value of a stream.
    static func value(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var gob = Gob(reader: ByteReader(bytes))
        while true {
            let length = try gob.unsigned()
            guard length <= UInt64(gob.reader.remaining) else { throw gob.reader.malformed("is cut short") }
            let end = gob.reader.remaining - Int(length)
            let type = try gob.signed()
            if type < 0 {
                try gob.define(type)
                guard gob.reader.remaining == end else { throw gob.reader.malformed("has a type of another length") }
                continue
            }
            // Where a value brings types of its own, the writer begins new messages in its midst: lengths say nothing.
            let value = try gob.delimited(type, depth: 0)
            guard gob.reader.isAtEnd else { throw gob.reader.malformed("goes on behind its end") }
            return value
        }
    }

    private init(reader: ByteReader) { self.reader = reader }

    // MARK: Numbers

    private mutating func unsigned() throws(Malformed) -> UInt64 {
        let first = try reader.byte()
        if first < 0x80 { return UInt64(first) }
        let width = 256 - Int(first)
        guard width <= 8 else { throw reader.malformed("has a number that is too large") }
        return try reader.bigEndian(width)
    }

    private mutating func signed() throws(Malformed) -> Int {
        let bits = try unsigned()
        let value = Int64(bitPattern: bits >> 1)
        return Int(bits & 1 == 1 ? ~value : value)
    }

    // MARK: Types

    private mutating func define(_ type: Int) throws(Malformed) {
        guard type != .min, types.count < 1000 else { throw reader.malformed("has too many types") }
        types[-type] = try wireType()
    }

    /// The description of a type, which is itself a struct: the field that is set says of which kind it is.
    private mutating func wireType() throws(Malformed) -> GobType {
        var type = GobType.opaque
        try fields { (gob, field) throws(Malformed) in
            switch field {
            case 0, 1: type = .list(element: try gob.description().numbers[1] ?? 0)
            case 2: type = .structure(try gob.structure())
            case 3:
                let numbers = try gob.description().numbers
                type = .map(key: numbers[1] ?? 0, element: numbers[2] ?? 0)
            case 4...6:
                let name = try gob.description().name
                type = name == "Time" ? .time : .opaque
            default: throw gob.reader.malformed("has a type of no kind")
            }
        }
        return type
    }

    /// The fields of an array's, a slice's, a map's or an opaque type.
    ///
    /// Its numbers by the fields they stand in: 1 is an element's type or a map's key's, 2 an array's length or the type
    /// of a map's element.
    private mutating func description() throws(Malformed) -> (name: String, numbers: [Int: Int]) {
        var (name, numbers) = ("", [Int: Int]())
        try fields { (gob, field) throws(Malformed) in
            if field == 0 { name = try gob.common() } else { numbers[field] = try gob.signed() }
        }
        return (name, numbers)
    }

    private mutating func common() throws(Malformed) -> String {
        var name = ""
        try fields { (gob, field) throws(Malformed) in
            if field == 0 {
                name = String(decoding: try gob.text(), as: UTF8.self)
            } else {
                _ = try gob.signed()
            }
        }
        return name
    }

    private mutating func structure() throws(Malformed) -> [GobType.Field] {
        var all: [GobType.Field] = []
        try fields { (gob, field) throws(Malformed) in
            guard field == 1 else {
                _ = try gob.common()
                return
            }
            let count = try gob.unsigned()
            guard count <= UInt64(gob.reader.remaining) else { throw gob.reader.malformed("is cut short") }
            for _ in 0..<count { all.append(try gob.field()) }
        }
        return all
    }

    private mutating func field() throws(Malformed) -> GobType.Field {
        var result = GobType.Field(name: "", type: 0)
        try fields { (gob, field) throws(Malformed) in
            if field == 0 {
                result.name = String(decoding: try gob.text(), as: UTF8.self)
            } else {
                result.type = try gob.signed()
            }
        }
        return result
    }

    /// Reads a struct: each field by how far it is from the last one, to a zero.
    private mutating func fields(
        _ each: (inout Gob, _ number: Int) throws(Malformed) -> Void
    ) throws(Malformed) {
        var number = -1
        while true {
            let step = try unsigned()
            if step == 0 { return }
            guard step < 10_000, number < 10_000 else { throw reader.malformed("has too many fields") }
            number += Int(step)
            try each(&self, number)
        }
    }

    private mutating func text() throws(Malformed) -> ArraySlice<UInt8> { try reader.take(try unsigned()) }

    // MARK: Values

    /// A value by itself: what is no struct has a zero before it.
    private mutating func delimited(_ type: Int, depth: Int) throws(Malformed) -> JSONValue {
        if case .structure = types[type] { return try value(type, depth: depth) }
        guard try reader.byte() == 0 else { throw reader.malformed("has a value without a beginning") }
        return try value(type, depth: depth)
    }

    private mutating func value(_ type: Int, depth: Int) throws(Malformed) -> JSONValue {
        guard depth <= DecodingLimits.depth else { throw reader.malformed("is nested too deep") }
        values += 1
        guard values <= DecodingLimits.values else { throw reader.malformed("has too many values") }
        switch type {
        case 1: return .bool(try unsigned() != 0)
        case 2: return .integer(try signed())
        case 3: return .integer(try unsigned())
        case 4: return .double(Double(bitPattern: try unsigned().byteSwapped))
        case 5, 6: return .bytes(try text())
        case 7:
            let real = JSONValue.double(Double(bitPattern: try unsigned().byteSwapped))
            return [real, .double(Double(bitPattern: try unsigned().byteSwapped))]
        case 8: return try anything(depth: depth)
        default: return try described(type, depth: depth)
        }
    }

    private mutating func described(_ type: Int, depth: Int) throws(Malformed) -> JSONValue {
        switch types[type] {
        case .list(let element):
            var elements: [JSONValue] = []
            for _ in 0..<(try count()) { elements.append(try value(element, depth: depth + 1)) }
            return .array(elements)
        case .map(let key, let element):
            var members: [JSONValue.Member] = []
            for _ in 0..<(try count()) {
                let name = try budget.name(try value(key, depth: depth + 1))
                members.append(JSONValue.Member(name, try value(element, depth: depth + 1)))
            }
            return .object(members)
        case .structure(let fields): return try structure(fields, depth: depth)
        case .time:
            let bytes = try text()
            return GoTime(bytes).map { .time($0.moment) } ?? .bytes(bytes)
        case .opaque: return .bytes(try text())
        case nil: throw reader.malformed("has a value of an undescribed type")
        }
    }

    private mutating func structure(_ known: [GobType.Field], depth: Int) throws(Malformed) -> JSONValue {
        var members: [JSONValue.Member] = []
        try fields { (gob, number) throws(Malformed) in
            guard known.indices.contains(number) else { throw gob.reader.malformed("has an undescribed field") }
            let value = try gob.value(known[number].type, depth: depth + 1)
            members.append(JSONValue.Member(known[number].name, value))
        }
        return .object(members)
    }

    /// A value of any type: the type's name, its number, the value's length, the value.
    private mutating func anything(depth: Int) throws(Malformed) -> JSONValue {
        guard try !text().isEmpty else { return .null }
        var type = try signed()
        while type < 0 {
            try define(type)
            _ = try unsigned()
            type = try signed()
        }
        let length = try unsigned()
        guard length <= UInt64(reader.remaining) else { throw reader.malformed("is cut short") }
        return try delimited(type, depth: depth + 1)
    }

    /// An element has no byte where it is an empty struct's field only; a count beyond the bytes is a lie.
    private mutating func count() throws(Malformed) -> UInt64 {
        let count = try unsigned()
        guard count <= UInt64(reader.remaining) else { throw reader.malformed("is cut short") }
        return count
    }
}

/// A type that a stream of gob has described.
private enum GobType {
    struct Field {
        var name: String
        var type: Int
    }

    case list(element: Int)
    case map(key: Int, element: Int)
    case structure([Field])
    case time
    case opaque
}
