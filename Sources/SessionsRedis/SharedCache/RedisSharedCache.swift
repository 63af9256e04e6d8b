public import Sessions
internal import SessionsTransport

/// L2 on Redis or Valkey: one server, one under Sentinel, or a cluster.
///
/// Each step is one script or one command on one key, so that it is atomic wherever the key lies. Every key runs out by
/// itself. A server that forgets, evicts or fails over costs time and never a revoke: see `SharedCache`. A replica, which
/// takes no copies, isn't used.
public struct RedisSharedCache: SharedCache {
    /// What this cache is.
    public let description: StoreDescription

    let executor: any RedisExecutor
    let time: TimeSource
    /// Has seen its connections.
    let witness: LinkWitness
    private let prefix: String
    private let makeToken: @Sendable () -> UInt64

    /// Makes a cache; it connects when it is first used.
    ///
    /// - Parameters:
    ///   - configuration: where the server or the cluster is.
    ///   - prefix: tells applications that share the server apart; 16 bytes at most.
    ///   - time: the clock that waits between attempts to connect are measured with.
    /// - Throws: `SessionsError` with `usage` where a file for TLS can't be used.
    public init(_ configuration: RedisConfiguration, prefix: String = "sessions-l2", time: TimeSource = .system) throws
    {
        let witness = LinkWitness(tls: configuration.tls)
        self.init(
            executor: try configuration.makeExecutor(time: time, witness: witness, needing: .always), prefix: prefix,
            description: StoreDescription(url: "\(configuration)", software: "Redis", layout: "shared cache"),
            time: time, witness: witness)
    }

    /// Closes the connections.
    public func shutDown() async { await executor.shutDown() }

    /// Makes a cache on a connection.
    ///
    /// - Parameters:
    ///   - executor: asks the server.
    ///   - prefix: tells applications that share the server apart.
    ///   - description: what the cache is called.
    ///   - time: this machine's clock.
    ///   - witness: has seen the connections.
    ///   - makeToken: 64 random bits for each lease.
    init(
        executor: any RedisExecutor, prefix: String, description: StoreDescription, time: TimeSource = .system,
        witness: LinkWitness = LinkWitness(tls: nil),
        makeToken: @escaping @Sendable () -> UInt64 = { .random(in: .min ... .max) }
    ) {
        self.executor = executor
        self.prefix = prefix
        self.description = description
        self.time = time
        self.witness = witness
        self.makeToken = makeToken
    }

    /// Reads what stands under a key, and where nothing does, takes the lease.
    ///
    /// - Throws: `SessionsError` with `unavailable` when the cache gives no answer in its time.
    public func read(_ key: SharedKey, leasing lease: Duration?) async throws -> SharedRead {
        guard let life = lease.flatMap(Self.milliseconds) else {
            let reply = try await ask {
                try await $0.send(RedisCommand(words: [.word("GET"), name(key)], key: name(key)))
            }
            return SharedValue.read(reply) ?? .nothing
        }
        let mine = SharedLease(token: makeToken())
        let reply = try await run(.readOrLease, key, [SharedValue.lease(mine), life])
        return SharedValue.read(reply) ?? .leased(mine)
    }

    /// Puts a copy in, only where the caller's own lease still stands.
    ///
    /// - Throws: `SessionsError` with `unavailable`: then nobody knows, and nothing needs to be done.
    public func fill(
        _ key: SharedKey, with copy: SharedCopy, holding lease: SharedLease, for life: Duration
    ) async throws -> Bool {
        guard let life = Self.milliseconds(life) else { return false }
        return try await run(.fill, key, [SharedValue.lease(lease), SharedValue.live(copy), life]) == .integer(1)
    }

    /// Brings a copy up to date after a write to the database.
    ///
    /// - Throws: `SessionsError` with `unavailable`: then a copy may be stale until its life ends.
    public func replace(
        _ key: SharedKey, version: Int64, with copy: SharedCopy?, for life: Duration
    ) async throws {
        let put = copy.flatMap { copy in Self.milliseconds(life).map { [SharedValue.live(copy), $0] } } ?? []
        _ = try await run(.replace, key, [SharedValue.beginning(version: version)] + put)
    }

    /// Puts a tombstone over whatever stands there.
    ///
    /// - Throws: `SessionsError` with `unavailable`: then try again; the feed holds meanwhile.
    public func bury(_ key: SharedKey, for life: Duration) async throws {
        let life = Self.milliseconds(life) ?? .word("1")
        let words: [[UInt8]] = [.word("SET"), name(key), SharedValue.tombstone, .word("PX"), life]
        _ = try await ask { try await $0.send(RedisCommand(words: words, key: name(key))) }
    }

    /// In a cluster, a number of the key's primary.
    public func part(of key: SharedKey) -> Int { executor.part(of: name(key)) }
}

extension RedisSharedCache {
    private func name(_ key: SharedKey) -> [UInt8] { .word(key.text(prefix: prefix)) }

    private func run(_ script: RedisScript, _ key: SharedKey, _ arguments: [[UInt8]]) async throws -> RESPValue {
        try await ask { try await $0.run(script, keys: [name(key)], arguments: arguments) }
    }

    private func ask(_ question: (any RedisExecutor) async throws -> RESPValue) async throws -> RESPValue {
        do {
            return try await question(executor)
        } catch let error as RedisError {
            throw SessionsError.translating(error, of: description.url)
        }
    }

    /// A life as PX takes it; `nil` where there is none.
    private static func milliseconds(_ life: Duration) -> [UInt8]? {
        let milliseconds = min(life.wholeMilliseconds, RedisLife.longest)
        return milliseconds > 0 ? .word("\(milliseconds)") : nil
    }
}
