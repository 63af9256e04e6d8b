internal import GRDB
public import Sessions

/// Looking at one session, at a user's, at all.
extension SQLiteStore {
    /// One session with its payload as stored, and where it lies; `nil` where there is none.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        guard let stored = try readers.one({ try $0.session(id, in: namespaceNumber) }) else { return nil }
        let session = stored.session
        var detail = SessionDetail(row: SessionRow(stored), namespace: namespace, location: stored.location(namespace))
        detail.version = session.version
        detail.authenticated = session.authenticated
        detail.revocation = session.revocation
        detail.tenant = session.tenant
        detail.client = session.client
        detail.payload = session.payload
        return detail
    }

    /// The sessions whose handle begins so, in the order of handles.
    public func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        try readers.one { db in
            try db.all(
                "SELECT id_hash FROM sessions WHERE ns = ?1 AND id_hash BETWEEN ?2 AND ?3 ORDER BY id_hash LIMIT ?4",
                [
                    .integer(namespaceNumber), .id(prefix.lowerBound), .id(prefix.upperBound),
                    .integer(Int64(max(0, limit))),
                ]
            ) { try $0.id(0) }
        }
    }

    /// The live sessions of one user, by exact bytes, the oldest first.
    public func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        try await readers.snapshot { [namespaceNumber] db in
            try db.all(
                """
                SELECT id_hash FROM sessions WHERE ns = ?1 AND user = ?3 AND \(CutoffQuery.isLive(at: "?2")) ORDER BY number
                """, [.integer(namespaceNumber), .moment(now), .text(user)]
            ) { try $0.id(0) }
        }
    }
}

extension SessionRow {
    fileprivate init(_ stored: StoredSession) {
        let session = stored.session
        self.init(id: session.id, state: stored.isCut && session.state == .live ? .revoked : session.state)
        user = session.user
        created = session.created
        seen = session.seen
        deadlines = session.deadlines
        ip = session.ip
        agent = session.agent
        node = session.node
        byteCount = session.payload.bytes.count
        revokedAt = session.revocation?.at
    }
}

extension StoredSession {
    fileprivate func location(_ namespace: String) -> [(name: String, value: String)] {
        func moment(_ moment: Timestamp?) -> String { moment.map { "\($0) (\($0.milliseconds))" } ?? "NULL" }
        return [
            ("table", "sessions"), ("number", "\(number)"), ("namespace", namespace), ("state", session.state.rawValue),
            ("idle_deadline", moment(session.deadlines.idle)),
            ("absolute_deadline", moment(session.deadlines.absolute)),
            ("revoked_at", moment(session.revocation?.at)), ("epoch", "\(session.epoch)"), ("change", "\(change)"),
        ]
    }
}
