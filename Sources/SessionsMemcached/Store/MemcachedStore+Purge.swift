public import Sessions

/// Removing what nobody needs any more.
extension MemcachedStore {
    /// The changes of a purge are noted at most so often.
    private static let markInterval = Duration.seconds(600)

    /// Removes sessions whose tombstone's time has passed, the feed's oldest entries and nodes long gone.
    ///
    /// Sessions and the feed go by themselves in time, so this needn't run often: it lists every key, and reads every
    /// session.
    ///
    /// Cut-offs stay, in the one item whose size is their bound: memcached doesn't promise to list every key, nor can
    /// it while a server is away, and a session that was left out would be live again without its cut-off.
    ///
    /// - Returns: how many sessions were removed.
    public func purge(_ retention: Retention, at now: Timestamp) async throws -> Int {
        try requireWritable()
        // Nodes first: they go by nothing else, and a server needn't list its keys for that.
        try await removeNodes(try await silentNodes.look(at: self, retention, by: time))
        try await removeNodesWithoutReports()
        let removed = try await removeSpent(retention, at: now)
        await note(removed)
        let start = try await feedStart(at: now - retention.feed)
        let end = try await lastChange()
        try await changeRoot { root in
            root.feedStart = min(max(root.feedStart, start), root.feedEnd)
            root.forgetChanges(of: now - Self.changesKept)
            if root.marks.last.map({ $0.at <= now - Self.markInterval }) ?? true {
                root.marks.append(StoreRoot.Mark(at: now, change: end))
            }
        }
        return removed.count
    }

    private func removeSpent(_ retention: Retention, at now: Timestamp) async throws -> [IDHash] {
        let root = try await root(bumps: false)
        let book = try await cutoffBook(root, bumps: false)
        let ids = try await listing().ids
        let gone = try await forEach(ids) { id in
            let key = try self.names.session(id)
            guard let found = try await self.fetch(key, bumps: false) else { return false }
            let item = try StoredItem(found.bytes)
            guard item.run == root.run, !item.isPending, item.row.isSpent(retention, cut: book.end(item.row), at: now)
            else { return false }
            return try await self.remove(key, found)
        }
        return zip(ids, gone).filter(\.1).map(\.0)
    }

    /// Before the feed's first entry of a moment or later.
    private func feedStart(at moment: Timestamp) async throws -> FeedPosition {
        var position = FeedPosition.start
        while true {
            let page = try await feed(after: position, limit: Int(FeedLeaf.size))
            if let first = page.entries.first(where: { $0.at >= moment }) {
                return FeedPosition(first.position.value - 1)
            }
            guard let last = page.entries.last?.position else { return max(page.start, position) }
            position = last
        }
    }
}

extension StoredRow {
    /// Whether neither the session nor its tombstone is needed any more.
    fileprivate func isSpent(_ retention: Retention, cut: Revocation?, at now: Timestamp) -> Bool {
        guard let absolute = deadlines.absolute, absolute <= now else { return false }
        let end = state == .live ? cut?.at : revocation?.at
        return end.map { $0 + retention.tombstone <= now } ?? true
    }
}

extension StoreRoot {
    /// Forgets the changes of before a moment, as far as purges noted how far they went.
    fileprivate mutating func forgetChanges(of moment: Timestamp) {
        while let first = marks.first, first.at < moment {
            changeStart = max(changeStart, first.change)
            marks.removeFirst()
        }
    }
}
