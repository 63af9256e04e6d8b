public import Sessions

/// Looking.
extension LayoutDirectory {
    /// A page of all rows, in an order of the store's own.
    ///
    /// Redis may tell a session twice while its table grows or shrinks.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        let limit = max(1, limit)
        var page = RowPage(rows: [], next: nil)
        var mark = cursor?.mark
        if mark == nil { beginPass() }
        repeat {
            try Task.checkCancellation()
            let keys = try await source.keys(after: mark, limit: min(limit - page.rows.count, Self.recordsAtOnce))
            try await read(keys.keys, whole: false) { page.rows.append($1.row) }
            mark = keys.next
        } while mark != nil && page.rows.count < limit
        if mark == nil { endPass() }
        page.next = mark.map(RowCursor.init(mark:))
        return page
    }

    /// One session, decoded, and where it lies; `nil` where there is none.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        guard let key = try await keys(of: [id])[0], let (_, found) = try await session(under: key) else {
            return nil
        }
        var detail = SessionDetail(row: found.row, namespace: layout.name, location: found.location)
        detail.decoded = .init(data: found.data, note: found.note)
        return detail
    }

    /// The sessions whose handle begins so, in the order of handles; every key is looked at.
    public func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        var candidates: [(id: IDHash, key: [UInt8])] = []
        try await forEachKey { id, key in
            if prefix.matches(id), !candidates.contains(where: { $0.id == id }) { candidates.append((id, key)) }
            return true
        }
        // Not everything under a key of that form is a session.
        var found: [IDHash] = []
        try await read(candidates.map(\.key), whole: false) { found.append($1.row.id) }
        return Array(found.sorted().prefix(max(0, limit)))
    }

    /// The live sessions of one user, by exact bytes; every session is looked at.
    ///
    /// How many may be the user's, too, for all that can be read, ``gaps()`` says.
    public func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        let found = try await look(for: user, at: now)
        keep(unread: found.unread)
        return found.ids
    }

    /// The live sessions of one user, and of how many others whose they are can't be told.
    func look(for user: String, at now: Timestamp) async throws -> (ids: [IDHash], unread: Int) {
        var ids: [IDHash] = []
        var unread: Set<IDHash> = []
        var namespaces: [ArraySlice<UInt8>: SpringKeys] = [:]
        try await forEachSession { found in
            if layout.hasIndex, let keys = SpringKeys(hash: found.key), namespaces[keys.namespace] == nil {
                namespaces[keys.namespace] = keys
            }
            guard found.row.standing(at: now) == .live else { return }
            if found.row.isOf(user) {
                ids.append(found.row.id)
            } else if found.isUserUnknown {
                unread.insert(found.row.id)
            }
        }
        let indexed = try await indexedSessions(ofUser: user, in: Array(namespaces.values), at: now)
        return (ids + indexed.subtracting(ids).sorted(), unread.subtracting(indexed).count)
    }

    /// The live sessions that the framework itself finds by the user's name, where it keeps sets of them: how it makes
    /// the name of what is in a session is the application's affair.
    private func indexedSessions(
        ofUser user: String, in namespaces: [SpringKeys], at now: Timestamp
    ) async throws -> Set<IDHash> {
        var ids: Set<IDHash> = []
        for keys in namespaces {
            for set in [keys.sessions(of: user), keys.reactiveSessions(of: user)] {
                let hashes = try await source.members(ofSet: set).compactMap { keys.hash(ofMember: $0) }
                // A member whose session has ended is nothing unusual.
                try await read(hashes, whole: false) { _, found in
                    if found.row.standing(at: now) == .live { ids.insert(found.row.id) }
                }
            }
        }
        return ids
    }

    /// Counts over the whole store, in one pass over all sessions.
    public func statistics(at now: Timestamp) async throws -> StoreStatistics {
        var counter = LayoutStatistics(now: now, knowsDeadlines: !layout.isLifetimeMissing)
        try await forEachSession { counter.count($0) }
        return counter.statistics
    }

    // MARK: What no other framework's store has

    /// Says that everything has to be read again: no other framework records what changes.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        RowChanges(rows: [], position: position, mustReload: true)
    }

    /// Always the same: no other framework records what changes.
    public func changePosition() async throws -> ChangePosition { ChangePosition(0) }

    /// None is known.
    public func nodes() async throws -> [NodeReport] { [] }

    /// None are kept.
    public func samples(since moment: Timestamp) async throws -> [CounterSample] { [] }
}

extension SessionRow {
    /// Whether it is a user's, by exact bytes.
    func isOf(_ user: String) -> Bool { self.user.map { $0.hasBytes(of: user) } ?? false }
}
