import Dashboard
import SessionTesting
import Sessions

/// What a table should hold and show, in the plainest way: a dictionary, a filter of each row, a sort of everything.
struct TableModel {
    struct Entry {
        var row: SessionRow
        var standing: SessionState
        var endedAt: Timestamp?
    }

    var entries: [IDHash: Entry] = [:]
    var filter: Filter? = .everything
    var sort = SessionSort(column: .ttl)
    var now: Timestamp

    mutating func apply(_ rows: [SessionRow], removed: [IDHash], at now: Timestamp) {
        let isNewMoment = now != self.now
        self.now = now
        for row in rows { upsert(row) }
        for id in removed { entries[id] = nil }
        guard isNewMoment else { return }
        for (id, entry) in entries { restate(id, entry.row.standing(at: now)) }
        let expired = entries.values.count { $0.endedAt != nil && $0.standing == .expired }
        for id in entries.keys {
            guard let ended = entries[id], let end = ended.endedAt else { continue }
            if now < end { entries[id]?.endedAt = now }
            guard now - end >= SessionTable.lingering(ended.standing, expired: expired) else { continue }
            if filter?.mentionsState ?? false { entries[id]?.endedAt = nil } else { entries[id] = nil }
        }
    }

    private mutating func upsert(_ row: SessionRow) {
        let standing = row.standing(at: now)
        if entries[row.id] != nil {
            entries[row.id]?.row = row
            restate(row.id, standing)
        } else if standing == .live || filter?.mentionsState ?? false {
            entries[row.id] = Entry(row: row, standing: standing)
        }
    }

    private mutating func restate(_ id: IDHash, _ standing: SessionState) {
        guard let old = entries[id]?.standing, old != standing else { return }
        entries[id]?.standing = standing
        if standing == .live { entries[id]?.endedAt = nil } else if old == .live { entries[id]?.endedAt = now }
    }

    mutating func show(_ new: Filter?) {
        if filter?.mentionsState ?? false, !(new?.mentionsState ?? false) {
            entries = entries.filter { $0.value.standing == .live || $0.value.endedAt != nil }
        }
        filter = new
    }

    func isShown(_ entry: Entry) -> Bool {
        guard let filter, filter.mentionsState || entry.standing == .live || entry.endedAt != nil else { return false }
        return filter.matches(entry.row, at: now, layout: "native")
    }

    /// The rows shown, in order.
    var shown: [SessionRow] {
        entries.values.filter(isShown).sorted { precedes($0, $1) }.map(\.row)
    }

    func precedes(_ a: Entry, _ b: Entry) -> Bool {
        let order: Int =
            switch sort.column {
            case .handle: compare(Array(a.row.id.bytes.prefix(6)), Array(b.row.id.bytes.prefix(6)))
            case .user: compare(a.row.user.map(bytes), b.row.user.map(bytes))
            case .node: compare(a.row.node.map(bytes), b.row.node.map(bytes))
            case .agent: compare(a.row.agent.map(bytes), b.row.agent.map(bytes))
            case .pinned: compare(a.row.pin?.node.map(bytes), b.row.pin?.node.map(bytes))
            case .ip: compare(a.row.ip.map(addressBytes), b.row.ip.map(addressBytes))
            case .ttl:
                compare(
                    [a.row.deadlines.nearest?.moment.milliseconds ?? .max],
                    [b.row.deadlines.nearest?.moment.milliseconds ?? .max])
            case .idle: compare(a.row.seen.map { [-$0.milliseconds] }, b.row.seen.map { [-$0.milliseconds] })
            case .created: compare(a.row.created.map { [$0.milliseconds] }, b.row.created.map { [$0.milliseconds] })
            case .size: compare(a.row.byteCount.map { [$0] }, b.row.byteCount.map { [$0] })
            case .state: compare([place(a.standing)], [place(b.standing)])
            }
        return order == 0 ? a.row.id < b.row.id : order < 0
    }

    /// Unknown last, whatever the direction.
    private func compare<Value: Comparable>(_ a: [Value]?, _ b: [Value]?) -> Int {
        guard let a, let b else { return (a == nil ? 1 : 0) - (b == nil ? 1 : 0) }
        if a == b { return 0 }
        return a.lexicographicallyPrecedes(b) != sort.descending ? -1 : 1
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    private func addressBytes(_ text: String) -> [UInt8] {
        guard let address = IPAddress(text) else { return [9] + bytes(text) }
        let number = (0..<16).map { UInt8(truncatingIfNeeded: address.bits >> UInt128(120 - 8 * $0)) }
        return [address.isIPv4 ? 4 : 6] + number + bytes(text)
    }

    private func place(_ state: SessionState) -> Int { state == .live ? 0 : state == .expired ? 1 : 2 }
}

/// Rows that collide, tie and repeat more than real ones.
struct RandomRows {
    var random: SeededGenerator
    var idCount = 60

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    /// One of few ids, many of which begin equally.
    mutating func id() -> IDHash {
        let number = UInt8(Int.random(in: 0..<idCount, using: &random))
        return IDHash(digest: [number & 3, 7] + Array(repeating: 1, count: 29) + [number]) ?? IDHash(hashing: [])
    }

    mutating func row(at now: Timestamp) -> SessionRow {
        var row = SessionRow(id: id())
        row.state = random.pick([.live, .live, .live, .live, .revoked, .expired])
        if row.state == .revoked { row.revokedAt = now }
        if !random.once(in: 4) {
            row.user = random.pick(["alice", "alice2", "bob", "作者", "", "longer-than-eight-a", "longer-than-eight-b"])
        }
        if !random.once(in: 4) { row.node = random.pick(["web-01", "web-02"]) }
        if !random.once(in: 3) {
            let node = random.once(in: 5) ? nil : random.pick(["web-01", "web-02"])
            row.pin = Pin(node: node, hasSession: random.once(in: 2))
        }
        if !random.once(in: 4) { row.agent = random.pick(["curl/8.5.0", "Firefox 130", "okhttp"]) }
        if !random.once(in: 4) {
            row.ip = random.pick(["10.0.0.9", "10.0.0.10", "9.0.0.1", "::1", "2001:db8::1", "::ffff:10.0.0.9", "unix"])
        }
        if !random.once(in: 4) { row.byteCount = random.pick([0, 412, 5000, 1 << 33]) }
        if !random.once(in: 4) { row.created = now - time() }
        if !random.once(in: 4) { row.seen = now - time() }
        row.deadlines = Deadlines(
            idle: random.once(in: 3) ? nil : now + time(), absolute: random.once(in: 3) ? nil : now + time())
        return row
    }

    mutating func time() -> Duration { .seconds(random.pick([0, 1, 30, 60, 299, 300, 3600])) }

    mutating func filter() -> Filter? {
        let texts = [
            "", "", "alice", "user:alice*", "ttl<5m", "-ttl<5m idle>30s", "state:*", "state:revoked", "ip:10.0.0.0/24",
            "has:user -alice", "idle>1m or age>1m", "size>4k", "id:01", "01", "0107", "agent:fire*130",
            "node:web-01 -(bob or curl)",
            "state:expired or user:bob", "ttl>1m", "layout:native", "layout:rails", "has:expiry size=412",
        ]
        return random.once(in: 12) ? nil : try? Filter.parse(random.pick(texts))
    }

    mutating func sort() -> SessionSort {
        SessionSort(column: random.pick(SessionColumn.allCases), descending: random.once(in: 2))
    }
}
