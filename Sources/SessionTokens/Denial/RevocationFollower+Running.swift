public import Sessions
internal import Synchronization

extension RevocationFollower {
    /// The most entries of the feed that are taken in without letting a request pass.
    private static let entriesAtOnce = 1000

    /// Woken by news, it reads the feed no more often than this: what comes meanwhile is read together.
    private static let newsInterval = Duration.milliseconds(5)

    /// Follows the feed: four polls within δ, and one at once when the store says that it has grown; shows a sign of life
    /// each heartbeat and whenever new entries were applied, so that whoever revokes knows when it is effective here.
    ///
    /// It returns when its task is cancelled, after the nodes' list says `stopped`. It may be run again.
    ///
    /// - Throws: nothing by itself: while the store is away it keeps trying.
    public func run() async throws {
        state.withLock { state in
            state.isRunning = true
            // Others take a stopped verifier for one that decides nothing: before it does again it says so.
            state.status = .up
        }
        await withTaskGroup(of: Void.self) { helpers in
            helpers.addTask { await self.keepListening() }
            await self.keepReading()
            helpers.cancelAll()
        }
        let waiting = state.withLock { state in
            state.isRunning = false
            return state.takeWaiting()
        }
        for continuation in waiting { continuation.resume() }
        // The last words must reach the store although this task is cancelled.
        await Task { await self.sayGoodbye() }.value
    }

    private func keepReading() async {
        let heartbeat = SignsOfLife.interval(wanted: policy.heartbeat)
        var nextHeartbeat = time.monotonic()
        var isGoing = true
        while isGoing {
            let began = time.monotonic()
            let waiting = state.withLock { $0.takeWaiting() }
            // Whoever revokes must know of this verifier before it trusts its memory: without a lease it registers first.
            let isRegistered = holdsLease && isKnown(at: began) ? true : await publish()
            let before = applied
            if isRegistered { await poll() }
            for continuation in waiting { continuation.resume() }
            if nextHeartbeat <= began || applied != before {
                if nextHeartbeat <= began { nextHeartbeat = began + heartbeat }
                await publish()
            }
            let next = began + min(policy.pollInterval, heartbeat)
            isGoing = await bell.wait(until: next, notBefore: began + Self.newsInterval, by: time)
        }
    }

    private func keepListening() async {
        for await _ in store.feedNews() { bell.ring() }
    }

    /// Reads what there is to read: all of it, or until the store fails.
    private func poll() async {
        do {
            var isGoing = true
            while isGoing, !Task.isCancelled { isGoing = try await read() }
        } catch {
            state.withLock { $0.errors += 1 }
        }
        let now = time.monotonic()
        state.withLock { $0.ledger.forget(at: now) }
    }

    /// Reads one piece; whether there is more to read at once.
    private func read() async throws -> Bool {
        // The lease counts from before the read: whatever was committed by now is in the answer.
        let started = time.monotonic()
        // Stopped in between for long, it says first that it is there.
        guard isKnown(at: started) else { return false }
        switch state.withLock({ $0.ledger.next }) {
        case .reload:
            let (cutoffs, position) = try await store.cutoffs()
            let (now, wall) = (time.monotonic(), time.wall())
            state.withLock {
                $0.ledger.reload(cutoffs, position: position, started: started, at: now, wall: wall)
            }
            return true
        case .readBack(let request):
            let page = try await store.feed(after: request.after, limit: request.limit)
            let (now, wall) = (time.monotonic(), time.wall())
            state.withLock { $0.ledger.takePast(page, at: now, wall: wall) }
            return true
        case .poll(let position):
            let page = try await store.feed(after: position, limit: Self.entriesAtOnce)
            let (now, wall) = (time.monotonic(), time.wall())
            return state.withLock { state in
                let hasMore = state.ledger.take(page, started: started, at: now, wall: wall)
                if !hasMore { state.polls += 1 }
                return hasMore
            }
        }
    }

    /// Publishes a report; whether the store took it.
    @discardableResult
    private func publish() async -> Bool {
        let wall = time.wall()
        let report = state.withLock { self.report($0, at: wall) }
        let began = time.monotonic()
        do { try await store.publish(report) } catch { return false }
        state.withLock { $0.signsOfLife.note(began) }
        return true
    }

    /// Whether whoever revokes knows of this verifier.
    private func isKnown(at moment: MonotonicInstant) -> Bool { state.withLock { $0.signsOfLife.areFresh(at: moment) } }

    private func report(_ state: State, at wall: Timestamp) -> NodeReport {
        let applied = state.ledger.applied
        var counters = state.counters
        if let last = state.ledger.lastEntry, last.position == applied { counters[.feedMark] = last.mark }
        return NodeReport(
            id: id, started: started, heartbeat: wall, status: state.status, applied: applied ?? .start,
            lease: policy.lease, counters: counters)
    }

    /// First it stops deciding, then it says so: others count a stopped node as having applied everything.
    private func sayGoodbye() async {
        let wall = time.wall()
        let report = state.withLock { state -> NodeReport in
            state.status = .stopped
            defer { state.ledger.stop() }
            return self.report(state, at: wall)
        }
        try? await store.publish(report)
    }

    /// What it has counted, in the words of a node: a token is a request.
    public var counters: Counters { state.withLock { $0.counters } }
}

extension RevocationFollower.State {
    fileprivate mutating func takeWaiting() -> [CheckedContinuation<Void, Never>] {
        defer { waiting = [] }
        return waiting
    }

    fileprivate var counters: Counters {
        var counters = Counters()
        counters[.verifier] = 1
        counters[.requests] = valid + denied + unsure
        counters[.served] = valid
        counters[.refused] = denied
        counters[.errors] = unsure
        counters[.feedPolls] = polls
        counters[.feedErrors] = errors
        return counters
    }
}
