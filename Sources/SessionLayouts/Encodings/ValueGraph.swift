internal import Sessions

/// The values that a decoder has met, by their place: formats that can refer back build this, and the tree is made last.
///
/// Nothing is instantiated. A value that holds itself is told as such, and one that is told a thousand times counts a
/// thousand times against the limits.
struct ValueGraph {
    /// The place of a value.
    typealias Place = Int

    /// A value.
    enum Node {
        case leaf(JSONValue)
        /// Text where it is UTF-8, else bytes.
        case bytes(ArraySlice<UInt8>)
        case array([Place])
        case object([(name: Place, value: Place)])
        /// An object of a class: its fields alone, nothing of what the class would do.
        case instance(of: String, fields: [(name: Place, value: Place)])
    }

    private(set) var nodes: [Node] = []

    /// Adds a value.
    mutating func add(_ node: Node) throws(Malformed) -> Place {
        guard nodes.count < DecodingLimits.values else { throw Malformed("has too many values") }
        nodes.append(node)
        return nodes.count - 1
    }

    /// Adds a text of our own.
    mutating func add(text: String) throws(Malformed) -> Place { try add(.leaf(.string(text))) }

    /// Puts another value in a place that was kept free while its parts were read.
    mutating func replace(_ place: Place, by node: Node) { nodes[place] = node }

    /// Adds elements to an array; `false`: it is none.
    mutating func append(_ elements: [Place], to place: Place) -> Bool {
        guard case .array(var all) = nodes[place] else { return false }
        // Taken out while it grows: otherwise each append would copy it.
        nodes[place] = .leaf(.null)
        all += elements
        nodes[place] = .array(all)
        return true
    }

    /// Adds members to an object or an instance; `false`: it is neither.
    mutating func append(members: [(name: Place, value: Place)], to place: Place) -> Bool {
        // Taken out as in an array, and by `if`: a `switch` would hold the value, and thereby a copy, until its end.
        if case .object(var all) = nodes[place] {
            nodes[place] = .leaf(.null)
            all += members
            nodes[place] = .object(all)
            return true
        }
        if case .instance(let name, var all) = nodes[place] {
            nodes[place] = .leaf(.null)
            all += members
            nodes[place] = .instance(of: name, fields: all)
            return true
        }
        return false
    }

    /// A whole number, or any other text, that a value of it is; `nil`: it holds others.
    func text(at place: Place) -> String? {
        switch nodes[place] {
        case .leaf(.string(let text)): text
        case .leaf(let value): value.description
        case .bytes(let bytes): String(validating: bytes, as: UTF8.self)
        default: nil
        }
    }

    /// The value at a place with all that it holds.
    func tree(at place: Place) throws(Malformed) -> JSONValue {
        var builder = TreeBuilder(graph: self)
        return try builder.value(place, depth: 0)
    }
}

/// Makes a tree of a graph, within the limits.
private struct TreeBuilder {
    let graph: ValueGraph
    private var isOpen: [Bool]
    private var values = 0
    private var budget = ByteBudget()

    init(graph: ValueGraph) {
        self.graph = graph
        isOpen = Array(repeating: false, count: graph.nodes.count)
    }

    mutating func value(_ place: ValueGraph.Place, depth: Int) throws(Malformed) -> JSONValue {
        guard depth <= DecodingLimits.depth else { throw Malformed("is nested too deep") }
        values += 1
        guard values <= DecodingLimits.values else { throw Malformed("has too many values") }
        guard !isOpen[place] else { return ["$cycle": .bool(true)] }
        switch graph.nodes[place] {
        case .leaf(let value): return try charged(value)
        case .bytes(let bytes):
            try budget.charge(bytes.count)
            return .bytes(bytes)
        case .array(let elements):
            isOpen[place] = true
            defer { isOpen[place] = false }
            var all: [JSONValue] = []
            for element in elements { all.append(try value(element, depth: depth + 1)) }
            return .array(all)
        case .object(let members):
            isOpen[place] = true
            defer { isOpen[place] = false }
            return .object(try self.members(members, depth: depth))
        case .instance(let name, let fields):
            isOpen[place] = true
            defer { isOpen[place] = false }
            try budget.charge(name.utf8.count)
            return .object([.init("$class", .string(name))] + (try members(fields, depth: depth)))
        }
    }

    private mutating func members(
        _ members: [(name: ValueGraph.Place, value: ValueGraph.Place)], depth: Int
    ) throws(Malformed) -> [JSONValue.Member] {
        var all: [JSONValue.Member] = []
        for (name, value) in members {
            let text = try budget.name(try self.value(name, depth: depth + 1))
            all.append(JSONValue.Member(text, try self.value(value, depth: depth + 1)))
        }
        return all
    }

    private mutating func charged(_ value: JSONValue) throws(Malformed) -> JSONValue {
        switch value {
        case .string(let text), .number(let text): try budget.charge(text.utf8.count)
        default: break
        }
        return value
    }
}
