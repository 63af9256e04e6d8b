public import Sessions
internal import SessionsTransport

extension MemcachedStore {
    /// Opens a store.
    ///
    /// - Parameters:
    ///   - configuration: the servers, and how to talk to them.
    ///   - mode: whether the store may begin and be written.
    ///   - namespace: one of several sets of sessions that share the servers without meeting: 1 to 64 letters, digits,
    ///     hyphens, underscores and dots.
    ///   - retention: how long tombstones and the feed stay.
    ///   - time: where time comes from.
    /// - Returns: the open store; its connections close when the last reference goes.
    /// - Throws: `SessionsError`: `unsupported` for a server before 1.6 or one without CAS, `storeNotFound` where the
    ///   namespace isn't there and may not begin, `storeTooNew` for one of a newer library, `refused` for a namespace
    ///   that can't be named so, `usage` for a configuration that can't be used, `unavailable`.
    public static func open(
        _ configuration: MemcachedConfiguration, mode: OpenMode, namespace: String = "default",
        retention: Retention = Retention(), time: TimeSource = .system
    ) async throws -> MemcachedStore {
        try await open(configuration, mode: mode, namespace: namespace, retention: retention, time: time) {}
    }

    /// Opens a store that calls something before each of its commands.
    ///
    /// - Throws: `SessionsError` as the public function does.
    static func open(
        _ configuration: MemcachedConfiguration, mode: OpenMode, namespace: String = "default",
        retention: Retention = Retention(), time: TimeSource = .system,
        beforeCommand: @escaping @Sendable () async throws -> Void
    ) async throws -> MemcachedStore {
        let client = try MemcachedClient(configuration, time: time)
        let names = try StoreNames(namespace: namespace)
        let home = client.lane(of: try names.root)
        let answers = try await MemcachedAnswers(asking: home, time: time)
        guard answers.flag("cas_enabled") != false else {
            throw SessionsError(
                .unsupported, "memcached at \(home.address) keeps no CAS, which sessions need: start it without -C")
        }
        let store = try MemcachedStore(
            client: client, lister: try MemcachedLister(configuration, time: time), namespace: namespace,
            url: configuration.description, mode: mode, retention: retention, time: time,
            largestValue: largestValue(answers), capabilities: .memcached(isWritable: mode != .readOnly),
            beforeCommand: beforeCommand)
        _ = try await store.root(bumps: false)
        return store
    }

    /// What an item of the largest size has beside its value: a header, the longest key, and room to spare.
    ///
    /// What is larger than any reply that is read isn't put in: nobody would get it back.
    private static func largestValue(_ answers: MemcachedAnswers) -> Int {
        let size = answers.settings["item_size_max"].flatMap { UInt64($0) } ?? 1_048_576
        return min(max(1024, Int(clamping: size) - 1024), WireDecoder.Limits().value)
    }
}

extension Capabilities {
    fileprivate static func memcached(isWritable: Bool) -> Capabilities {
        var all = Capabilities.all
        if !isWritable {
            let no = Ability.no(because: Capabilities.openedToRead)
            (all.revoke, all.extend, all.audit) = (no, no, no)
        }
        all.keeping = .no(
            because: "memcached can lose a session: a restart loses all of a server's, a full one the longest unused")
        return all
    }
}
