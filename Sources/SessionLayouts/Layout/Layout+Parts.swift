internal import Sessions

/// Payloads in parts.
extension Layout {
    /// So many parts are decoded: a session has a few.
    private static let mostParts = 500

    /// Decodes the parts that are there into one object, and notes those that can't be read.
    func decode(_ parts: [PayloadPart], into found: inout FoundSession) {
        var members: [JSONValue.Member] = []
        var unread = max(0, parts.count - Self.mostParts)
        var weight = 0
        var silent = Set(parts.dropFirst(Self.mostParts).map(Self.name(of:)))
        for part in parts.prefix(Self.mostParts) {
            let name = Self.name(of: part)
            guard let bytes = part.value else {
                silent.insert(name)
                continue
            }
            do throws(Malformed) {
                guard weight < DecodingLimits.bytes else { throw Malformed("is behind too many others") }
                let value = try payload.decode(bytes)
                weight += value.weight
                members.append(.init(name, value))
            } catch {
                unread += 1
                silent.insert(name)
                members.append(.init(name, ["$unread": .string(error.reason)]))
            }
        }
        if unread > 0 { found.note = "\(unread) of \(parts.count) attributes can't be read." }
        let data = JSONValue.object(members)
        found.data = data
        found.row.user = users.lazy.compactMap { $0.user(in: data) }.first
        found.isUserUnknown = found.row.user == nil && users.contains { $0.member.map(silent.contains) ?? false }
    }

    private static func name(of part: PayloadPart) -> String { JSONValue.bytes(part.name[...]).plainText }
}

extension JSONValue {
    /// About how many bytes it takes.
    fileprivate var weight: Int {
        switch self {
        case .null, .bool: 8
        case .string(let text), .number(let text): 8 + text.utf8.count
        case .array(let elements): elements.reduce(8) { $0 + $1.weight }
        case .object(let members): members.reduce(8) { $0 + $1.name.utf8.count + $1.value.weight }
        }
    }
}
