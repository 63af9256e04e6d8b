public import Sessions

/// The request path.
extension MemcachedStore {
    /// A rotation's successor is put in its place before the old session ends; where nobody finishes it, it goes.
    private static let pendingLife = Duration.seconds(60)

    /// Creates a session.
    ///
    /// - Throws: `SessionsError` with `idExists` where the id is taken, `storeFull` where it is too large for an item.
    public func insert(_ session: Session) async throws {
        try requireWritable()
        async let change = nextChange()
        var item = try await newItem(session, try await root())
        let number = await change
        item.row.place = number ?? firstChange
        let isNew = try await add(item.packed, at: try names.session(session.id), life: life(of: item.row))
        await note(isNew ? session.id : nil, as: number)
        guard isNew else { throw SessionsError.idTaken }
    }

    /// Reads one session, with its standing at a moment.
    public func load(_ id: IDHash, at now: Timestamp) async throws -> LoadedSession? {
        guard let (item, cut) = try await whole(id) else { return nil }
        return LoadedSession(
            session: item.row.session(as: id, payload: try StoredPayload.read(item.payload), cut: cut),
            standing: item.row.standing(at: now, cut: cut))
    }

    /// Records that sessions were used, each by itself: where a server fails midway, some may be recorded.
    public func touch(_ touches: [Touch]) async throws -> [TouchOutcome] {
        guard !touches.isEmpty else { return [] }
        try requireWritable()
        let root = try await root()
        let written = try await change(touches.map(\.id), root) { item, cut, indices in
            indices.map { item.touch(touches[$0], cut: cut) }
        }
        return written.map { $0 ?? .refused(nil) }
    }

    /// Writes a new payload, where the session is live and has the version that was read.
    public func save(
        _ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp
    ) async throws -> SaveOutcome {
        try requireWritable()
        let packed = try StoredPayload.packed(payload)
        let root = try await root()
        let outcomes = try await change([id], root) { item, cut, _ -> [SaveOutcome] in
            let standing = item.row.standing(at: now, cut: cut)
            guard standing == .live else { return [.refused(standing)] }
            guard item.row.version == version else { return [.conflict(version: item.row.version)] }
            (item.payload, item.row.byteCount, item.row.version) = (packed, payload.bytes.count, version + 1)
            return [.saved(version: version + 1)]
        }
        return outcomes.first.flatMap { $0 } ?? .refused(nil)
    }

    /// Ends a session and creates its successor.
    ///
    /// The successor takes its place first, which nobody can read; then the old session ends; then the successor is one.
    /// Who dies in between leaves the old one ended at worst, and no successor. A cut-off that comes meanwhile counts for
    /// the successor, since the old one may have ended without a look at it.
    ///
    /// - Throws: `SessionsError` with `idExists` where the new id is taken; then the old session is untouched.
    public func rotate(
        _ id: IDHash, to successor: Session, reason: String, at now: Timestamp
    ) async throws -> RotateOutcome {
        try requireWritable()
        guard let (old, cut) = try await whole(id) else { return .refused(nil) }
        let standing = old.row.standing(at: now, cut: cut)
        guard standing == .live else { return .refused(standing) }
        var item = try await newItem(successor, try await root())
        let number = await nextChange()
        (item.row.place, item.isPending) = (number ?? firstChange, true)
        let key = try names.session(successor.id)
        guard try await add(item.packed, at: key, life: MemcachedLife(lasting: Self.pendingLife, from: time.wall()))
        else {
            await note(nil, as: number)
            throw SessionsError.idTaken
        }
        let ended = try await end([id], Revocation(at: now, by: "rotation", reason: reason))
        guard let held = try await fetch(key) else { throw isLost }
        guard case .revoked? = ended.outcomes.first?.outcome else {
            try await remove(key, held)
            await note(nil, as: number)
            return .refused(Self.state(ended.outcomes.first?.outcome))
        }
        item.isPending = false
        // Until then it has the epoch of before the old one was judged: any later cut-off ends it.
        if ended.latestCutoff <= item.row.epoch { item.row.epoch = ended.position }
        guard try await put(item.packed, at: key, over: held, life: life(of: item.row)) else { throw isLost }
        await note(successor.id, as: number)
        return .rotated
    }

    /// Ends one session, for good.
    public func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked {
        let ended = try await end([id], Revocation(at: now, by: by, reason: reason))
        return Revoked(outcome: ended.outcomes.first?.outcome ?? .notFound, position: ended.position)
    }
}

extension MemcachedStore {
    private var isLost: SessionsError {
        SessionsError(.unavailable, "\(url) has lost a session while it was made: the visitor signs in again")
    }

    private static func state(_ outcome: RevokeOutcome?) -> SessionState? {
        switch outcome {
        case .revoked, .alreadyRevoked: .revoked
        case .expired: .expired
        case .notFound, .failed, nil: nil
        }
    }

    private func newItem(_ session: Session, _ root: StoreRoot) async throws -> StoredItem {
        var row = StoredRow(session)
        row.epoch = root.feedEnd
        return StoredItem(run: root.run, row: row, payload: try StoredPayload.packed(session.payload))
    }

    /// An item's life: until its absolute deadline and the tombstone's time are over.
    func life(of row: StoredRow) -> MemcachedLife {
        let now = time.wall()
        guard let absolute = row.deadlines.absolute else { return .endless }
        return MemcachedLife(lasting: max(.zero, absolute - now) + kept.tombstone, from: now)
    }

    /// A session's item, and the cut-off that ends it; `nil` where there is none.
    func whole(_ id: IDHash, bumps: Bool = true) async throws -> (item: StoredItem, cut: Revocation?)? {
        let key = try names.session(id)
        async let found = fetch(key, bumps: bumps)
        let root = try await root(bumps: bumps)
        guard let bytes = try await found?.bytes else { return nil }
        let item = try StoredItem(bytes)
        guard item.run == root.run, !item.isPending else { return nil }
        return (item, try await cut(item.row, root, bumps: bumps))
    }

    /// Changes sessions, each by compare-and-set, and notes those that changed.
    ///
    /// - Parameters:
    ///   - ids: the sessions; the same one may stand there several times.
    ///   - root: what they are judged by.
    ///   - body: changes an item, with the cut-off that ends it and the places of its id among all, and answers one
    ///     outcome for each of these.
    /// - Returns: the outcomes in order; `nil` for those that aren't there.
    /// - Throws: `SessionsError`.
    func change<Outcome: Sendable>(
        _ ids: [IDHash], _ root: StoreRoot,
        _ body: @escaping @Sendable (inout StoredItem, Revocation?, [Int]) throws -> [Outcome]
    ) async throws -> [Outcome?] {
        var places: [IDHash: [Int]] = [:]
        for (index, id) in ids.enumerated() { places[id, default: []].append(index) }
        let order = ids.indices.filter { places[ids[$0]]?.first == $0 }.map { ids[$0] }
        let indices = order.map { places[$0] ?? [] }
        let results = try await forEach(Array(zip(order, indices))) { id, indices in
            try await self.change(id, root) { try body(&$0, $1, indices) }
        }
        await note(zip(order, results).filter { $0.1?.hasChanged == true }.map(\.0))
        var outcomes = [Outcome?](repeating: nil, count: ids.count)
        for (indices, result) in zip(indices, results) {
            for (index, outcome) in zip(indices, result?.outcomes ?? []) { outcomes[index] = outcome }
        }
        return outcomes
    }

    /// Changes one session; `nil`: it isn't there.
    func change<Outcome: Sendable>(
        _ id: IDHash, _ root: StoreRoot, _ body: (inout StoredItem, Revocation?) throws -> Outcome
    ) async throws -> (outcomes: Outcome, hasChanged: Bool)? {
        let key = try names.session(id)
        for _ in 0..<Self.attempts {
            guard let found = try await fetch(key) else { return nil }
            let item = try StoredItem(found.bytes)
            guard item.run == root.run, !item.isPending else { return nil }
            var changed = item
            let outcome = try body(&changed, try await cut(item.row, root))
            if changed == item { return (outcome, false) }
            if try await put(changed.packed, at: key, over: found, life: life(of: changed.row)) {
                return (outcome, true)
            }
        }
        throw isBusy
    }
}

extension StoredItem {
    /// Records a use, where it is live.
    fileprivate mutating func touch(_ touch: Touch, cut: Revocation?) -> TouchOutcome {
        let standing = row.standing(at: touch.at, cut: cut)
        guard standing == .live else { return .refused(standing) }
        row.seen = max(row.seen, touch.at)
        row.deadlines.touch(at: touch.at, idle: touch.idle)
        row.ip = touch.ip ?? row.ip
        row.agent = touch.agent ?? row.agent
        row.node = touch.node ?? row.node
        return .touched(row.deadlines)
    }
}
