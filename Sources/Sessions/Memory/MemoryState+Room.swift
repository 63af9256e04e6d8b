/// Keeping within ``MemoryLimits``.
extension MemoryState {
    /// When it is full, so much of what it may hold is freed at once: a look at all sessions pays for that many new ones.
    private static let portions = 64

    /// Whether so many bytes and sessions more are within the limits.
    func hasRoom(forBytes bytes: Int, sessions: Int = 0) -> Bool {
        guard let limits else { return true }
        return byteCount + bytes <= limits.bytes && records.count + sessions <= limits.sessions
    }

    /// Makes room for a new session.
    ///
    /// - Throws: ``SessionsError`` with `storeFull`; then nothing has changed but what had ended is gone.
    mutating func makeRoom(for session: Session, keeping id: IDHash? = nil, at now: Timestamp) throws {
        try makeRoom(forBytes: session.memoryByteCount, sessions: 1, keeping: id, at: now)
    }

    /// Makes room.
    ///
    /// - Parameters:
    ///   - bytes: so many more; none or fewer always fit.
    ///   - sessions: so many more.
    ///   - id: a session that must stay.
    ///   - now: the present time.
    /// - Throws: ``SessionsError`` with `storeFull`; then no live session is gone.
    mutating func makeRoom(forBytes bytes: Int, sessions: Int = 0, keeping id: IDHash?, at now: Timestamp) throws {
        guard let limits, bytes > 0, !hasRoom(forBytes: bytes, sessions: sessions) else { return }
        let wanted = Room(bytes: bytes, sessions: sessions)
        // A look at all sessions for each that is refused would hold up those that are served.
        if let refusal, refusal.holds(at: now), refusal.room.isWithin(wanted) { throw refused() }
        looks += 1
        drop(endedByAge(at: now, keeping: id), for: wanted, at: now)
        if hasRoom(forBytes: bytes, sessions: sessions) { return }
        let victims = limits.whenFull == .evictAnonymous ? anonymousByUse(at: now, keeping: id) : []
        if isEnough(victims, for: wanted) {
            tally.evicted += Int64(drop(victims, for: wanted, at: now))
            return
        }
        // Where a visitor's own session had to stay, others may still find room by its eviction.
        let spares = id.map { limits.whenFull == .evictAnonymous && records[$0]?.session.user == nil } ?? false
        if !spares {
            let lacksBytes = !isEnough(victims, for: Room(bytes: bytes, sessions: 0))
            refusal = Refusal(
                room: lacksBytes ? Room(bytes: bytes, sessions: 0) : Room(bytes: 0, sessions: sessions), at: now)
        }
        throw refused()
    }

    private mutating func refused() -> SessionsError {
        tally.refused += 1
        return SessionsError(
            .storeFull,
            "this node's memory for sessions is full: raise its limits, add nodes, or end sessions that nobody needs")
    }

    /// Room for something.
    struct Room {
        let bytes: Int
        let sessions: Int

        /// Whether another takes no less.
        func isWithin(_ other: Room) -> Bool { bytes <= other.bytes && sessions <= other.sessions }
    }

    /// Room that could not be made, though all was looked at that may make some.
    struct Refusal {
        /// So long it holds: meanwhile a session may reach its deadline.
        private static let lifetime = Duration.milliseconds(100)

        /// As much of what was wanted as could not be had: who wants no less needn't look again.
        let room: Room
        let at: Timestamp

        func holds(at now: Timestamp) -> Bool { at - Self.lifetime < now && now < at + Self.lifetime }
    }

    /// What has ended: first by a deadline, then by a revoke, the oldest first.
    private func endedByAge(at now: Timestamp, keeping id: IDHash?) -> [IDHash] {
        var expired: [(at: Timestamp, id: IDHash)] = []
        var revoked: [(at: Timestamp, id: IDHash)] = []
        for (key, record) in records where key != id && !record.isLeaving {
            switch standing(of: record.session, at: now) {
            case .live: break
            case .expired: expired.append((record.session.deadlines.nearest?.moment ?? now, key))
            case .revoked: revoked.append((session(key)?.revocation?.at ?? now, key))
            }
        }
        return [expired, revoked].flatMap { $0.sorted { ($0.at, $0.id) < ($1.at, $1.id) }.map(\.id) }
    }

    private func anonymousByUse(at now: Timestamp, keeping id: IDHash?) -> [IDHash] {
        let anonymous = records.filter { key, record in
            record.session.user == nil && key != id && !record.isLeaving
                && standing(of: record.session, at: now) == .live
        }
        return anonymous.values.map(\.session).sorted { ($0.seen, $0.id) < ($1.seen, $1.id) }.map(\.id)
    }

    /// Whether room is made when all of these are gone.
    private func isEnough(_ ids: [IDHash], for room: Room) -> Bool {
        let freed = ids.reduce(0) { $0 + (records[$1]?.session.memoryByteCount ?? 0) }
        return hasRoom(forBytes: room.bytes - freed, sessions: room.sessions - ids.count)
    }

    /// Removes as many of these as it takes, the first ones first, and then up to a portion more.
    @discardableResult
    private mutating func drop(_ ids: [IDHash], for room: Room, at now: Timestamp) -> Int {
        guard let limits else { return 0 }
        let spare = Room(bytes: limits.bytes / Self.portions, sessions: limits.sessions / Self.portions)
        var freed = 0
        var count = 0
        for id in ids {
            let (bytes, sessions) = (room.bytes - freed, room.sessions - count)
            if hasRoom(forBytes: bytes + spare.bytes, sessions: sessions + spare.sessions) { break }
            freed += records[id]?.session.memoryByteCount ?? 0
            count += 1
        }
        remove(Array(ids.prefix(count)), at: now)
        return count
    }

    /// Keeps the feed within its length: whoever is further behind has missed entries, and is told so.
    mutating func trimFeed() {
        guard let limits, feed.count > limits.history * 9 / 8 else { return }
        let surplus = feed.count - limits.history
        feedStart = feed[surplus - 1].position
        feed.removeFirst(surplus)
    }

    /// Keeps the removals within their length: whoever is further behind must read all rows again.
    mutating func trimRemovals() {
        guard let limits, removals.count > limits.history * 9 / 8 else { return }
        let surplus = removals.count - limits.history
        changeStart = removals[surplus - 1].change
        removals.removeFirst(surplus)
    }

    /// Remembers that a session was revoked that isn't here, so that it is refused should it come.
    mutating func deny(_ id: IDHash, _ revocation: Revocation) {
        if denied.count >= MemoryLimits.mostDenied, denied[id] == nil,
            let oldest = denied.min(by: { $0.value.at < $1.value.at })?.key
        {
            denied[oldest] = nil
        }
        denied[id] = denied[id] ?? revocation
    }
}
