internal import Sessions

/// Java's own collections and dates as what they are to people: lists, objects, moments.
///
/// Known by their names alone, and only where they are written as they always are: anything else stays what it is, an
/// object of a class with its fields.
struct JavaCollections {
    typealias Members = JavaSerialization.Members

    let graph: ValueGraph

    private static let lists = [
        "java.util.ArrayList", "java.util.LinkedList", "java.util.ArrayDeque", "java.util.HashSet",
        "java.util.LinkedHashSet", "java.util.TreeSet", "java.util.concurrent.CopyOnWriteArrayList",
    ]
    private static let maps = [
        "java.util.HashMap", "java.util.LinkedHashMap", "java.util.TreeMap", "java.util.Hashtable",
    ]
    private static let wrappers = ["java.util.Collections$Unmodifiable", "java.util.Collections$Synchronized"]

    /// What an object is shown as; `nil`: as an object of its class.
    func node(of name: String, _ fields: Members) -> ValueGraph.Node? {
        if Self.lists.contains(name) { return headed(fields).map { .array(Array($0)) } }
        if Self.maps.contains(name) { return headed(fields).flatMap { object($0) } }
        if Self.wrappers.contains(where: name.hasPrefix) {
            return (field("c", fields) ?? field("m", fields)).map { graph.nodes[$0] }
        }
        switch name {
        case "java.util.concurrent.ConcurrentHashMap":
            // Its end is a pair of nothing.
            return contents(fields).flatMap { object($0.dropLast(2)) }
        case "java.util.CollSer": return immutable(fields)
        case "java.util.Arrays$ArrayList": return field("a", fields).map { graph.nodes[$0] }
        case "java.util.Collections$SingletonList", "java.util.Collections$SingletonSet":
            return field("element", fields).map { .array([$0]) }
        case "java.util.Collections$SingletonMap":
            guard let key = field("k", fields), let value = field("v", fields) else { return nil }
            return object([key, value])
        case "java.util.Collections$EmptyList", "java.util.Collections$EmptySet": return .array([])
        case "java.util.Collections$EmptyMap": return .object([])
        case "java.util.Date": return date(fields)
        default: return nil
        }
    }

    private func field(_ name: String, _ fields: Members) -> ValueGraph.Place? {
        fields.first { graph.text(at: $0.name) == name }?.value
    }

    /// What a class wrote itself.
    private func contents(_ fields: Members) -> ArraySlice<ValueGraph.Place>? {
        guard let place = field("$data", fields), case .array(let all) = graph.nodes[place] else { return nil }
        return all[...]
    }

    /// What stands behind the count, and a comparator before that.
    private func headed(_ fields: Members) -> ArraySlice<ValueGraph.Place>? {
        guard let all = contents(fields),
            let head = all.prefix(2).firstIndex(where: { if case .bytes = graph.nodes[$0] { true } else { false } })
        else { return nil }
        return all[(head + 1)...]
    }

    /// An object of keys and values by turns; `nil`: a key is no name.
    private func object(_ pairs: ArraySlice<ValueGraph.Place>) -> ValueGraph.Node? {
        guard pairs.count.isMultiple(of: 2) else { return nil }
        let start = pairs.startIndex
        let members = stride(from: start, to: pairs.endIndex, by: 2).map { (name: pairs[$0], value: pairs[$0 + 1]) }
        return members.allSatisfy { graph.text(at: $0.name) != nil } ? .object(members) : nil
    }

    /// What `List.of`, `Set.of` and `Map.of` made.
    private func immutable(_ fields: Members) -> ValueGraph.Node? {
        guard let tag = field("tag", fields), let all = headed(fields) else { return nil }
        return graph.text(at: tag) == "3" ? object(all) : .array(Array(all))
    }

    private func date(_ fields: Members) -> ValueGraph.Node? {
        guard let place = contents(fields)?.first, case .bytes(let bytes) = graph.nodes[place], bytes.count == 8
        else { return nil }
        let bits = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return .leaf(.time(Timestamp(milliseconds: Int64(bitPattern: bits))))
    }
}
