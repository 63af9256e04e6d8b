internal import Synchronization

// The shell around the shared cache: NodeCache decides, this waits.

extension ServiceNode {
    /// What the shared cache came to.
    enum Consulted {
        /// The request is answered.
        case answered(NodeCache.Resolution)
        /// The database must be read, and the answer put in where there is a fill.
        case readDatabase(NodeCache.SharedFill?)
    }

    /// Asks the shared cache for a request, where it may be asked.
    func consult(_ sharedCache: any SharedCache, _ ticket: NodeCache.FillTicket) async -> Consulted {
        let began = time.monotonic()
        var action = state.withLock { $0.cache.consult(ticket, at: began) }
        while true {
            switch action {
            case .answer(let resolution): return .answered(resolution)
            case .readDatabase(let fill): return .readDatabase(fill)
            case .look(let look, let lease): action = await self.look(look, leasing: lease, sharedCache)
            case .lookAgain(let look, let wait):
                try? await time.sleep(time.monotonic() + wait)
                action = await self.look(look, leasing: nil, sharedCache)
            }
        }
    }

    private func look(
        _ look: NodeCache.SharedLook, leasing lease: Duration?, _ sharedCache: any SharedCache
    ) async -> NodeCache.SharedAction {
        let found: NodeCache.SharedFound
        do {
            found = opened(try await inTime { try await sharedCache.read(look.key, leasing: lease) }, look.ticket.id)
        } catch {
            // Whoever has gone away says nothing about the cache.
            guard !Task.isCancelled else { return .readDatabase(nil) }
            found = Self.isAnswer(error) ? .refused : .failed(isTimeout: error is TookTooLong)
        }
        let (now, wall) = (time.monotonic(), time.wall())
        return state.withLock { $0.cache.take(found, of: look, at: now, wall: wall) }
    }

    private func opened(_ read: SharedRead, _ id: IDHash) -> NodeCache.SharedFound {
        switch read {
        case .live(let shared):
            guard let (session, until) = sealer.open(shared, id: id) else { return .unreadable }
            return .live(copy(session), until: until)
        case .tombstone: return .tombstone
        case .leased(let lease): return .leased(lease)
        case .taken: return .taken
        case .nothing: return .nothing
        }
    }
}

// MARK: - Writing

extension ServiceNode {
    /// Puts in what the database has answered.
    func fill(_ write: NodeCache.SharedWrite, holding lease: SharedLease) async {
        guard let sharedCache, let copy = try? sealer.seal(write.session, until: write.until) else { return }
        do {
            let isIn = try await inTime {
                try await sharedCache.fill(write.key, with: copy, holding: lease, for: write.life)
            }
            state.withLock { $0.cache.rare[isIn ? .l2Fill : .l2FillRefused] += 1 }
        } catch {
            note(error, writing: write.key)
        }
    }

    /// Tells the shared cache what became of a save.
    func share(_ outcome: SaveOutcome, of payload: [UInt8], for served: ServedSession, began: Timestamp) async {
        guard sharedCache != nil else { return }
        switch outcome {
        case .saved(let version):
            var session = served.session
            session.payload = Payload(bytes: payload)
            session.version = version
            await replace(served.version, with: session, began: began)
        // Whoever loads again to merge must find the newer one.
        case .conflict: await tellSharedCache(.drop, of: served.id)
        case .refused(let ended): await tellSharedCache(ended == .revoked ? .bury : .drop, of: served.id)
        }
    }

    private func replace(_ version: Int64, with session: Session, began: Timestamp) async {
        let (now, wall) = (time.monotonic(), time.wall())
        let key = state.withLock { $0.cache.shared?.writeKey(of: session.id, at: now) }
        guard let sharedCache, let key else { return await tellSharedCache(.drop, of: session.id) }
        let write = state.withLock { $0.cache.share(session, under: key, began: began, wall: wall) }
        let copy = write.flatMap { try? sealer.seal($0.session, until: $0.until) }
        do {
            try await inTime {
                try await sharedCache.replace(key, version: version, with: copy, for: write?.life ?? .zero)
            }
        } catch {
            note(error, writing: key)
            state.withLock { $0.cache.owe(.drop, for: session.id) }
        }
    }

    /// Tells the shared cache that a session ended or changed: now, or, where it doesn't answer, with the next flush.
    func tellSharedCache(_ debt: SharedDebts.Debt, of id: IDHash) async {
        guard let sharedCache else { return }
        let now = time.monotonic()
        let due = state.withLock { state in
            state.cache.owe(debt, for: id)
            return state.cache.dueDebt(of: id, at: now)
        }
        if let due { await pay(due, to: sharedCache) }
    }

    /// So many debts that can't be paid are tried in a row.
    private static let mostFailures = 16

    /// Tells the shared cache everything that it has missed: each thing once, so that none holds up the others.
    func payDebts() async {
        guard let sharedCache else { return }
        var (turns, failures) = (state.withLock { $0.cache.shared?.debts.count ?? 0 }, 0)
        while turns > 0, failures < Self.mostFailures, !Task.isCancelled {
            let now = time.monotonic()
            guard let due = state.withLock({ $0.cache.nextDebt(within: &turns, at: now) }) else { continue }
            if await !pay(due, to: sharedCache) { failures += 1 }
        }
    }

    /// Pays one debt; whether it was paid.
    @discardableResult
    private func pay(_ due: NodeCache.DueDebt, to sharedCache: any SharedCache) async -> Bool {
        let (key, debt, life) = (due.key, due.debt, policy.revokedLife(withShared: true))
        do {
            try await inTime {
                switch debt {
                case .drop: try await sharedCache.replace(key, version: 0, with: nil, for: .zero)
                case .bury: try await sharedCache.bury(key, for: life)
                }
            }
        } catch {
            note(error, writing: key)
            return false
        }
        state.withLock { $0.cache.shared?.debts.pay(debt, for: key.id) }
        return true
    }

    private func note(_ error: any Error, writing key: SharedKey) {
        guard !Task.isCancelled else { return }
        let now = time.monotonic()
        state.withLock { $0.cache.sharedWriteFailed(key, hasAnswered: Self.isAnswer(error), at: now) }
    }

    /// Whether the cache has answered, with an error: whoever asks it for another session need not wait in vain.
    private static func isAnswer(_ error: any Error) -> Bool {
        guard let code = (error as? SessionsError)?.code else { return false }
        return code != .unavailable && code != .busy
    }
}

// MARK: - Trust

extension ServiceNode {
    /// Reads the feed back, as far as there is time, and begins a new generation where the database went back in time.
    func prepareSharedCache(until deadline: MonotonicInstant) async {
        do {
            if let lost = state.withLock({ $0.cache.shared?.lostGeneration }) {
                let begun = try await store.beginGeneration(after: lost, at: time.wall())
                state.withLock { $0.cache.shared?.begin(begun) }
            }
            while let next = state.withLock({ $0.cache.nextHistory }), time.monotonic() < deadline, !Task.isCancelled {
                let page = try await store.feed(after: next.after, limit: next.limit)
                let now = time.monotonic()
                let isOfUse = state.withLock { !$0.isAbandoned && $0.cache.takeHistory(page, at: now) }
                guard isOfUse else { return }
            }
        } catch {
            // The next round tries again; until then the cache isn't asked.
        }
    }
}

// MARK: - Time

/// The shared cache did not answer in its time.
struct TookTooLong: Error {}

extension ServiceNode {
    /// Waits for the shared cache, for so long and no longer.
    ///
    /// - Throws: ``TookTooLong``, and what `body` throws.
    func inTime<Result: Sendable>(_ body: @escaping @Sendable () async throws -> Result) async throws -> Result {
        let deadline = time.monotonic() + policy.sharedTimeLimit
        return try await withThrowingTaskGroup(of: Result?.self) { group in
            group.addTask { try await body() }
            group.addTask { [time] in
                try await time.sleep(deadline)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let result = first else { throw TookTooLong() }
            return result
        }
    }
}
