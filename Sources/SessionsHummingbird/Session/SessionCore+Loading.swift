internal import Sessions
internal import Synchronization
internal import Tracing

extension SessionCore {
    /// Looks for the request's session.
    ///
    /// - Throws: `SessionsError` where nobody can tell: then the cookie stays as it is.
    nonisolated(nonsending) func open() async throws {
        switch FoundCookie(desk.settings.cookie.name, in: cookies) {
        case .none: desk.metrics.count(.none)
        case .several:
            // Neither is removed: the client would be left with the one that was planted.
            suspect(.ambiguousCookie)
        case .oversized:
            suspect(.oversizedCookie)
            drop()
        case .one(let text):
            guard let id = SessionID(text: text) else {
                suspect(.malformedCookie)
                return drop()
            }
            try await open(id.hash, clientHolds: id)
        }
    }

    private func suspect(_ attack: Attack) {
        node.countSuspicious()
        desk.settings.attacks.count(attack)
        desk.metrics.count(.refusedCookie)
    }

    /// Looks for a session by its hash.
    ///
    /// - Throws: `SessionsError` where nobody can tell.
    nonisolated(nonsending) func open(_ hash: IDHash, clientHolds id: SessionID?) async throws {
        let seen = desk.versions.read(fields, cookies)
        let freshness = desk.versions.freshness(for: seen)
        state.withLock { $0.seen = seen }
        if let served = node.recall(hash, freshness: freshness) {
            desk.metrics.count(.l1)
            return accept(Live(id: id, served: served))
        }
        let began = MonotonicInstant.now
        let answer = await withSpan("session.load") { _ in
            await node.load(hash, request: request, freshness: freshness)
        }
        desk.metrics.count(answer.load, since: began)
        switch answer {
        case .live(let served): accept(Live(id: id, served: served))
        case .refused(let state): refuse(state)
        case .suspicious: drop()
        case .unavailable(let error): throw error
        }
    }

    private func accept(_ live: Live) {
        state.withLock { state in
            state.live = live
            guard let affinity = desk.settings.affinity else { return }
            switch affinity.read(cookies, for: live.served.id) {
            case .made(let node): state.maker = node
            case .absent: state.changes.affinity = live.served.id
            case .forged:
                desk.settings.attacks.count(.forgedAffinity)
                state.changes.affinity = live.served.id
            }
        }
    }

    /// The request goes on as nobody's.
    private func refuse(_ state: SessionState?) {
        switch state {
        case nil: desk.settings.attacks.count(.unknownSession)
        case .revoked: desk.settings.attacks.count(.endedSession)
        case .expired, .live: break
        }
        drop()
    }

    /// Reads the session again, because it was changed meanwhile.
    ///
    /// - Throws: `SessionsError` with `sessionEnded`, or where nobody can tell.
    nonisolated(nonsending) func reload(_ freshness: Freshness) async throws {
        guard let live else { throw Self.ended }
        switch await node.load(live.served.id, request: request, freshness: freshness) {
        case .live(let served): state.withLock { $0.live?.served = served }
        case .refused, .suspicious:
            drop()
            throw Self.ended
        case .unavailable(let error): throw error
        }
    }

    static let ended = SessionsError(.sessionEnded, "the session has ended meanwhile: sign in again")
}

extension Answer {
    fileprivate var load: SessionMetrics.Load {
        switch self {
        case .live(let session):
            switch session.tier {
            case .l1: .l1
            case .l2: .l2
            case .database: .database
            }
        case .refused(.revoked): .revoked
        case .refused(.some): .expired
        case .refused(nil): .unknown
        case .suspicious: .refusedCookie
        case .unavailable: .unavailable
        }
    }
}
