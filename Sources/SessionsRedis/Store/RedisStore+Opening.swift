public import Sessions
internal import SessionsTransport

extension RedisStore {
    /// Opens a store.
    ///
    /// - Parameters:
    ///   - configuration: where the server is, or the cluster.
    ///   - mode: whether the store may begin and be written.
    ///   - namespace: one of several sets of sessions that share a database without meeting: 1 to 64 letters, digits,
    ///     hyphens, underscores and dots.
    ///   - retention: how long tombstones stay: the keys' own life is as long.
    ///   - time: where time comes from.
    /// - Returns: the open store; close it with ``shutDown()``.
    /// - Throws: `SessionsError`: `unsupported` for one server of a cluster or a server before 6.0, `storeNotFound` where the
    ///   namespace isn't there and may not begin, `storeTooNew` for one of a newer library, `refused` for a namespace
    ///   that can't be named so or a user without the rights of ``RedisAccess``, `unavailable` where no server answers,
    ///   or a service is led to a replica.
    public static func open(
        _ configuration: RedisConfiguration, mode: OpenMode, namespace: String = "default",
        retention: Retention = Retention(), time: TimeSource = .system
    ) async throws -> RedisStore {
        let witness = LinkWitness(tls: configuration.tls)
        let executor = try configuration.makeExecutor(time: time, witness: witness, needing: mode.demand)
        do {
            return try await open(
                executor: executor, url: "\(configuration)", mode: mode, namespace: namespace, retention: retention,
                time: time, witness: witness, inCluster: configuration.isCluster)
        } catch {
            await executor.shutDown()
            throw error
        }
    }

    /// Closes the connections.
    public func shutDown() async { await executor.shutDown() }

    /// Opens a store on a connection.
    ///
    /// - Throws: `SessionsError` as the public function does.
    static func open(
        executor: any RedisExecutor, url: String, mode: OpenMode, namespace: String, retention: Retention,
        time: TimeSource, witness: LinkWitness = LinkWitness(tls: nil), inCluster: Bool = false
    ) async throws -> RedisStore {
        let keys = try StoreKeys(namespace: namespace, inCluster: inCluster)
        do {
            let info = try await ServerInfo(asking: executor, near: keys.place)
            try info.check(url, inCluster: inCluster)
            try await checkFormat(through: executor, keys: keys, mode: mode, url: url)
            let capabilities = mode == .readOnly ? Capabilities.reading : .writing(info)
            return RedisStore(
                executor: executor, namespace: namespace, keys: keys, retention: retention, time: time,
                isWritable: mode != .readOnly, witness: witness,
                description: StoreDescription(url: url, software: info.software, layout: "native"),
                capabilities: capabilities)
        } catch let error as RedisError {
            throw SessionsError.translating(error, of: url)
        }
    }

    private static func checkFormat(
        through executor: any RedisExecutor, keys: StoreKeys, mode: OpenMode, url: String
    ) async throws {
        let meta = keys.place
        let question = RedisCommand(words: [.word("HGET"), meta, .word("format")], key: meta)
        var found = try await executor.send(question).bytes
        // Only where nothing is there: a full server refuses even what would change nothing.
        if found == nil, mode == .create {
            let words: [[UInt8]] = [.word("HSETNX"), meta, .word("format"), .word(StoreKeys.format)]
            _ = try await executor.send(RedisCommand(words: words, key: meta))
            found = try await executor.send(question).bytes
        }
        guard let found else {
            throw SessionsError(
                .storeNotFound,
                "there are no sessions of ours in \(url): look at the database's number and the namespace")
        }
        guard found == .word(StoreKeys.format) else {
            throw SessionsError.storeTooNew(url)
        }
    }
}

extension RedisStore.OpenMode {
    /// Which servers will do.
    fileprivate var demand: PrimaryCheck.Demand {
        switch self {
        case .create, .existing: .always
        case .operating: .onceFound
        case .readOnly: .never
        }
    }
}

/// What a server says of itself.
struct ServerInfo: Sendable {
    let facts: [String: String]

    /// Asks the server that has a key; `nil`: any.
    init(asking executor: any RedisExecutor, near place: [UInt8]? = nil) async throws {
        let reply = try await executor.send(RedisCommand(words: [.word("INFO")], key: place))
        self.init(text: String(decoding: reply.bytes ?? [], as: UTF8.self))
    }

    /// Reads the answer to INFO: a fact a line, a colon after its name.
    init(text: String) {
        var facts: [String: String] = [:]
        for line in text.split(whereSeparator: \.isNewline) {
            let words = line.split(separator: ":", maxSplits: 1)
            if words.count == 2 { facts[String(words[0])] = String(words[1]) }
        }
        self.facts = facts
    }

    /// Its kind and version: `Redis 7.0.15`, `Valkey 8.1.1`.
    var software: String {
        facts["valkey_version"].map { "Valkey \($0)" } ?? "Redis \(facts["redis_version"] ?? "of an unknown version")"
    }

    /// Refuses a server that the native store can't keep its promises on.
    func check(_ url: String, inCluster: Bool = false) throws {
        guard inCluster || facts["cluster_enabled"] != "1" else {
            throw SessionsError(
                .unsupported, "\(url) is one server of a Redis Cluster: write redis-cluster://HOST,HOST")
        }
        // A Valkey names the version of Redis that it is compatible with.
        let major = facts["redis_version"]?.split(separator: ".").first.flatMap { Int($0) }
        guard let major, major >= 6 else {
            throw SessionsError(.unsupported, "\(url) is older than Redis 6: use Redis 6 or later, or Valkey")
        }
    }

    /// Why a revoke may be lost; `nil` where it may not.
    var forgets: String? {
        guard let policy = facts["maxmemory_policy"], policy.hasPrefix("allkeys"), facts["maxmemory"] != "0" else {
            return nil
        }
        return "the server may evict any key (maxmemory-policy \(policy)): set noeviction"
    }
}

extension Capabilities {
    fileprivate static let reading = {
        let no = Ability.no(because: Capabilities.openedToRead)
        return Capabilities(revoke: no, extend: no, nodes: .yes, audit: no, changes: .yes, finalRevoke: .yes)
    }()

    fileprivate static func writing(_ info: ServerInfo) -> Capabilities {
        var all = Capabilities.all
        if let reason = info.forgets { all.finalRevoke = .no(because: reason) }
        return all
    }
}
