public import SessionLayouts
public import Sessions

/// Other frameworks' sessions in memcached.
public enum MemcachedLayouts {
    /// Opens the sessions of another framework.
    ///
    /// memcached may evict any of them: what isn't there any more was not revoked by anybody.
    ///
    /// - Parameters:
    ///   - configuration: where the servers are.
    ///   - name: the layout's name; `nil`: it is found out from a sample of the keys and their values.
    ///   - isReadOnly: nothing may be changed.
    ///   - logs: where changes are put on the record; `nil`: nowhere.
    ///   - time: where time comes from.
    /// - Returns: the sessions.
    /// - Throws: `SessionsError`: `usage` for a layout that isn't known, `notAStore` where no layout fits, `unsupported`
    ///   where the servers don't list what they have, `unavailable`.
    public static func open(
        _ configuration: MemcachedConfiguration, layout name: String?, isReadOnly: Bool, logs: OperatorLogs? = nil,
        time: TimeSource = .system
    ) async throws -> LayoutDirectory {
        let named = try name.map { try LayoutCatalogue.layout(named: $0, in: .memcached) }
        let client = try MemcachedClient(configuration, time: time)
        let lister = try MemcachedLister(configuration, time: time)
        let match: LayoutMatch
        if let named {
            for lane in client.lanes { _ = try await lane.send(.version) }
            match = LayoutMatch(asked: named)
        } else {
            match = try await found(through: client, lister, url: "\(configuration)", time: time)
        }
        let source = MemcachedLayoutSource(
            layout: match.layout, client: client, lister: lister, url: "\(configuration)", isReadOnly: isReadOnly,
            time: time)
        return LayoutDirectory(
            match, in: source, url: "\(configuration)", software: client.software,
            readOnly: isReadOnly ? Capabilities.openedToRead : nil,
            log: logs?.log("\(configuration)", match.layout.name), time: time)
    }

    /// Looks at some keys, and then at the values of a few that could be sessions.
    private static func found(
        through client: MemcachedClient, _ lister: MemcachedLister, url: String, time: TimeSource
    ) async throws -> LayoutMatch {
        var sample = KeySample(in: .memcached)
        for lane in lister.client.lanes {
            sample.look(at: try await lister.list(lane, limit: KeySample.mostKeys).items.map(\.key.bytes))
        }
        return try await sample.match(at: time.wall(), in: url) { layout, keys in
            let source = MemcachedLayoutSource(
                layout: layout, client: client, lister: lister, url: url, isReadOnly: true, time: time)
            return try await source.records(keys[...], whole: true)
        }
    }
}
