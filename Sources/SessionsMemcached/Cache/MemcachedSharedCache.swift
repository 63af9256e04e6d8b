public import Sessions

/// L2 on memcached: one server, or several that share the keys by ketama.
///
/// Each step is one meta command, or two of which the second compares the CAS. A key whose server is away fails, and is
/// not looked for elsewhere. memcached's clock ticks once a second; a copy's life is rounded down to whole seconds and
/// one of less than a second isn't put in, while leases and tombstones last for what was asked and up to two seconds
/// more. No life is longer than 30 days.
///
/// It connects when it is first needed, and closes its connections when the last reference goes.
public final class MemcachedSharedCache: SharedCache, Sendable {
    /// Copies of more bytes aren't put in: memcached takes 1 MB with the key and all, unless told otherwise.
    public static let largestCopy = 1_000_000

    /// Others write between our two commands at most so often in a row before we give up.
    private static let attempts = 16

    let client: MemcachedClient
    let time: TimeSource
    private let prefix: String
    private let url: String

    /// Makes a cache; connects to nothing yet.
    ///
    /// - Parameters:
    ///   - configuration: the servers, and how to talk to them.
    ///   - prefix: tells applications that share the servers apart: 1 to 16 printable characters of ASCII, no spaces.
    ///   - time: where time comes from.
    /// - Throws: `SessionsError` with `usage` where the configuration, its files or the prefix can't be used.
    public init(
        _ configuration: MemcachedConfiguration, prefix: String = "sessions", time: TimeSource = .system
    ) throws {
        guard (1...16).contains(prefix.utf8.count), prefix.utf8.allSatisfy({ (0x21...0x7e).contains($0) }) else {
            throw SessionsError(.usage, "a cache's prefix is 1 to 16 printable characters of ASCII without spaces")
        }
        client = try MemcachedClient(configuration, time: time)
        self.prefix = prefix
        self.time = time
        url = configuration.description
    }

    /// The servers with any password masked, and their versions once they have been reached.
    public var description: StoreDescription {
        StoreDescription(url: url, software: client.software, layout: "native")
    }

    /// Reads what stands under a key, and where nothing does, takes the lease: `mg` with `N`, of which one caller wins.
    public func read(_ key: SharedKey, leasing lease: Duration?) async throws -> SharedRead {
        let (key, lane) = try place(of: key)
        let (reply, run) = try await lane.send(.get(key, leasing: lease.map(MemcachedLife.init(atLeast:))))
        switch reply {
        case .outcome(.miss): return lease == nil ? .nothing : .taken
        case .item(let value, let flags):
            _ = try cas(flags, lane)
            return Self.read(value, flags, run, isLeasing: lease != nil)
        default: throw failure(reply, lane)
        }
    }

    private static func read(_ value: [UInt8], _ flags: MetaFlags, _ run: UInt16, isLeasing: Bool) -> SharedRead {
        switch SharedItem(value: value, flags: flags) {
        case .live(let copy): return .live(copy)
        case .tombstone: return .tombstone
        case .lease where flags.hasWon && isLeasing:
            return flags.cas.flatMap { MemcachedLease(cas: $0, run: run) }.map { .leased($0.shared) } ?? .taken
        // What isn't ours is left to run out: read the database, fill nothing.
        case .lease, .foreign: return .taken
        }
    }

    /// Puts a copy in, only where the caller's own lease still stands: `ms` with the lease's CAS.
    public func fill(
        _ key: SharedKey, with copy: SharedCopy, holding lease: SharedLease, for life: Duration
    ) async throws -> Bool {
        guard let life = MemcachedLife(atMost: life), copy.bytes.count <= Self.largestCopy,
            let lease = MemcachedLease(lease)
        else { return false }
        let (key, lane) = try place(of: key)
        let command = SharedItem.putting(copy, at: key, for: life, over: lease.cas)
        switch try await lane.send(command, onlyTo: lease.run) {
        case .outcome(.done): return true
        case nil, .outcome(.exists), .outcome(.notFound), .outcome(.notStored), .refused(.tooLarge): return false
        case .some(let reply): throw failure(reply, lane)
        }
    }

    /// Brings a copy up to date after a write to the database: `mg`, then `ms` or `md` with the CAS that was read.
    public func replace(
        _ key: SharedKey, version: Int64, with copy: SharedCopy?, for life: Duration
    ) async throws {
        let (key, lane) = try place(of: key)
        let life = MemcachedLife(atMost: life)
        var copy = copy.flatMap { $0.bytes.count <= Self.largestCopy ? $0 : nil }
        for _ in 0..<Self.attempts {
            let (reply, run) = try await lane.send(.get(key))
            if reply == .outcome(.miss) { return }
            guard case .item(let value, let flags) = reply else { throw failure(reply, lane) }
            let cas = try cas(flags, lane)
            let command: MemcachedCommand
            switch (SharedItem(value: value, flags: flags), copy, life) {
            case (.tombstone, _, _): return
            case (.live(let old), let copy?, let life?) where old.version == version:
                command = SharedItem.putting(copy, at: key, for: life, over: cas)
            default: command = .delete(key, cas: cas)
            }
            switch try await lane.send(command, onlyTo: run) {
            case .outcome(.done): return
            // What a server can't hold it takes away, in most versions: look again, and delete.
            case .refused(.tooLarge), .refused(.outOfMemory): copy = nil
            case nil, .outcome: break
            case .some(let other): throw failure(other, lane)
            }
        }
        throw SessionsError(
            .unavailable, "others changed one key of memcached at \(lane.address) without end: try again")
    }

    /// Puts a tombstone over whatever stands there; where there is no memory for it, deletes, which is as safe.
    public func bury(_ key: SharedKey, for life: Duration) async throws {
        let (key, lane) = try place(of: key)
        let (reply, _) = try await lane.send(SharedItem.burying(key, for: MemcachedLife(atLeast: life)))
        if reply == .outcome(.done) { return }
        guard reply == .refused(.outOfMemory) else { throw failure(reply, lane) }
        switch try await lane.send(.delete(key)).0 {
        case .outcome(.done), .outcome(.notFound): return
        case let other: throw failure(other, lane)
        }
    }

    /// The number of the key's server.
    public func part(of key: SharedKey) -> Int {
        guard client.lanes.count > 1, let (key, _) = try? place(of: key) else { return 0 }
        return client.part(of: key)
    }

    private func place(of key: SharedKey) throws -> (MemcachedKey, MemcachedLane) {
        guard let key = MemcachedKey(Array(key.text(prefix: prefix).utf8)) else {
            throw SessionsError(.usage, "the cache's prefix can't stand in a key of memcached: take a shorter one")
        }
        return (key, client.lane(of: key))
    }

    /// A server that is told to keep no CAS gives 0, and a command with that would compare nothing.
    private func cas(_ flags: MetaFlags, _ lane: MemcachedLane) throws -> UInt64 {
        guard let cas = flags.cas, cas != 0 else {
            throw SessionsError(
                .unsupported, "memcached at \(lane.address) keeps no CAS, which leases are made of: start it without -C"
            )
        }
        return cas
    }

    private func failure(_ reply: MemcachedReply, _ lane: MemcachedLane) -> SessionsError {
        if case .refused(let refusal) = reply { return .refusal(refusal, lane.address) }
        return .notMemcached(lane.address)
    }
}
