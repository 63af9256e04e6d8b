/// Everything that a ``MemoryStore`` holds, as one value.
struct MemoryState: Sendable {
    /// A session, its place in lists and its last change.
    struct Record: Sendable {
        var session: Session
        let place: Int64
        var change: Int64
        /// From how many nodes it has come.
        var hops: Int64 = 0
        /// It is on its way to another node: nothing may change it here, nor may it be served.
        var isLeaving = false
    }

    var records: [IDHash: Record] = [:]
    /// The identities in the order in which the sessions were made; removed ones may still be among them.
    var places: [(place: Int64, id: IDHash)] = []
    /// For those who ask for them: the sessions that they ended are marked as revoked.
    var cutoffs = LatestCutoffs()
    var feed: [FeedEntry] = []
    var feedStart = FeedPosition.start
    var feedEnd = FeedPosition.start
    var generation: UInt64 = 0
    /// Whoever followed the changes to an earlier point than this must read all rows again.
    var changeStart: Int64 = 0
    var changeEnd: Int64 = 0
    var removals: [(change: Int64, id: IDHash, at: Timestamp)] = []
    var nodes: [[UInt8]: NodeReport] = [:]
    var samples: [CounterSample] = []
    var audit: [AuditEntry] = []
    var auditOutcomes: [Int64: [AuditOutcome]] = [:]
    /// What it may hold; `nil`: as much as there is.
    let limits: MemoryLimits?
    /// What all records take, roughly.
    private(set) var byteCount = 0
    var tally = MemoryTally()
    /// What last found no room; `nil` once something has changed that may make some.
    var refusal: Refusal?
    /// How often all sessions were looked at to make room.
    var looks = 0
    /// The node whose memory this is; `nil`: nobody's in particular.
    var owner: String?
    /// It takes no new sessions.
    var isClosed = false
    /// How many sessions are on their way to another node.
    var leavingCount = 0
    /// Sessions that went to other nodes.
    var gone: [IDHash: Departure] = [:]
    /// Sessions that were revoked before they came here.
    var denied: [IDHash: Revocation] = [:]
    private var lastPlace: Int64 = 0

    init(limits: MemoryLimits? = nil) { self.limits = limits }

    /// A session as it was last written; where a cut-off has ended it, that is its revocation.
    func session(_ id: IDHash) -> Session? { records[id]?.session }

    /// How a session that is held here stands.
    func standing(of session: Session, at now: Timestamp) -> SessionState {
        // A cut-off has marked what it ended, and what was issued after it is none of its business.
        session.standing(at: now, cutoffs: Cutoffs())
    }
}

// MARK: - Writing

extension MemoryState {
    mutating func insert(_ session: Session) throws {
        guard !isClosed else { throw SessionsError.isDraining }
        try requireUnknown(session.id)
        try makeRoom(for: session, at: session.created)
        add(session)
    }

    private func requireUnknown(_ id: IDHash) throws {
        guard records[id] == nil else { throw SessionsError.idTaken }
    }

    /// Adds a session that isn't there; its epoch becomes the feed's position now.
    mutating func add(_ session: Session, hops: Int64 = 0) {
        lastPlace += 1
        var issued = session
        issued.epoch = feedEnd
        records[session.id] = Record(session: issued, place: lastPlace, change: nextChange(), hops: hops)
        places.append((lastPlace, session.id))
        byteCount += issued.memoryByteCount
    }

    /// Removes sessions altogether.
    mutating func remove(_ ids: [IDHash], at now: Timestamp) {
        for id in ids {
            guard let record = records.removeValue(forKey: id) else { continue }
            byteCount -= record.session.memoryByteCount
            refusal = nil
            removals.append((nextChange(), id, now))
        }
        // Removed ones may stay among the places for a while: to take each out at once would cost a look at all.
        if places.count > 2 * records.count + 64 { places.removeAll { records[$0.id]?.place != $0.place } }
        trimRemovals()
    }

    mutating func touch(_ touch: Touch) -> TouchOutcome {
        let hasRoom = hasRoom(forBytes: touch.textByteCount)
        let standing = updateLive(touch.id, at: touch.at) { session in
            session.seen = max(session.seen, touch.at)
            session.deadlines.touch(at: touch.at, idle: touch.idle)
            guard hasRoom else { return }
            session.ip = touch.ip ?? session.ip
            session.agent = touch.agent ?? session.agent
            session.node = touch.node ?? session.node
        }
        guard standing == .live, let session = records[touch.id]?.session else { return .refused(standing) }
        return .touched(session.deadlines)
    }

    mutating func save(
        _ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp
    ) throws -> SaveOutcome {
        guard let session = records[id]?.session else { return .refused(nil) }
        let standing = standing(of: session, at: now)
        guard standing == .live else { return .refused(standing) }
        guard session.version == version else { return .conflict(version: session.version) }
        try makeRoom(forBytes: payload.bytes.count - session.payload.bytes.count, keeping: id, at: now)
        updateLive(id, at: now) {
            $0.payload = payload
            $0.version += 1
        }
        return .saved(version: version + 1)
    }

    mutating func rotate(_ id: IDHash, to successor: Session, reason: String, at now: Timestamp) throws -> RotateOutcome
    {
        guard let standing = session(id).map({ standing(of: $0, at: now) }) else { return .refused(nil) }
        guard standing == .live else { return .refused(standing) }
        try requireUnknown(successor.id)
        try makeRoom(for: successor, keeping: id, at: now)
        _ = revoke(id, Revocation(at: now, by: "rotation", reason: reason))
        add(successor)
        return .rotated
    }

    /// Ends a session with an entry in the feed, and answers what was found and whose it is.
    ///
    /// One whose deadline has passed is ended as well: that is so by somebody's clock, and a touch from before it may be
    /// under way still.
    mutating func revoke(_ id: IDHash, _ revocation: Revocation) -> (outcome: RevokeOutcome, user: String?) {
        guard let session = session(id) else { return (.notFound, nil) }
        let standing = standing(of: session, at: revocation.at)
        guard standing != .revoked else { return (.alreadyRevoked(session.revocation), session.user) }
        if session.state == .live {
            update(id) {
                $0.state = .revoked
                $0.revocation = revocation
            }
            appendToFeed(.revoked(id), at: revocation.at)
        }
        return (standing == .live ? .revoked : .expired(at: session.deadlines.nearest?.moment), session.user)
    }

    /// Changes a session where it is live.
    ///
    /// Answers how it stood.
    @discardableResult
    mutating func updateLive(_ id: IDHash, at now: Timestamp, _ change: (inout Session) -> Void) -> SessionState? {
        guard let standing = records[id].map({ standing(of: $0.session, at: now) }) else { return nil }
        if standing == .live { update(id, change) }
        return standing
    }

    /// The one way to change a session, for those who have looked how it stands.
    private mutating func update(_ id: IDHash, _ change: (inout Session) -> Void) {
        guard var record = records[id] else { return }
        let (state, bytes) = (record.session.state, record.session.memoryByteCount)
        change(&record.session)
        let growth = record.session.memoryByteCount - bytes
        byteCount += growth
        if growth < 0 || record.session.state != state { refusal = nil }
        record.change = nextChange()
        records[id] = record
    }

    mutating func nextChange() -> Int64 {
        changeEnd += 1
        return changeEnd
    }
}
