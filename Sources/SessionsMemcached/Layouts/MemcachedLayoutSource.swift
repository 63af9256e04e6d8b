internal import SessionLayouts
internal import Sessions
internal import Synchronization

/// A layout's items in memcached.
///
/// A server lists everything at once or nothing: the list is made when a walk begins, and the walk's pages are cut from
/// it. Which server has a key is the framework's affair, so each is asked.
final class MemcachedLayoutSource: LayoutSource {
    /// So many sessions are listed at most.
    private static let mostItems = 1_000_000
    /// Longer values aren't read: a list must stay quick.
    private static let largestValue = 1 << 20
    /// So many bytes of values are asked for at once, and so many items.
    private static let bytesAtOnce = 8 << 20
    private static let itemsAtOnce = 100
    /// memcached takes a longer life for a moment since 1970.
    private static let longestLife: Int64 = 30 * 24 * 60 * 60

    private let layout: Layout
    private let client: MemcachedClient
    private let lister: MemcachedLister
    private let url: String
    private let isReadOnly: Bool
    private let time: TimeSource
    /// The last list, in the order of the keys' bytes.
    private let listed = Mutex<[[UInt8]]>([])

    init(
        layout: Layout, client: MemcachedClient, lister: MemcachedLister, url: String, isReadOnly: Bool,
        time: TimeSource
    ) {
        self.layout = layout
        self.client = client
        self.lister = lister
        self.url = url
        self.isReadOnly = isReadOnly
        self.time = time
    }

    // MARK: Keys

    func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?) {
        if mark == nil { try await list() }
        return listed.withLock { all in
            let start = mark.map { Self.place(after: $0, in: all) } ?? 0
            let page = Array(all[start...].prefix(max(1, limit)))
            return (page, start + page.count < all.count ? page.last : nil)
        }
    }

    private func list() async throws {
        var keys: Set<[UInt8]> = []
        for lane in lister.client.lanes {
            let (items, left) = try await lister.list(lane, limit: Self.mostItems, containing: layout.keyMark)
            guard left == 0 else {
                throw SessionsError(
                    .unsupported,
                    "memcached at \(lane.address) holds more than \(Self.mostItems) sessions: too many here")
            }
            keys.formUnion(items.lazy.map(\.key.bytes).filter { self.layout.id(ofKey: $0) != nil })
        }
        let sorted = keys.sorted { $0.lexicographicallyPrecedes($1) }
        listed.withLock { $0 = sorted }
    }

    private static func place(after mark: [UInt8], in keys: [[UInt8]]) -> Int {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if mark.lexicographicallyPrecedes(keys[middle]) { high = middle } else { low = middle + 1 }
        }
        return low
    }

    // MARK: Records

    func records(_ keys: ArraySlice<[UInt8]>, whole: Bool) async throws -> [LayoutRecord?] {
        let asked = Array(keys.prefix(Self.itemsAtOnce))
        let outlines = try await eachKey(asked) { lane, key in
            try await lane.look(key, withValue: false).map { (lane, $0.flags) }
        }
        var bytes = 0
        let fitting = outlines.prefix { outline in
            defer { bytes += min(outline?.1.size ?? 0, Self.largestValue) }
            return bytes < Self.bytesAtOnce
        }
        return try await eachPlace(fitting.count) { [self] index in
            guard let (lane, flags) = fitting[index] else { return nil }
            return try await record(asked[index], flags, lane)
        }
    }

    private func record(_ key: [UInt8], _ flags: MetaFlags, _ lane: MemcachedLane) async throws -> LayoutRecord? {
        func record(_ value: [UInt8]?, _ flags: MetaFlags) -> LayoutRecord {
            let life = flags.life.map { Duration.seconds(Int64(clamping: $0)) }
            return .key(KeyRecord(key: key, value: value, byteCount: value?.count ?? flags.size ?? 0, life: life))
        }
        guard flags.size ?? 0 <= Self.largestValue else { return record(nil, flags) }
        guard let name = MemcachedKey(key), let (value, now) = try await lane.look(name, withValue: true) else {
            return nil
        }
        return record(value, now)
    }

    /// What the first server that has a key says of it, for each key, in order.
    private func eachKey<Answer: Sendable>(
        _ keys: [[UInt8]], _ ask: @escaping @Sendable (MemcachedLane, MemcachedKey) async throws -> Answer?
    ) async throws -> [Answer?] {
        try await eachPlace(keys.count) { [client] index in
            guard let key = MemcachedKey(keys[index]) else { return nil }
            for lane in client.lanes { if let answer = try await ask(lane, key) { return answer } }
            return nil
        }
    }

    /// Asks for many things at once.
    private func eachPlace<Answer: Sendable>(
        _ count: Int, _ ask: @escaping @Sendable (Int) async throws -> Answer?
    ) async throws -> [Answer?] {
        try await withThrowingTaskGroup(of: (Int, Answer?).self) { group in
            for index in 0..<count { group.addTask { (index, try await ask(index)) } }
            var all = [Answer?](repeating: nil, count: count)
            for try await (index, answer) in group { all[index] = answer }
            return all
        }
    }

    // MARK: Changes

    func apply(_ changes: [LayoutChange]) async throws -> [Bool] {
        guard !isReadOnly else {
            throw SessionsError(
                .readOnly, "\(url) can't be written: it was opened to be read: open it without --read-only")
        }
        var done: [Bool] = []
        for change in changes { done.append(try await apply(change)) }
        return done
    }

    private func apply(_ change: LayoutChange) async throws -> Bool {
        switch change {
        case .deleteKeys(let keys):
            // The first says whether the session was there: a lock alone is none.
            var answers: [Bool] = []
            for key in keys { answers.append(try await everywhere(key) { .delete($0) }) }
            return answers.first ?? false
        case .expireKey(let key, let until, nil):
            let life = max(1, Int64((until - time.wall()).inSeconds.rounded(.up)))
            let moment = life > Self.longestLife ? until.milliseconds / 1000 + 1 : life
            return try await everywhere(key) { .touch($0, expires: moment) }
        case .expireKey, .deleteRow, .setColumns, .endSpring, .moveSpring:
            throw SessionsError(
                .unsupported, "in memcached a value can't be changed without its writer: its deadline stays")
        }
    }

    /// Changes an item on every server that has it: a ring that was changed may have left one behind.
    private func everywhere(_ key: [UInt8], _ command: (MemcachedKey) -> MemcachedCommand) async throws -> Bool {
        guard let key = MemcachedKey(key) else { return false }
        var wasThere = false
        for lane in client.lanes where try await lane.change(command(key)) { wasThere = true }
        return wasThere
    }
}

extension Layout {
    /// What stands in each key of a session.
    fileprivate var keyMark: [UInt8] {
        switch keyPlace?.prefix {
        case .exactly(let text), .endingIn(let text): Array(text.utf8)
        case nil: []
        }
    }
}
