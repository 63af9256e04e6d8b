public import Sessions

/// Looking at one session, at a user's, at all.
extension PostgresStore {
    private static let found = Statement(
        "find",
        """
        SELECT id_hash FROM sessions WHERE ns = $1 AND id_hash BETWEEN $2 AND $3 ORDER BY id_hash LIMIT $4
        """)
    private static let ofUser = Statement(
        "of_user",
        """
        SELECT s.id_hash FROM sessions AS s WHERE s.ns = $1 AND s.username = $3 AND \(CutoffQuery.isLive(at: "$2"))
        ORDER BY s.number
        """)

    /// One session with its payload as stored, where the role may read it, and where it lies; `nil` where there is
    /// none.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        let query = readsPayloads ? StoredSession.whole : StoredSession.withoutPayload
        let stored = try await use { [context] link in
            try link.run([query(context.ns, .id(id))])[0].first { try StoredSession($0) }
        }
        guard let stored else { return nil }
        let session = stored.session
        return SessionDetail(
            row: SessionRow(session, isCut: stored.isCut, byteCount: stored.payloadSize), session: session,
            payload: readsPayloads ? session.payload : nil, namespace: context.namespace,
            location: stored.location(context.namespace))
    }

    /// The sessions whose handle begins so, in the order of handles.
    public func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        try await use { [context] link in
            try link.run([
                Self.found(context.ns, .id(prefix.lowerBound), .id(prefix.upperBound), .limit(limit))
            ])[0].map { try $0.id(0) }
        }
    }

    /// The live sessions of one user, by exact bytes, the oldest first.
    public func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        try await use { [context] link in
            try link.run([Self.ofUser(context.ns, .moment(now), .text(user))])[0].map { try $0.id(0) }
        }
    }
}

extension StoredSession {
    fileprivate func location(_ namespace: String) -> [(name: String, value: String)] {
        func moment(_ moment: Timestamp?) -> String { moment.map { "\($0) (\($0.milliseconds))" } ?? "NULL" }
        return [
            ("table", "sessions"), ("number", "\(number)"), ("namespace", namespace),
            ("state", session.state.rawValue), ("idle_deadline", moment(session.deadlines.idle)),
            ("absolute_deadline", moment(session.deadlines.absolute)),
            ("revoked_at", moment(session.revocation?.at)), ("epoch", "\(session.epoch)"),
        ]
    }
}
