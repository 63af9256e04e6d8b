internal import Sessions

/// Reads what Python's `pickle` writes (protocols 0 to 5), as data.
///
/// A pickle is a program for a machine with a stack. This one only puts values together: a class is told by its name, a
/// call by its arguments, and nothing is looked up or run.
struct Pickle {
    var reader: ByteReader
    var graph = ValueGraph()
    var stack: [ValueGraph.Place] = []
    /// How many values were on the stack at each mark.
    var marks: [Int] = []
    var memo: [UInt64: ValueGraph.Place] = [:]
    /// The elements that objects were given, by the objects: a deque has some, or a class that is a list.
    var items: [ValueGraph.Place: ValueGraph.Place] = [:]

    /// One value and nothing behind it.
    static func value(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        var pickle = Pickle(reader: ByteReader(bytes))
        while true {
            let opcode = try pickle.reader.byte()
            if opcode == UInt8(ascii: ".") { break }
            try pickle.run(opcode)
        }
        guard pickle.reader.isAtEnd else { throw pickle.reader.malformed("goes on behind its end") }
        guard pickle.stack.count == 1 else { throw pickle.reader.malformed("leaves no single value") }
        return try pickle.graph.tree(at: pickle.stack[0])
    }

    private init(reader: ByteReader) { self.reader = reader }

    private mutating func run(_ opcode: UInt8) throws(Malformed) {
        if try runAtom(opcode) { return }
        if try runText(opcode) { return }
        if try runContainer(opcode) { return }
        if try runMemo(opcode) { return }
        if try runObject(opcode) { return }
        throw reader.malformed("has an instruction that isn't read")
    }

    mutating func push(_ node: ValueGraph.Node) throws(Malformed) { stack.append(try graph.add(node)) }

    mutating func pop() throws(Malformed) -> ValueGraph.Place {
        guard stack.count > (marks.last ?? 0), let top = stack.popLast() else {
            throw reader.malformed("takes a value that isn't there")
        }
        return top
    }

    func top() throws(Malformed) -> ValueGraph.Place {
        guard stack.count > (marks.last ?? 0), let top = stack.last else {
            throw reader.malformed("takes a value that isn't there")
        }
        return top
    }

    /// Everything above the last mark, in order; the mark goes, too.
    mutating func popMarked() throws(Malformed) -> [ValueGraph.Place] {
        guard let mark = marks.popLast(), mark <= stack.count else {
            throw reader.malformed("takes a value that isn't there")
        }
        defer { stack.removeLast(stack.count - mark) }
        return Array(stack[mark...])
    }
}

// MARK: - Numbers and words

extension Pickle {
    private mutating func runAtom(_ opcode: UInt8) throws(Malformed) -> Bool {
        switch opcode {
        case 0x80: guard try reader.byte() <= 5 else { throw reader.malformed("is of a newer protocol") }
        case 0x95: _ = try reader.take(8)
        case UInt8(ascii: "N"): try push(.leaf(.null))
        case 0x88, 0x89: try push(.leaf(.bool(opcode == 0x88)))
        case UInt8(ascii: "K"): try push(.leaf(.integer(try reader.littleEndian(1))))
        case UInt8(ascii: "M"): try push(.leaf(.integer(try reader.littleEndian(2))))
        case UInt8(ascii: "J"):
            try push(.leaf(.integer(Int32(truncatingIfNeeded: try reader.littleEndian(4)))))
        case 0x8A, 0x8B:
            let count = try reader.littleEndian(opcode == 0x8A ? 1 : 4)
            try push(.leaf(.integer(littleEndian: try reader.take(count))))
        case UInt8(ascii: "G"): try push(.leaf(.double(Double(bitPattern: try reader.bigEndian(8)))))
        case UInt8(ascii: "I"), UInt8(ascii: "L"), UInt8(ascii: "F"): try push(.leaf(try numberInWords(opcode)))
        default: return false
        }
        return true
    }

    /// Numbers of protocol 0: digits and the end of the line.
    private mutating func numberInWords(_ opcode: UInt8) throws(Malformed) -> JSONValue {
        let line = String(decoding: try reader.line(until: "\n"), as: UTF8.self)
        guard line.utf8.count <= 320 else { throw reader.malformed("has a number that is none") }
        if opcode == UInt8(ascii: "F") {
            guard let value = Double(line) else { throw reader.malformed("has a number that is none") }
            return .double(value)
        }
        if opcode == UInt8(ascii: "I"), line == "00" || line == "01" { return .bool(line == "01") }
        let digits = opcode == UInt8(ascii: "L") && line.hasSuffix("L") ? String(line.dropLast()) : line
        let magnitude = digits.hasPrefix("-") ? digits.dropFirst() : digits[...]
        guard !magnitude.isEmpty, magnitude.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            magnitude == "0" || !magnitude.hasPrefix("0")
        else { throw reader.malformed("has a number that is none") }
        return .number(digits)
    }
}

// MARK: - Texts and bytes

extension Pickle {
    private mutating func runText(_ opcode: UInt8) throws(Malformed) -> Bool {
        switch opcode {
        case 0x8C, UInt8(ascii: "C"), UInt8(ascii: "U"): try push(.bytes(try reader.take(try reader.littleEndian(1))))
        case UInt8(ascii: "X"), UInt8(ascii: "B"), UInt8(ascii: "T"):
            try push(.bytes(try reader.take(try reader.littleEndian(4))))
        case 0x8D, 0x8E, 0x96: try push(.bytes(try reader.take(try reader.littleEndian(8))))
        case UInt8(ascii: "V"): try push(.bytes(PickleText.unescaped(try reader.line(until: "\n"))[...]))
        case UInt8(ascii: "S"):
            let line = try reader.line(until: "\n")
            guard line.count >= 2, line.first == line.last, line.first == 0x27 || line.first == 0x22 else {
                throw reader.malformed("has a text without quotes")
            }
            try push(.bytes(PickleText.unescaped(line.dropFirst().dropLast())[...]))
        default: return false
        }
        return true
    }
}

// MARK: - Lists, tuples, sets, dictionaries

extension Pickle {
    private mutating func runContainer(_ opcode: UInt8) throws(Malformed) -> Bool {
        switch opcode {
        case UInt8(ascii: "("): marks.append(stack.count)
        case UInt8(ascii: "0"): try drop()
        case UInt8(ascii: "1"): _ = try popMarked()
        case UInt8(ascii: "2"): stack.append(try top())
        case UInt8(ascii: "]"), UInt8(ascii: ")"), 0x8F: try push(.array([]))
        case UInt8(ascii: "}"): try push(.object([]))
        case 0x85...0x87:
            var elements: [ValueGraph.Place] = []
            for _ in 0...(opcode - 0x85) { elements.append(try pop()) }
            try push(.array(elements.reversed()))
        case UInt8(ascii: "t"), UInt8(ascii: "l"), 0x91: try push(.array(try popMarked()))
        case UInt8(ascii: "d"): try push(.object(try members(of: try popMarked())))
        case UInt8(ascii: "a"): try append([try pop()])
        case UInt8(ascii: "e"), 0x90: try append(try popMarked())
        case UInt8(ascii: "s"):
            let value = try pop()
            try set([try pop(), value])
        case UInt8(ascii: "u"): try set(try popMarked())
        default: return false
        }
        return true
    }

    private mutating func drop() throws(Malformed) {
        if let mark = marks.last, mark == stack.count { marks.removeLast() } else { _ = try pop() }
    }

    private mutating func append(_ elements: [ValueGraph.Place]) throws(Malformed) {
        let place = try top()
        if graph.append(elements, to: items[place] ?? place) { return }
        guard case .instance = graph.nodes[place] else { throw reader.malformed("adds to what is no list") }
        let list = try graph.add(.array(elements))
        items[place] = list
        _ = graph.append(members: [(try graph.add(text: "$items"), list)], to: place)
    }

    private mutating func set(_ pairs: [ValueGraph.Place]) throws(Malformed) {
        guard graph.append(members: try members(of: pairs), to: try top()) else {
            throw reader.malformed("adds to what is no dictionary")
        }
    }

    private func members(
        of pairs: [ValueGraph.Place]
    ) throws(Malformed) -> [(name: ValueGraph.Place, value: ValueGraph.Place)] {
        guard pairs.count.isMultiple(of: 2) else { throw reader.malformed("has a key without a value") }
        return stride(from: 0, to: pairs.count, by: 2).map { (pairs[$0], pairs[$0 + 1]) }
    }
}

// MARK: - What was told before

extension Pickle {
    private mutating func runMemo(_ opcode: UInt8) throws(Malformed) -> Bool {
        switch opcode {
        case 0x94: memo[UInt64(memo.count)] = try top()
        case UInt8(ascii: "q"): memo[try reader.littleEndian(1)] = try top()
        case UInt8(ascii: "r"): memo[try reader.littleEndian(4)] = try top()
        case UInt8(ascii: "p"): memo[try numberedLine()] = try top()
        case UInt8(ascii: "h"): try recall(try reader.littleEndian(1))
        case UInt8(ascii: "j"): try recall(try reader.littleEndian(4))
        case UInt8(ascii: "g"): try recall(try numberedLine())
        default: return false
        }
        guard memo.count <= DecodingLimits.values, stack.count <= DecodingLimits.values else {
            throw reader.malformed("has too many values")
        }
        return true
    }

    private mutating func recall(_ number: UInt64) throws(Malformed) {
        guard let place = memo[number] else { throw reader.malformed("refers to a value that isn't there") }
        stack.append(place)
    }

    private mutating func numberedLine() throws(Malformed) -> UInt64 {
        guard let number = UInt64(String(decoding: try reader.line(until: "\n"), as: UTF8.self)) else {
            throw reader.malformed("has a number that is none")
        }
        return number
    }
}

// MARK: - Classes and calls, by name alone

extension Pickle {
    private mutating func runObject(_ opcode: UInt8) throws(Malformed) -> Bool {
        switch opcode {
        case UInt8(ascii: "c"):
            let module = try reader.line(until: "\n")
            try push(.bytes((module + [UInt8(ascii: ".")] + (try reader.line(until: "\n")))[...]))
        case 0x93:
            let name = try pop()
            guard let module = graph.text(at: try pop()), let name = graph.text(at: name) else {
                throw reader.malformed("names a class by what is no text")
            }
            guard module.utf8.count + name.utf8.count < 1024 else {
                throw reader.malformed("has a name that is too long")
            }
            try push(.leaf(.string("\(module).\(name)")))
        case UInt8(ascii: "R"), 0x81:
            let arguments = try pop()
            try make(try pop(), arguments: arguments)
        case 0x92:
            _ = try pop()
            let arguments = try pop()
            try make(try pop(), arguments: arguments)
        case UInt8(ascii: "b"):
            let state = try pop()
            guard graph.append(members: [(try graph.add(text: "$state"), state)], to: try top()) else {
                throw reader.malformed("gives a state to what is no object")
            }
        default: return false
        }
        return true
    }

    private mutating func make(_ callee: ValueGraph.Place, arguments: ValueGraph.Place) throws(Malformed) {
        guard let name = graph.text(at: callee), name.utf8.count < 2048 else {
            throw reader.malformed("calls what has no name")
        }
        try push(.instance(of: name, fields: [(try graph.add(text: "$arguments"), arguments)]))
    }
}
