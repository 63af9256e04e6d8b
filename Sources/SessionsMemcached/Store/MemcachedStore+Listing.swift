public import Sessions
internal import Synchronization

/// Listing: the keys from each server's table, then the items.
extension MemcachedStore {
    /// So many keys of a server are listed at most.
    static let mostKeys = 4_000_000

    /// A page of all rows, in the order of their ids.
    ///
    /// The first page lists the keys of every server, and the following ones go through that list.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        let limit = max(1, limit)
        let root = try await root(bumps: false)
        let last = cursor.flatMap { IDHash(digest: $0.mark) }
        let ids = try await listed(afresh: cursor == nil)
        let start = last.map { last in ids.firstIndex { $0 > last } ?? ids.endIndex } ?? 0
        let chosen = Array(ids[start...].prefix(limit))
        let book = try await cutoffBook(root, bumps: false)
        let rows = zip(chosen, try await rows(of: chosen, root)).compactMap { id, row in
            row.map { $0.listed(as: id, cut: book.end($0)) }
        }
        let hasMore = start + chosen.count < ids.count
        return RowPage(rows: rows, next: hasMore ? chosen.last.map { RowCursor(mark: $0.bytes) } : nil)
    }

    /// The sessions whose handle begins so, in the order of handles.
    public func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        let root = try await root(bumps: false)
        let ids = try await listed(afresh: true).filter { prefix.matches($0) }
        // Of another run, or gone: then it isn't there.
        let rows = try await rows(of: ids, root)
        return Array(zip(ids, rows).filter { $0.1 != nil }.map(\.0).prefix(max(0, limit)))
    }

    /// The live sessions of one user, by exact bytes, the oldest first.
    public func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        var live: [(place: Int64, id: IDHash)] = []
        try await forEachRow { id, row, cut in
            guard let owner = row.user, owner.hasBytes(of: user), row.standing(at: now, cut: cut) == .live
            else { return }
            live.append((row.place, id))
        }
        return live.sorted { $0.place < $1.place }.map(\.id)
    }

    /// Counts over the whole store, in one pass over the rows.
    public func statistics(at now: Timestamp) async throws -> StoreStatistics {
        var counter = StatisticsCounter(now: now)
        try await forEachRow { _, row, cut in counter.count(row, cut: cut) }
        return counter.statistics
    }

    /// Servers that the last listing left out.
    public func gaps() async -> [String] { memory.withLock { $0.gaps } }
}

extension MemcachedStore {
    /// Goes through all rows in the order of ids.
    func forEachRow(_ body: (IDHash, StoredRow, Revocation?) throws -> Void) async throws {
        let root = try await root(bumps: false)
        for ids in try await listed(afresh: true).slices(of: Self.itemsAtOnce) {
            let rows = try await rows(of: Array(ids), root)
            let book = try await cutoffBook(root, bumps: false)
            for case (let id, let row?) in zip(ids, rows) { try body(id, row, book.end(row)) }
        }
    }

    /// The rows of some ids; `nil` for those that aren't there.
    func rows(of ids: [IDHash], _ root: StoreRoot) async throws -> [StoredRow?] {
        try await forEach(ids) { id in
            guard let bytes = try await self.fetch(try self.names.session(id), bumps: false)?.bytes else { return nil }
            let item = try StoredItem(bytes)
            return item.run == root.run && !item.isPending ? item.row : nil
        }
    }

    /// The ids of all sessions, in order.
    ///
    /// - Parameter afresh: lists now; else the last listing is good enough, where there is one.
    /// - Returns: the ids; those of servers that give no answer are missing, see ``gaps()``.
    /// - Throws: `SessionsError`: `unsupported` where a server lists no keys, `unavailable`, `busy`.
    func listed(afresh: Bool) async throws -> [IDHash] {
        let known = memory.withLock { $0.listed }
        if !afresh, !known.isEmpty { return known }
        let (ids, gaps) = try await listing()
        memory.withLock { ($0.listed, $0.gaps) = (ids, gaps) }
        return ids
    }

    /// Lists the ids of all sessions, in order, and what is missing among them.
    ///
    /// - Throws: as ``listed(afresh:)`` does.
    func listing() async throws -> (ids: [IDHash], gaps: [String]) {
        var ids: [IDHash] = []
        var gaps: [String] = []
        for lane in lister.client.lanes {
            do {
                ids += try await list(lane)
            } catch let error as SessionsError where error.code == .unavailable && lister.client.lanes.count > 1 {
                gaps.append("memcached at \(lane.address) gives no answer: its sessions are not shown, and not served")
            }
        }
        ids.sort()
        // A key that lies on two servers, since the list of servers was another once, is one session.
        var last: IDHash?
        ids.removeAll { id in
            defer { last = id }
            return id == last
        }
        return (ids, gaps)
    }

    private func list(_ lane: MemcachedLane) async throws -> [IDHash] {
        let (items, left) = try await lister.list(lane, limit: Self.mostKeys, containing: names.sessionPrefix)
        guard left == 0 else {
            throw SessionsError(
                .unsupported, "memcached at \(lane.address) has \(left) keys more than are listed at once")
        }
        return items.compactMap { names.session(named: $0.key) }
    }
}
