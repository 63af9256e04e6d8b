internal import GRDB
public import Sessions

/// Looking at one session, at a user's, at all.
extension SQLiteStore {
    /// One session with its payload as stored, and where it lies; `nil` where there is none.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        guard let stored = try readers.one({ try $0.session(id, in: namespaceNumber) }) else { return nil }
        let session = stored.session
        let row = SessionRow(session, isCut: stored.isCut, byteCount: session.payload.bytes.count)
        return SessionDetail(
            row: row, session: session, payload: session.payload, namespace: namespace,
            location: stored.location(namespace))
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
