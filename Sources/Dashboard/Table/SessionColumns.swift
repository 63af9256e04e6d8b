internal import Sessions

/// Rows of sessions, by columns: each row has a slot, the same in every column, for as long as it stays.
///
/// About 95 bytes a row and the texts, each kept once. Nothing here knows of time or order.
struct SessionColumns: Sendable {
    /// A row's place in every column.
    typealias Slot = UInt32

    private(set) var ids: [IDHash] = []
    private(set) var idle: [Int64] = []
    private(set) var absolute: [Int64] = []
    private(set) var created: [Int64] = []
    private(set) var seen: [Int64] = []
    private(set) var revoked: [Int64] = []
    private(set) var sizes: [UInt32] = []
    private(set) var userNumbers: [Interner.Number] = []
    private(set) var ipNumbers: [Interner.Number] = []
    private(set) var agentNumbers: [Interner.Number] = []
    private(set) var nodeNumbers: [Interner.Number] = []
    private(set) var pinNumbers: [Interner.Number] = []
    private var pinKinds: [PinKind] = []
    var flags: [RowFlags] = []

    private(set) var users = Interner()
    private(set) var ips = Interner()
    private(set) var agents = Interner()
    private(set) var nodes = Interner()
    private(set) var pins = Interner()

    private var index = SlotIndex()
    private var free: [Slot] = []
    private let seed: UInt64

    /// A time that isn't known.
    static let unknown = Int64.min
    /// A size that isn't known.
    static let unknownSize = UInt32.max

    init() {
        // Differs in every process, so that nobody can choose ids that collide.
        var hasher = Hasher()
        hasher.combine(0)
        seed = UInt64(truncatingIfNeeded: hasher.finalize()) | 1
    }

    /// All slots are below; some may be free.
    var bound: Int { ids.count }
    /// The number of rows.
    var count: Int { index.count }

    @inline(__always)
    private static func hash(_ id: IDHash, seed: UInt64) -> UInt64 {
        let product = (id.leadingBits ^ seed) &* (0x9E37_79B9_7F4A_7C15 ^ seed << 1)
        return product ^ product >> 32
    }

    /// The slot of an id.
    func slot(of id: IDHash) -> Slot? {
        index.find(Self.hash(id, seed: seed)) { ids[Int($0)] == id }
    }

    /// Adds a row whose id isn't there yet.
    mutating func insert(_ row: SessionRow) -> Slot {
        let slot = free.popLast() ?? appendSlot(row.id)
        ids[Int(slot)] = row.id
        flags[Int(slot)] = .used
        index.insert(slot, hash: Self.hash(row.id, seed: seed)) { [ids, seed] in
            Self.hash(ids[Int($0)], seed: seed)
        }
        userNumbers[Int(slot)] = users.intern(row.user)
        ipNumbers[Int(slot)] = ips.intern(row.ip)
        agentNumbers[Int(slot)] = agents.intern(row.agent)
        nodeNumbers[Int(slot)] = nodes.intern(row.node)
        pinNumbers[Int(slot)] = pins.intern(row.pin?.node)
        setNumbers(row, at: Int(slot))
        return slot
    }

    /// Writes a row over the one with its id; `false` where nothing differs.
    mutating func update(_ row: SessionRow, at slot: Slot) -> Bool {
        let place = Int(slot)
        let differs = setNumbers(row, at: place)
        let user = Self.replace(&userNumbers[place], by: row.user, in: &users)
        let ip = Self.replace(&ipNumbers[place], by: row.ip, in: &ips)
        let agent = Self.replace(&agentNumbers[place], by: row.agent, in: &agents)
        let node = Self.replace(&nodeNumbers[place], by: row.node, in: &nodes)
        let pin = Self.replace(&pinNumbers[place], by: row.pin?.node, in: &pins)
        return differs || user || ip || agent || node || pin
    }

    /// Removes a row.
    mutating func remove(_ slot: Slot) {
        let place = Int(slot)
        index.remove(slot, hash: Self.hash(ids[place], seed: seed)) { [ids, seed] in
            Self.hash(ids[Int($0)], seed: seed)
        }
        users.release(userNumbers[place])
        ips.release(ipNumbers[place])
        agents.release(agentNumbers[place])
        nodes.release(nodeNumbers[place])
        pins.release(pinNumbers[place])
        flags[place] = []
        free.append(slot)
    }

    /// The row in a slot.
    func row(_ slot: Slot) -> SessionRow {
        let place = Int(slot)
        var row = SessionRow(id: ids[place], state: flags[place].state)
        row.user = users.text(userNumbers[place])
        row.created = Self.timestamp(created[place])
        row.seen = Self.timestamp(seen[place])
        row.deadlines = Deadlines(idle: Self.timestamp(idle[place]), absolute: Self.timestamp(absolute[place]))
        row.ip = ips.text(ipNumbers[place])
        row.agent = agents.text(agentNumbers[place])
        row.node = nodes.text(nodeNumbers[place])
        row.pin = pinKinds[place].pin(pins.text(pinNumbers[place]))
        row.byteCount = sizes[place] == Self.unknownSize ? nil : Int(sizes[place])
        row.revokedAt = Self.timestamp(revoked[place])
        return row
    }

    /// The nearest deadline of a slot in milliseconds; `Int64.max`: none.
    @inline(__always)
    func deadline(_ place: Int) -> Int64 {
        let idle = idle[place] == Self.unknown ? Int64.max : idle[place]
        let absolute = absolute[place] == Self.unknown ? Int64.max : absolute[place]
        return min(idle, absolute)
    }

    /// Moves the rows together into the lowest slots, and forgets the room that was left.
    ///
    /// - Returns: the old slots in the order of the new ones.
    mutating func compact() -> [Slot] {
        let kept = (0..<Slot(bound)).filter { flags[Int($0)].contains(.used) }
        func pack<Element>(_ column: inout [Element]) { column = kept.map { column[Int($0)] } }
        pack(&ids)
        pack(&idle)
        pack(&absolute)
        pack(&created)
        pack(&seen)
        pack(&revoked)
        pack(&sizes)
        pack(&userNumbers)
        pack(&ipNumbers)
        pack(&agentNumbers)
        pack(&nodeNumbers)
        pack(&pinNumbers)
        pack(&pinKinds)
        pack(&flags)
        Self.renumber(&users, &userNumbers)
        Self.renumber(&ips, &ipNumbers)
        Self.renumber(&agents, &agentNumbers)
        Self.renumber(&nodes, &nodeNumbers)
        Self.renumber(&pins, &pinNumbers)
        free = []
        index.rebuild(0..<Slot(kept.count)) { [ids, seed] in Self.hash(ids[Int($0)], seed: seed) }
        return kept
    }

    private static func renumber(_ interner: inout Interner, _ column: inout [Interner.Number]) {
        let map = interner.renumber()
        for place in column.indices { column[place] = map[Int(column[place])] }
    }

    private mutating func appendSlot(_ id: IDHash) -> Slot {
        func append<Element>(_ value: Element, to column: inout [Element]) {
            column.growGently()
            column.append(value)
        }
        append(id, to: &ids)
        append(0, to: &idle)
        append(0, to: &absolute)
        append(0, to: &created)
        append(0, to: &seen)
        append(0, to: &revoked)
        append(0, to: &sizes)
        append(0, to: &userNumbers)
        append(0, to: &ipNumbers)
        append(0, to: &agentNumbers)
        append(0, to: &nodeNumbers)
        append(0, to: &pinNumbers)
        append(.none, to: &pinKinds)
        append([], to: &flags)
        return Slot(ids.count - 1)
    }

    /// Writes what isn't text; `false` where nothing differs.
    @discardableResult
    private mutating func setNumbers(_ row: SessionRow, at place: Int) -> Bool {
        var differs = flags[place].state != row.state
        func set<Value: Equatable>(_ value: Value, _ column: inout [Value]) {
            if column[place] != value {
                column[place] = value
                differs = true
            }
        }
        set(row.deadlines.idle?.milliseconds ?? Self.unknown, &idle)
        set(row.deadlines.absolute?.milliseconds ?? Self.unknown, &absolute)
        set(row.created?.milliseconds ?? Self.unknown, &created)
        set(row.seen?.milliseconds ?? Self.unknown, &seen)
        set(row.revokedAt?.milliseconds ?? Self.unknown, &revoked)
        set(row.byteCount.map { UInt32(clamping: min($0, Int(UInt32.max - 1))) } ?? Self.unknownSize, &sizes)
        set(PinKind(row.pin), &pinKinds)
        flags[place].state = row.state
        return differs
    }

    private static func replace(
        _ number: inout Interner.Number, by text: String?, in interner: inout Interner
    ) -> Bool {
        guard !interner.isText(number, equalTo: text) else { return false }
        let old = number
        number = interner.intern(text)
        interner.release(old)
        return number != old
    }

    private static func timestamp(_ milliseconds: Int64) -> Timestamp? {
        milliseconds == unknown ? nil : Timestamp(milliseconds: milliseconds)
    }
}

/// What is known of a row's pin beside its node, in a byte.
private enum PinKind: UInt8 {
    /// There is no pin.
    case none
    /// Its session is known.
    case known
    /// No session belongs to it.
    case stray

    init(_ pin: Pin?) { self = pin.map { $0.hasSession ? .known : .stray } ?? .none }

    func pin(_ node: String?) -> Pin? { self == .none ? nil : Pin(node: node, hasSession: self == .known) }
}

/// What a row is, in a byte.
struct RowFlags: OptionSet, Sendable {
    var rawValue: UInt8

    /// There is a row in this slot.
    static let used = RowFlags(rawValue: 1)
    /// It ended while somebody watched, and stays for a while.
    static let lingering = RowFlags(rawValue: 2)
    /// It was met since the last reading of all rows began.
    static let met = RowFlags(rawValue: 4)
    /// The operator marked it.
    static let marked = RowFlags(rawValue: 8)

    /// The state as recorded.
    var state: SessionState {
        get { Self.state(rawValue >> 4 & 3) }
        set { rawValue = rawValue & ~0x30 | Self.code(newValue) << 4 }
    }

    /// How it stands now, its deadlines seen to.
    var standing: SessionState {
        get { Self.state(rawValue >> 6) }
        set { rawValue = rawValue & ~0xC0 | Self.code(newValue) << 6 }
    }

    private static func state(_ code: UInt8) -> SessionState { code == 0 ? .live : code == 1 ? .expired : .revoked }
    private static func code(_ state: SessionState) -> UInt8 {
        switch state {
        case .live: 0
        case .expired: 1
        case .revoked: 2
        }
    }
}
