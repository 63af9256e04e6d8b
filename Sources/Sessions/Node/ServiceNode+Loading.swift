internal import Synchronization

extension ServiceNode {
    /// Looks up the session of a request by the text of its cookie or bearer token.
    ///
    /// - Parameters:
    ///   - text: from the client, of any form.
    ///   - request: who sent it; recorded with the session's use, at most once in a tenth of the idle time.
    ///   - freshness: how new the state has to be.
    /// - Returns: what to answer.
    public nonisolated(nonsending) func load(
        _ text: some StringProtocol, request: RequestInfo = RequestInfo(), freshness: Freshness = .anyCopy
    ) async -> Answer {
        guard let id = SessionID(text: text) else {
            countSuspicious()
            return .suspicious
        }
        return await load(id.hash, request: request, freshness: freshness)
    }

    /// Counts a request that was refused before anything was looked up: its cookie can't be one of ours.
    public func countSuspicious() { state.withLock { $0.cache.rare[.suspicious] += 1 } }

    /// Looks up the session of a request by its id.
    public nonisolated(nonsending) func load(
        _ id: SessionID, request: RequestInfo = RequestInfo(), freshness: Freshness = .anyCopy
    ) async -> Answer {
        await load(id.hash, request: request, freshness: freshness)
    }

    /// Looks up the session of a request by the hash of its id.
    @inlinable
    public nonisolated(nonsending) func load(
        _ id: IDHash, request: RequestInfo = RequestInfo(), freshness: Freshness = .anyCopy
    ) async -> Answer {
        if let served = recall(id, freshness: freshness) { return .live(served) }
        return await ask(id, request: request, freshness: freshness)
    }

    /// Serves a session from the memory of the process, where that is all there is to do: without waiting, in the time
    /// of a look at the clock and one look-up.
    ///
    /// ``load(_:request:freshness:)-(IDHash,_,_)`` begins with it.
    ///
    /// - Returns: `nil` where memory can't decide, or where the use is to be recorded: then load it.
    public func recall(_ id: IDHash, freshness: Freshness = .anyCopy) -> ServedSession? {
        let now = time.monotonic()
        let copy = state.withLock { state in
            let copy = state.cache.recall(id, notBefore: freshness.oldest, at: now)
            if copy != nil { sampleHit(&state, since: now) }
            return copy
        }
        return copy.map { ServedSession(copy: $0, tier: .l1) }
    }

    @usableFromInline
    nonisolated(nonsending) func ask(_ id: IDHash, request: RequestInfo, freshness: Freshness) async -> Answer {
        let began = time.monotonic()
        var mayJoin = freshness != .latest
        while true {
            switch step(id, request: request, notBefore: freshness.oldest, mayJoin: mayJoin, at: began) {
            case .answer(let answer): return answer
            case .join(let flight):
                switch await join(flight, notBefore: freshness.oldest) {
                case .answer(let answer): return record(answer, since: began)
                case .leftAlone: break
                case .cameTooEarly: mayJoin = false
                }
            case .load(let ticket, let flight):
                return record(await read(ticket, for: flight, request: request), since: began)
            }
        }
    }

    /// A read of the database that several requests wait for.
    typealias Flight = Landing<ReadOutcome>

    /// What came of a read of the database.
    enum ReadOutcome: Sendable {
        /// The database answered.
        case resolved(NodeCache.Resolution)
        /// It did not: everybody who waited is told so, and nothing is remembered.
        case failed(SessionsError)
        /// Whoever read has gone away: read again.
        case abandoned
    }

    private enum Step {
        case answer(Answer)
        case join(Flight)
        case load(NodeCache.FillTicket, Flight?)
    }

    /// Decides what to do, without waiting: a hit in L1 ends here.
    private func step(
        _ id: IDHash, request: RequestInfo, notBefore oldest: Int64, mayJoin: Bool, at now: MonotonicInstant
    ) -> Step {
        state.withLock { state in
            if state.isAbandoned {
                state.cache.rare[.errors] += 1
                return .answer(.unavailable(Self.gone))
            }
            switch state.cache.read(id, notBefore: oldest, mayJoin: mayJoin, at: now) {
            case .serve(let copy, let touchIsDue):
                if touchIsDue { state.touches.add(touch(copy, request)) }
                sampleHit(&state, since: now)
                return .answer(.live(ServedSession(copy: copy, tier: .l1)))
            case .refuse(let ended): return .answer(.refused(ended))
            case .join(let ticket):
                if let flight = state.flights[ticket.number] { return .join(flight) }
                return .load(ticket, nil)
            case .load(let ticket):
                let flight = ticket.mayFill ? Flight() : nil
                state.flights[ticket.number] = flight
                return .load(ticket, flight)
            }
        }
    }

    private enum Joined {
        case answer(Answer)
        /// Whoever read has gone away.
        case leftAlone
        /// What was read is older than what the client has seen.
        case cameTooEarly
    }

    private func join(_ flight: Flight, notBefore oldest: Int64) async -> Joined {
        switch try? await flight.value() {
        case .resolved(.live(let copy, _, _)) where copy.session.version < oldest: .cameTooEarly
        case .resolved(let resolution): .answer(settle(resolution, request: nil))
        case .failed(let error): .answer(unavailable(error))
        case .abandoned: .leftAlone
        case nil: .answer(unavailable(Self.cancelled))
        }
    }

    /// Asks the shared cache, where there is one, and then the database, for a request and for those that wait with it.
    private func read(_ ticket: NodeCache.FillTicket, for flight: Flight?, request: RequestInfo) async -> Answer {
        guard let sharedCache else { return await read(ticket, filling: nil, for: flight, request: request) }
        switch await consult(sharedCache, ticket) {
        case .answered(let resolution):
            _ = state.withLock { $0.flights.removeValue(forKey: ticket.number) }
            flight?.land(.resolved(resolution))
            return settle(resolution, request: request)
        case .readDatabase(let fill): return await read(ticket, filling: fill, for: flight, request: request)
        }
    }

    /// Reads the database.
    private func read(
        _ ticket: NodeCache.FillTicket, filling fill: NodeCache.SharedFill?, for flight: Flight?, request: RequestInfo
    ) async -> Answer {
        do {
            let (found, began) = try await gate.withTurn { try await self.find(ticket.id) }
            let (now, wall) = (time.monotonic(), time.wall())
            let (resolution, write) = state.withLock { state in
                state.flights[ticket.number] = nil
                let write = state.cache.share(found, holding: fill, ticket, began: began, wall: wall)
                return (state.cache.complete(ticket, with: found, at: now, wall: wall), write)
            }
            flight?.land(.resolved(resolution))
            if let write, let fill { await self.fill(write, holding: fill.lease) }
            return settle(resolution, request: request)
        } catch {
            let isCancelled = error is CancellationError || Task.isCancelled
            let failure = isCancelled ? Self.cancelled : SessionsError.unavailable(because: error)
            state.withLock { state in
                state.flights[ticket.number] = nil
                state.cache.fail(ticket, wasAsked: !isCancelled && failure.code != .busy)
            }
            flight?.land(isCancelled ? .abandoned : .failed(failure))
            return unavailable(failure)
        }
    }

    /// Reads one session from the database and opens its payload.
    ///
    /// Answers when the read began, too: no younger is what it says.
    private func find(_ id: IDHash) async throws -> (found: NodeCache.Found, began: Timestamp) {
        let began = time.wall()
        guard let loaded = try await store.load(id, at: began) else { return (.ended(nil), began) }
        guard loaded.standing == .live else { return (.ended(loaded.standing), began) }
        var session = loaded.session
        session.payload = Payload(bytes: try sealer.open(session.payload, id: id, version: session.version))
        return (.live(copy(session)), began)
    }

    /// Counts an answer, and records the use where it is due.
    private func settle(_ resolution: NodeCache.Resolution, request: RequestInfo?) -> Answer {
        state.withLock { state in
            guard let request else {
                state.cache.settle(resolution.withoutTouch)
                return resolution.answer
            }
            state.cache.settle(resolution)
            if case .live(let copy, true, _) = resolution { state.touches.add(touch(copy, request)) }
            return resolution.answer
        }
    }

    private func unavailable(_ error: SessionsError) -> Answer {
        state.withLock { $0.cache.rare[.errors] += 1 }
        return .unavailable(error)
    }

    private func record(_ answer: Answer, since began: MonotonicInstant) -> Answer {
        let duration = time.monotonic() - began
        state.withLock { $0.latency.record(duration) }
        return answer
    }

    /// One hit in 64 is timed, and stands for all of them: a second look at the clock would cost half as much as the hit.
    private func sampleHit(_ state: inout State, since began: MonotonicInstant) {
        guard state.cache.hits & 63 == 1 else { return }
        state.latency.record(time.monotonic() - began, weight: 64)
    }

    private func touch(_ copy: SessionCopy, _ request: RequestInfo) -> Touch {
        Touch(
            id: copy.session.id, at: time.wall(), idle: policy.lifetime(of: copy.session.user).idle, ip: request.ip,
            agent: request.agent, node: id)
    }

    /// A copy for L1 of a session whose payload is opened.
    func copy(_ session: Session) -> SessionCopy {
        let affinity = state.withLock { $0.affinity }
        return SessionCopy(
            session, isStray: affinity?.owner(of: session.id).map { !$0.hasBytes(of: id) } ?? false)
    }

    static let gone = SessionsError(.unavailable, "this node has ended")
    static let cancelled = SessionsError(.unavailable, "the request was cancelled")
}

extension NodeCache.Resolution {
    /// Whoever waits with another leaves the recording of the use to them.
    fileprivate var withoutTouch: Self {
        if case .live(let copy, _, let tier) = self { .live(copy, touchIsDue: false, from: tier) } else { self }
    }

    fileprivate var answer: Answer {
        switch self {
        case .live(let copy, _, let tier): .live(ServedSession(copy: copy, tier: tier))
        case .refused(let state): .refused(state)
        }
    }
}

extension SessionsError {
    /// The error as it is, or, for one of another kind, that nobody can tell.
    static func unavailable(because error: any Error) -> SessionsError {
        switch error {
        case let error as SessionsError: error
        case is CancellationError: ServiceNode.cancelled
        default: SessionsError(.unavailable, "the store gave no answer: see whether it can be reached", cause: error)
        }
    }
}
