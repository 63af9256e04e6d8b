/// Which server has which slots of a cluster, as one of its servers told.
struct SlotMap: Sendable {
    /// A primary and its replicas.
    struct Shard: Sendable, Hashable {
        var primary: RedisAddress
        var replicas: [RedisAddress] = []
    }

    /// Those that have slots, in the order of their first.
    private(set) var shards: [Shard]
    /// For each slot the index of its shard, plus one; 0: nobody has it.
    private var owners: [UInt16]

    /// Reads the reply to CLUSTER SLOTS; `nil`: it is none, or nobody has any slots.
    ///
    /// - Parameters:
    ///   - reply: ranges: first slot, last slot, the primary and its replicas, each a list that begins with host and port.
    ///   - asked: who told it, and has the same host as whoever is named without one.
    init?(_ reply: RESPValue, from asked: RedisAddress) {
        guard let ranges = reply.elements, !ranges.isEmpty, ranges.count <= KeySlot.count else { return nil }
        owners = Array(repeating: 0, count: KeySlot.count)
        shards = []
        var indices: [RedisAddress: UInt16] = [:]
        // Before Redis 7.0 each server tells them in an order of its own: by their slots, a shard has one place for all.
        for range in ranges.sorted(by: { Self.firstSlot($0) < Self.firstSlot($1) }) {
            guard let parts = range.elements, parts.count >= 3, let first = parts[0].integer,
                let last = parts[1].integer, first >= 0, first <= last, last < KeySlot.count,
                let primary = Self.address(parts[2], asked)
            else { return nil }
            if indices[primary] == nil {
                let replicas = parts[3...].compactMap { Self.address($0, asked) }
                shards.append(Shard(primary: primary, replicas: replicas))
                indices[primary] = UInt16(shards.count)
            }
            for slot in first...last { owners[Int(slot)] = indices[primary] ?? 0 }
        }
    }

    /// Who has a slot; `nil`: nobody.
    func shard(of slot: Int) -> Shard? {
        let owner = Int(owners[slot])
        return owner == 0 ? nil : shards[owner - 1]
    }

    /// Everybody who is named.
    var addresses: Set<RedisAddress> { Set(shards.flatMap { [$0.primary] + $0.replicas }) }

    /// Notes that a slot has moved.
    mutating func move(_ slot: Int, to address: RedisAddress) {
        guard owners.indices.contains(slot) else { return }
        if let index = shards.firstIndex(where: { $0.primary == address }) {
            owners[slot] = UInt16(index + 1)
        } else if shards.count < KeySlot.count {
            shards.append(Shard(primary: address))
            owners[slot] = UInt16(shards.count)
        }
    }

    private static func firstSlot(_ range: RESPValue) -> Int64 { range.elements?.first?.integer ?? 0 }

    private static func address(_ node: RESPValue, _ asked: RedisAddress) -> RedisAddress? {
        guard let parts = node.elements, parts.count >= 2, let port = parts[1].integer, (1...65535).contains(port)
        else { return nil }
        let host = parts[0].text ?? ""
        if !host.isEmpty && host != "?" { return .host(host, port: Int(port)) }
        guard case .host(let same, _) = asked else { return nil }
        return .host(same, port: Int(port))
    }
}
