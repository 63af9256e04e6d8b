public import Sessions

/// The request path.
extension PostgresStore {
    /// Creates a session under an id that was just made.
    ///
    /// - Throws: ``SessionsError`` with `idExists` where the id is taken, `storeFull`, `readOnly`.
    public func insert(_ session: Session) async throws {
        try await write { try $0.insert(session) }
    }

    /// Reads one session, with its standing at a moment.
    ///
    /// - Throws: ``SessionsError`` with `refused` where the role may not read payloads.
    public func load(_ id: IDHash, at now: Timestamp) async throws -> LoadedSession? {
        try await use { [context] link in
            try link.run([StoredSession.whole(context.ns, .id(id))])[0].first { columns in
                let stored = try StoredSession(columns)
                return LoadedSession(session: stored.session, standing: stored.standing(at: now))
            }
        }
    }

    /// Records that sessions were used, in one transaction and one round trip.
    public func touch(_ touches: [Touch]) async throws -> [TouchOutcome] {
        guard !touches.isEmpty else { return [] }
        return try await write { try $0.touch(touches) }
    }

    /// Writes a new payload, where the session is live and has the version that was read.
    public func save(
        _ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp
    ) async throws -> SaveOutcome {
        try await write { try $0.save(payload, of: id, replacing: version, at: now) }
    }

    /// Ends a session and creates its successor in one transaction.
    ///
    /// - Throws: ``SessionsError`` with `idExists` where the new id is taken; then the old session is untouched.
    public func rotate(
        _ id: IDHash, to successor: Session, reason: String, at now: Timestamp
    ) async throws -> RotateOutcome {
        try await write { try $0.rotate(id, to: successor, Revocation(at: now, by: "rotation", reason: reason)) }
    }

    /// Ends one session, for good.
    public func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked {
        try await write { try $0.revoke(id, Revocation(at: now, by: by, reason: reason)) }
    }
}

/// Cut-offs and the feed.
extension PostgresStore {
    /// A cut-off's own time stands with the cut-off, which is kept for as long as its entry.
    private static let feedPage = Statement(
        "feed",
        """
        SELECT n.feed_start, n.feed_end, f.seq, f.at, f.kind, f.id_hash, f.scope, f.key, n.generation, (
            SELECT c.not_before FROM cutoffs AS c
            WHERE c.ns = n.id AND c.scope = f.scope AND c.key = f.key AND c.epoch = f.seq
        )
        FROM namespaces AS n
        LEFT JOIN LATERAL (SELECT * FROM feed WHERE ns = n.id AND seq > $2 ORDER BY seq LIMIT $3) AS f ON true
        WHERE n.id = $1 ORDER BY f.seq
        """)

    private static let begin = Statement(
        "begin_generation",
        """
        UPDATE namespaces SET generation = CASE WHEN generation > $2 THEN generation ELSE $3 END WHERE id = $1
        RETURNING generation
        """)

    /// Begins a new generation of copies in shared caches, unless a later one has begun already.
    public func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64 {
        let next = UInt64.generation(after: known, at: now)
        return try await use { [context] link in
            let order = Self.begin(context.ns, .integer(Int64(clamping: known)), .integer(Int64(clamping: next)))
            return UInt64(clamping: try link.run([order])[0].first { $0.integer(0) } ?? 0)
        }
    }

    /// Sets a cut-off.
    ///
    /// A user's live rows are marked as well, so that whoever follows the changes sees them end.
    public func cutOff(_ scope: CutoffScope, by: String, reason: String?, at now: Timestamp) async throws -> Cutoff {
        try await write { try $0.cutOff(scope, Revocation(at: now, by: by, reason: reason)) }
    }

    /// Denies single tokens, in one transaction and one round trip.
    public func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition {
        try await write { writer in
            let work = denials.isEmpty ? [] : writer.denying(denials, at: now)
            return WriteTransaction.position(in: try writer.link.run(work + [writer.feedEnd])[work.count])
        }
    }

    /// All cut-offs in force, and the feed's position they were read at.
    public func cutoffs() async throws -> (cutoffs: [Cutoff], position: FeedPosition) {
        try await use(urgent: true) { [context] link in
            let writer = WriteTransaction(link: link, context: context)
            let found = try link.run([.beginSnapshot, writer.feedEnd, CutoffQuery.all(context.ns), .commit])
            return (try found[2].map { try $0.cutoff() }, WriteTransaction.position(in: found[1]))
        }
    }

    /// Reads the feed past a position, in order, in one statement: it sees one moment.
    ///
    /// Where it ends, which every sign-in asks, is no lease's concern, and waits with the other requests.
    public func feed(after position: FeedPosition, limit: Int) async throws -> FeedPage {
        try await use(urgent: limit > 0) { [context] link in
            let found = try link.run([Self.feedPage(context.ns, .position(position), .limit(limit))])[0]
            var page: FeedPage?
            _ = try found.map { columns in
                page =
                    page
                    ?? FeedPage(
                        entries: [], end: columns.position(1), start: columns.position(0),
                        generation: UInt64(clamping: columns.integer(8)))
                if !columns.isNull(2) { page?.entries.append(try FeedEntry(columns)) }
            }
            guard let page else { throw SessionsError.namespaceLost }
            return page
        }
    }
}

extension FeedEntry {
    fileprivate init(_ columns: Columns) throws {
        let (seq, moment) = (columns.position(2), columns.moment(3))
        let event: Event
        switch columns.text(4) {
        case "revoked": event = .revoked(try columns.id(5))
        case "cutoff":
            let notBefore = columns.optionalMoment(9) ?? moment
            event = .cutoff(Cutoff(scope: try columns.scope(6, 7), notBefore: notBefore, epoch: seq))
        case "denied": event = .denied(TokenDenial(key: try columns.id(5)))
        default: event = .unknown
        }
        self.init(position: seq, event: event, at: moment)
    }
}
