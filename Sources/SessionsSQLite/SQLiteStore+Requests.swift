public import Sessions

/// The request path.
extension SQLiteStore {
    /// Creates a session under an id that was just made.
    ///
    /// - Throws: ``SessionsError`` with `idExists` where the id is taken, `storeFull`, `readOnly`.
    public func insert(_ session: Session) async throws {
        try await write { try $0.insert(session) }
    }

    /// Reads one session, with its standing at a moment.
    public func load(_ id: IDHash, at now: Timestamp) async throws -> LoadedSession? {
        let found = try readers.one { try $0.session(id, in: namespaceNumber) }
        return found.map { LoadedSession(session: $0.session, standing: $0.standing(at: now)) }
    }

    /// Records that sessions were used, in one transaction.
    public func touch(_ touches: [Touch]) async throws -> [TouchOutcome] {
        try await write { try $0.touch(touches) }
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
        try await write { try $0.rotate(id, to: successor, by: "rotation", reason: reason, at: now) }
    }

    /// Ends one session, for good.
    public func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked {
        try await write { transaction in
            let outcome = try transaction.revoke(id, Revocation(at: now, by: by, reason: reason)).outcome
            return Revoked(outcome: outcome, position: transaction.positions.feedEnd)
        }
    }
}

/// Cut-offs and the feed.
extension SQLiteStore {
    /// Sets a cut-off.
    ///
    /// A user's live rows are marked as well, so that whoever follows the changes sees them end.
    public func cutOff(_ scope: CutoffScope, by: String, reason: String?, at now: Timestamp) async throws -> Cutoff {
        let revocation = Revocation(at: now, by: by, reason: reason)
        return try await write { transaction in
            if case .user(let user) = scope {
                _ = try transaction.endAll(ofUser: user, revocation)
            } else {
                transaction.mustReloadChanges()
            }
            return try transaction.cutOff(scope, revocation)
        }
    }

    /// Denies single tokens.
    ///
    /// - Throws: ``SessionsError`` with `readOnly` or `storeFull`; then none is denied.
    public func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition {
        try await write { transaction in
            try transaction.deny(denials, at: now)
            return transaction.positions.feedEnd
        }
    }

    /// All cut-offs in force, and the feed's position they were read at.
    public func cutoffs() async throws -> (cutoffs: [Cutoff], position: FeedPosition) {
        try await readers.snapshot(urgent: true) { [namespaceNumber] db in
            (try db.cutoffs(in: namespaceNumber), try db.positions(of: namespaceNumber).feedEnd)
        }
    }

    /// Reads the feed past a position, in order.
    public func feed(after position: FeedPosition, limit: Int) async throws -> FeedPage {
        // Every sign-in asks where the feed ends: that is one statement, and nothing a lease should wait behind.
        guard limit > 0 else { return FeedPage(try readers.one { try $0.positions(of: namespaceNumber) }, []) }
        return try await readers.snapshot(urgent: true) { [namespaceNumber] db in
            let positions = try db.positions(of: namespaceNumber)
            return FeedPage(positions, try db.feed(after: position, limit: limit, in: namespaceNumber))
        }
    }

    /// Begins a new generation of copies in shared caches, unless a later one has begun already.
    public func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64 {
        try await write { transaction in
            if UInt64(clamping: transaction.positions.generation) <= known {
                transaction.positions.generation = Int64(clamping: UInt64.generation(after: known, at: now))
            }
            return UInt64(clamping: transaction.positions.generation)
        }
    }
}

extension FeedPage {
    fileprivate init(_ positions: Positions, _ entries: [FeedEntry]) {
        self.init(
            entries: entries, end: positions.feedEnd, start: positions.feedStart,
            generation: UInt64(clamping: positions.generation))
    }
}
