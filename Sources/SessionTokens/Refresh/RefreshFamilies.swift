public import Sessions

/// Issues refresh tokens, exchanges them, and ends their families: on any store of sessions.
///
/// A family is everything that one sign-in leads to: a chain of tokens of which one is good at a time. It is a session of
/// the store, so that an operator sees and revokes it as any other, and so that its end ends the access tokens that carry
/// its identity as `sid`.
///
/// A token is good once. Presented again within the grace it is answered with the same successor, so that two tabs that
/// refresh at once are unhurt; presented later it ends the family, because then there are two who hold it.
public struct RefreshFamilies: Sendable {
    /// So many times an exchange begins anew because another came between.
    private static let mostAttempts = 16

    /// How refresh tokens are treated.
    public let policy: RefreshPolicy
    let store: any SessionStore
    let sealer: PayloadSealer
    let time: TimeSource
    /// How long the access tokens live that go out with each token; `nil`: nobody counts them.
    let accessLife: Duration?
    /// Is told each family that was ended here, as soon as the store has it: those that were derived from another, too.
    var whenEnded: @Sendable (IDHash) -> Void = { _ in }
    private let auditLog: (any SessionDirectory)?
    private let node: String?

    /// Makes one.
    ///
    /// - Parameters:
    ///   - store: where families are kept, beside sessions.
    ///   - sealer: seals what families remember; the tokens themselves are kept by nobody.
    ///   - policy: how refresh tokens are treated.
    ///   - accessLife: how long the access token lives that is issued with each refresh token: then families tell how many
    ///     are in circulation. `nil`: there are none, or nobody counts them.
    ///   - time: the clocks.
    ///   - node: the name of this node, for lists.
    ///   - auditLog: gets an entry for each reuse; `nil`: the caller takes care of it.
    public init(
        store: any SessionStore, sealer: PayloadSealer, policy: RefreshPolicy = RefreshPolicy(),
        accessLife: Duration? = nil, time: TimeSource = .system, node: String? = nil,
        auditLog: (any SessionDirectory)? = nil
    ) {
        self.store = store
        self.accessLife = accessLife
        self.sealer = sealer
        self.policy = policy
        self.time = time
        self.node = node
        self.auditLog = auditLog
    }

    /// Exchanges a refresh token for its successor.
    ///
    /// - Parameters:
    ///   - text: from the client, of any form.
    ///   - client: the client application, once it has proved who it is.
    ///   - request: who sent the request; remembered with the successor.
    /// - Returns: the successor, or why there is none.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`: then nobody knows, and to ask again within the grace is
    ///   safe; and what opening a payload throws.
    public func refresh(
        _ text: some StringProtocol, client: String, request: RequestInfo = RequestInfo()
    ) async throws -> RefreshOutcome {
        guard let token = RefreshToken(text: text) else { return .refused(.unknown) }
        for _ in 0..<Self.mostAttempts {
            let use = use(of: request)
            guard let family = try await open(token.familyID, at: use.at) else { return .refused(.unknown) }
            if let outcome = try await exchange(token, of: family, client: client, use) { return outcome }
        }
        throw SessionsError(.busy, "a refresh token is exchanged by too many at once: ask again")
    }

    /// What a refresh token is worth now, without exchanging it.
    ///
    /// - Parameter text: from a client, of any form.
    /// - Returns: its family; `nil` where it would not be exchanged.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`, and what opening a payload throws.
    public func family(of text: some StringProtocol) async throws -> RefreshFamily? {
        guard let token = RefreshToken(text: text) else { return nil }
        let use = use(of: RequestInfo())
        guard let family = try await open(token.familyID, at: use.at), family.standing == .live,
            try await !hasEndedAncestor(family, at: use.at)
        else { return nil }
        switch family.record.decide(on: token, salt: [], grace: policy.grace, use: use).decision {
        case .rotate, .answerAgain: return family.shown(family.record, at: use.at)
        case .end: return nil
        }
    }

    func use(of request: RequestInfo) -> RefreshUse {
        RefreshUse(request, at: time.wall())
    }

    func touch(_ id: IDHash, _ use: RefreshUse) -> Touch {
        Touch(id: id, at: use.at, idle: policy.lifetime.idle, ip: use.ip, agent: use.agent, node: node)
    }

    /// Tries once; `nil`: another came between.
    private func exchange(
        _ token: RefreshToken, of family: OpenFamily, client: String, _ use: RefreshUse
    ) async throws -> RefreshOutcome? {
        guard family.standing == .live else { return .refused(.ended(family.standing)) }
        guard family.isOf(client: client) else { return .refused(.wrongClient) }
        guard try await !hasEndedAncestor(family, at: use.at) else {
            _ = try await end(
                family.session.id, by: Revocation.refreshActor, reason: "what it was derived from has ended")
            return .refused(.ended(.revoked))
        }
        let (decision, successor) = family.record.decide(
            on: token, salt: RefreshToken.random(), grace: policy.grace, use: use)
        switch decision {
        case .rotate(let record, _):
            return try await answer(successor, saving: record, of: family, use)
        case .answerAgain where accessLife == nil:
            return successor.map { .exchanged(family.shown(family.record, at: use.at), successor: $0) }
        case .answerAgain:
            // The refresh token is the same; the access token beside it is one more in circulation.
            return try await answer(successor, saving: family.record, of: family, use)
        case .end(let kind, let generation):
            return .refused(try await end(family, for: kind, generation: generation, use))
        }
    }

    /// Saves a record with the access token that goes out, and then gives the successor out.
    private func answer(
        _ successor: RefreshToken?, saving record: FamilyRecord, of family: OpenFamily, _ use: RefreshUse
    ) async throws -> RefreshOutcome? {
        guard let successor else { return nil }
        var record = record
        record.noteAccess(until: accessEnd(at: use.at), at: use.at)
        return try await save(record, of: family, use).map { refusal in
            refusal.map { .refused(.ended($0)) } ?? .exchanged(family.shown(record, at: use.at), successor: successor)
        }
    }

    /// When the access token expires that is issued with a token at a moment; `nil`: none is, or nobody counts.
    func accessEnd(at moment: Timestamp) -> Timestamp? { accessLife.map { TokenIssuer.issued(at: moment) + $0 } }

    /// Saves a record and moves the idle deadline.
    ///
    /// - Returns: the outer `nil`: another came between; the inner: it is saved; else how the family ended.
    private func save(_ record: FamilyRecord, of family: OpenFamily, _ use: RefreshUse) async throws -> SessionState?? {
        let session = family.session
        let payload = try sealer.seal(record.bytes, id: session.id, version: session.version + 1)
        switch try await store.save(payload, of: session.id, replacing: session.version, at: use.at) {
        case .conflict: return nil
        case .refused(let state): return .some(state ?? .revoked)
        case .saved: break
        }
        // It is exchanged: where the deadline can't be moved now, that is done with the next exchange.
        if case .refused(let state)? = try? await store.touch([touch(session.id, use)]).first {
            return .some(state ?? .revoked)
        }
        return .some(nil)
    }

    /// A token was presented that had been exchanged before.
    private func end(
        _ family: OpenFamily, for kind: RefreshReuse.Kind, generation: Int?, _ use: RefreshUse
    ) async throws -> RefreshOutcome.Refusal {
        let reuse = family.reuse(kind, generation: generation, use)
        let ended = try await end(
            family.session.id, by: Revocation.refreshActor, reason: Revocation.reuseReason("\(reuse)"))
        // Whoever ended it has told of it.
        guard ended.outcome == .revoked else { return .ended(.revoked) }
        // The family has ended, whether or not the log takes the entry: the caller has the reuse itself.
        if let auditLog { try? await reuse.record(in: auditLog) }
        return .reused(reuse)
    }
}
