public import SessionLayouts
public import Sessions
internal import SessionsTransport

/// Other frameworks' sessions in Redis or Valkey.
public enum RedisLayouts {
    /// Opens the sessions of another framework.
    ///
    /// - Parameters:
    ///   - configuration: where the server is.
    ///   - name: the layout's name; `nil`: it is found out from a sample of the keys and their values.
    ///   - isReadOnly: nothing may be changed.
    ///   - logs: where changes are put on the record; `nil`: nowhere.
    ///   - time: where time comes from.
    /// - Returns: the sessions.
    /// - Throws: `SessionsError`: `usage` for a layout that isn't known, `notAStore` where no layout fits, `unsupported`
    ///   for a server before Redis 6, `refused` for a user without the rights, `unavailable`.
    public static func open(
        _ configuration: RedisConfiguration, layout name: String?, isReadOnly: Bool, logs: OperatorLogs? = nil,
        time: TimeSource = .system
    ) async throws -> LayoutDirectory {
        let named = try name.map { try LayoutCatalogue.layout(named: $0, in: .redis) }
        let witness = LinkWitness(tls: configuration.tls)
        let executor = try configuration.makeExecutor(
            time: time, witness: witness, needing: isReadOnly ? .never : .onceFound)
        let url = "\(configuration)"
        do {
            let info = try await ServerInfo(asking: executor)
            try info.check(url, inCluster: configuration.isCluster)
            var match: LayoutMatch
            if let named {
                match = LayoutMatch(asked: named)
            } else {
                match = try await found(through: executor, url: url, time: time)
            }
            if configuration.isCluster { match.layout.limitToCluster() }
            let source = RedisLayoutSource(
                layout: match.layout, executor: executor, url: url, isReadOnly: isReadOnly, time: time,
                meter: witness.meter)
            return LayoutDirectory(
                match, in: source, url: url, software: info.software,
                readOnly: isReadOnly ? Capabilities.openedToRead : nil,
                log: logs?.log(url, match.layout.name), time: time)
        } catch {
            await executor.shutDown()
            throw (error as? RedisError).map { SessionsError.translating($0, of: url) } ?? error
        }
    }

    /// Looks at some keys, and then at the values of a few that could be sessions.
    private static func found(
        through executor: any RedisExecutor, url: String, time: TimeSource
    ) async throws -> LayoutMatch {
        var sample = KeySample(in: .redis)
        var walk = KeyWalk(pattern: "*")
        while !sample.isFull, !walk.isAtEnd { sample.look(at: try await walk.next(1000, through: executor)) }
        return try await sample.match(at: time.wall(), in: url, hint: "look at the database's number, ") {
            layout, keys in
            try await RedisLayoutSource(layout: layout, executor: executor, url: url, isReadOnly: true, time: time)
                .records(keys[...], whole: true)
        }
    }
}

extension Layout {
    /// What needs several keys at once can't be done where they lie on several servers.
    fileprivate mutating func limitToCluster() {
        guard case .spring(let place) = place, place.isIndexed else { return }
        let reason = "in a Redis Cluster the keys of one session lie on several servers, and all must change at once"
        revoke = .no(because: reason)
        extend = .no(because: reason)
    }
}
