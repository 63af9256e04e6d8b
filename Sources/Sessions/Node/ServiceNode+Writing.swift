internal import Synchronization

extension ServiceNode {
    /// Creates a session: of an anonymous visitor, or of somebody who signed in without having had one.
    ///
    /// - Parameters:
    ///   - user: who signed in; `nil`: an anonymous visitor.
    ///   - tenant: the tenant, where there are several.
    ///   - client: the client application, where there are several.
    ///   - payload: the application's state.
    ///   - request: who sent the request.
    /// - Returns: the session, and the id for its client.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`.
    public func begin(
        user: String? = nil, tenant: String? = nil, client: String? = nil, payload: [UInt8] = [],
        request: RequestInfo = RequestInfo()
    ) async throws -> NewSession {
        let (id, session) = try await fresh(user: user, tenant: tenant, client: client, request: request)
        let sealed = try seal(payload, into: session)
        try await trying { try await self.store.insert(sealed) }
        if user != nil { count(.signIns) }
        return made(id, session, payload)
    }

    /// Signs somebody in: under a new id, while the visitor's old session, where there is one, ends in the same step.
    ///
    /// - Parameters:
    ///   - old: the visitor's session so far; one that has ended, or never was, is no obstacle.
    ///   - user: who has proved who they are.
    ///   - tenant: the tenant, where there are several.
    ///   - client: the client application, where there are several.
    ///   - payload: the application's state; nothing of the old session is taken over but by the caller.
    ///   - request: who sent the request.
    /// - Returns: the session, and the id for its client.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`: then nobody is signed in.
    public func signIn(
        from old: SessionID?, user: String, tenant: String? = nil, client: String? = nil, payload: [UInt8] = [],
        request: RequestInfo = RequestInfo()
    ) async throws -> NewSession {
        let (id, session) = try await fresh(user: user, tenant: tenant, client: client, request: request)
        let sealed = try seal(payload, into: session)
        if let old, case .rotated = try await rotate(old.hash, to: sealed, reason: "sign-in") {
            count(.signIns)
            return made(id, session, payload)
        }
        try await trying { try await self.store.insert(sealed) }
        count(.signIns)
        return made(id, session, payload)
    }

    /// Gives a live session a new id: its state, user and absolute deadline stay.
    ///
    /// A save of the old session between the read and the change of the id is lost; it was made under the old id.
    ///
    /// - Parameters:
    ///   - old: the session.
    ///   - reauthenticated: whether the user has just proved again who they are: then both deadlines begin anew.
    ///   - request: who sent the request.
    /// - Returns: the session under its new id; `nil` where the old one isn't live.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`, and what opening the payload throws.
    public func renew(
        _ old: SessionID, reauthenticated: Bool = false, request: RequestInfo = RequestInfo()
    ) async throws -> NewSession? {
        let now = time.wall()
        guard let loaded = try await trying({ try await self.store.load(old.hash, at: now) }), loaded.standing == .live
        else { return nil }
        let before = loaded.session
        let payload = try sealer.open(before.payload, id: before.id, version: before.version)
        var (id, session) = try await fresh(
            user: before.user, tenant: before.tenant, client: before.client, request: request)
        session.created = before.created
        if !reauthenticated {
            session.authenticated = before.authenticated
            session.deadlines = before.deadlines
            session.deadlines.touch(at: now, idle: policy.lifetime(of: before.user).idle)
        }
        guard case .rotated = try await rotate(old.hash, to: seal(payload, into: session), reason: "renewal") else {
            return nil
        }
        return made(id, session, payload)
    }

    /// Saves a session's new state, where the session is live and nobody has saved since it was read.
    ///
    /// - Parameters:
    ///   - payload: the new state.
    ///   - served: the session as it was read.
    /// - Returns: what became of it. A conflict: load again and merge. A refusal: the session has ended; nothing was
    ///   written, every copy here was dropped, and the alarm is counted.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`: then nobody knows.
    public func save(_ payload: [UInt8], for served: ServedSession) async throws -> SaveOutcome {
        let id = served.id
        let sealed = try sealer.seal(payload, id: id, version: served.version + 1)
        let outcome: SaveOutcome
        let began = time.wall()
        do {
            outcome = try await store.save(sealed, of: id, replacing: served.version, at: began)
        } catch {
            state.withLock { _ = $0.cache.invalidate(id) }
            // Whether it was written is not known: a copy may be older.
            await tellSharedCache(.drop, of: id)
            throw SessionsError.unavailable(because: error)
        }
        apply(outcome, of: payload, to: id, replacing: served.version)
        await share(outcome, of: payload, for: served, began: began)
        return outcome
    }

    /// Ends a session because its user asked.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`: then it has not ended; say so.
    @discardableResult
    public func signOut(_ id: IDHash) async throws -> Revoked {
        let revoked = try await revoke(id, by: "sign-out", reason: nil)
        if revoked.outcome == .revoked { count(.signOuts) }
        return revoked
    }

    /// Ends a session.
    ///
    /// It is durable when this returns, and effective on this node; ``EffectivenessWatch`` tells when it is everywhere.
    ///
    /// - Parameters:
    ///   - id: the session.
    ///   - by: who ends it.
    ///   - reason: why.
    /// - Returns: what was found.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`: then it has not ended.
    @discardableResult
    public func revoke(_ id: IDHash, by: String, reason: String?) async throws -> Revoked {
        let revoked = try await trying { try await self.store.revoke(id, by: by, reason: reason, at: self.time.wall()) }
        await end(id)
        return revoked
    }

    /// Refuses everything issued before now within a scope: "sign out everywhere".
    ///
    /// - Parameters:
    ///   - scope: whom it applies to.
    ///   - by: who sets it.
    ///   - reason: why.
    /// - Returns: the cut-off; effective on this node at once.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`: then it isn't set.
    @discardableResult
    public func cutOff(_ scope: CutoffScope, by: String, reason: String?) async throws -> Cutoff {
        let cutoff = try await trying {
            try await self.store.cutOff(scope, by: by, reason: reason, at: self.time.wall())
        }
        state.withLock { $0.cache.insert(cutoff) }
        return cutoff
    }

    private func fresh(
        user: String?, tenant: String?, client: String?, request: RequestInfo
    ) async throws -> (id: SessionID, session: Session) {
        let id = SessionID()
        var session = Session(
            id: id.hash, user: user, tenant: tenant, client: client, created: time.wall(),
            lifetime: policy.lifetime(of: user))
        session.ip = request.ip
        session.agent = request.agent
        session.node = self.id
        session.epoch = try await epoch(for: user)
        return (id, session)
    }

    /// A bound from below of the epoch that the store gives a session that is made after this.
    ///
    /// Tokens that are bound to the session, and copies of what is saved in the same request, take it over: what was cut
    /// off before doesn't touch them, what is cut off from now on does. No token is bound to an anonymous session, and for
    /// its copies what this node has applied will do.
    private func epoch(for user: String?) async throws -> FeedPosition {
        guard user != nil else { return applied ?? .start }
        let page = try await trying { try await self.store.feed(after: .start, limit: 0) }
        return page.end
    }

    private func seal(_ payload: [UInt8], into session: Session) throws -> Session {
        var session = session
        session.payload = try sealer.seal(payload, id: session.id, version: session.version)
        return session
    }

    private func made(_ id: SessionID, _ session: Session, _ payload: [UInt8]) -> NewSession {
        var session = session
        session.payload = Payload(bytes: payload)
        return NewSession(id: id, served: ServedSession(copy: copy(session), tier: .database))
    }

    private func rotate(_ old: IDHash, to successor: Session, reason: String) async throws -> RotateOutcome {
        let outcome = try await trying {
            try await self.store.rotate(old, to: successor, reason: reason, at: self.time.wall())
        }
        if case .rotated = outcome { await end(old) } else { state.withLock { _ = $0.cache.invalidate(old) } }
        return outcome
    }

    private func apply(_ outcome: SaveOutcome, of payload: [UInt8], to id: IDHash, replacing version: Int64) {
        let now = time.monotonic()
        state.withLock { state in
            switch outcome {
            case .saved(let newVersion):
                state.cache.rare[.saves] += 1
                state.cache.saved(payload, of: id, replacing: version, as: newVersion)
            case .conflict:
                state.cache.rare[.conflicts] += 1
                state.cache.invalidate(id)
            case .refused(let ended):
                state.cache.refuseWrite(id, ended, at: now)
                state.touches.remove(id)
            }
        }
    }

    /// A session has ended by this node's doing.
    private func end(_ id: IDHash) async {
        let now = time.monotonic()
        state.withLock { state in
            state.cache.markRevoked(id, at: now)
            state.touches.remove(id)
        }
        await tellSharedCache(.bury, of: id)
    }

    private func count(_ name: Counters.Name) { state.withLock { $0.cache.rare[name] += 1 } }

    private func trying<Result: Sendable>(_ body: @Sendable () async throws -> Result) async throws -> Result {
        if state.withLock({ $0.isAbandoned }) { throw Self.gone }
        do { return try await body() } catch { throw SessionsError.unavailable(because: error) }
    }
}
