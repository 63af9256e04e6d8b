internal import Synchronization

extension ServiceNode {
    /// The most entries of the feed read at once.
    static let feedPage = 1000

    /// Woken by news, the feed is read, and what was applied is published, no more often than this: what comes meanwhile
    /// is read together, so that many revokes a second cost no more than a few.
    static let newsInterval = Duration.milliseconds(5)

    /// Keeps the node honest: reads the feed four times within δ, and at once when the store says that it has grown; shows
    /// a sign of life each second and whenever new entries were applied; writes recorded uses in batches; purges the store,
    /// every ten minutes unless ``NodePolicy/purgeInterval`` says otherwise.
    ///
    /// Without it the node asks the database for everything.
    ///
    /// It returns when its task is cancelled, after the last uses are written and the nodes' list says `stopped`. From
    /// then on the node answers from the database alone, until it is run again.
    ///
    /// - Throws: nothing by itself: while the store is away it keeps trying.
    public func run() async throws {
        // Others take a stopped node for one that decides nothing: before it does again it says so.
        state.withLock { if $0.status == .stopped { $0.status = .up } }
        schedulePurge(afterIntervals: chance())
        await withTaskGroup(of: Void.self) { helpers in
            helpers.addTask { await self.keepListening() }
            helpers.addTask { await self.keepPurging() }
            await withTaskGroup(of: Void.self) { group in
                group.addTask { await self.keepReadingFeed() }
                group.addTask { await self.keepFlushing() }
            }
            helpers.cancelAll()
            // The last words must reach the store although this task is cancelled, and don't wait for a purge to end.
            if !isAbandoned { await Task { await self.sayGoodbye() }.value }
        }
    }

    private func keepReadingFeed() async {
        let heartbeat = SignsOfLife.interval(wanted: policy.heartbeat)
        var nextHeartbeat = time.monotonic()
        var isGoing = true
        while isGoing {
            let began = time.monotonic()
            if isPurgeDue(at: began) { purgeBell.ring() }
            // Whoever revokes must know of this node before it trusts its memory: without a lease it registers first.
            let isRegistered = holdsLease && isKnown(at: began) ? true : await publish(.word)
            let before = applied
            let next = began + min(policy.pollInterval, heartbeat)
            if isRegistered { await poll() }
            if sharedCache != nil { await prepareSharedCache(until: next) }
            if nextHeartbeat <= began {
                nextHeartbeat = began + heartbeat
                await publish(.heartbeat)
            } else if applied != before {
                await publish(.word)
            }
            isGoing = await bell.wait(until: next, notBefore: began + Self.newsInterval, by: time) && !isAbandoned
        }
    }

    /// Where the store can't tell the news, or no memory decides, the polls are all there is.
    private func keepListening() async {
        guard !policy.isStrict else { return }
        for await _ in store.feedNews() { bell.ring() }
    }

    private func keepFlushing() async {
        var next = time.monotonic() + policy.touchFlushInterval
        while await time.pause(until: next), !isAbandoned {
            await flush()
            await payDebts()
            next = max(next, time.monotonic()) + policy.touchFlushInterval
        }
    }

    /// Purges whenever the feed's loop says that it is time, which doesn't wait for it.
    private func keepPurging() async {
        var underWay: Task<Void, Never>?
        while await purgeBell.wait(), !isAbandoned {
            underWay = Task {
                // What can't be removed now will be the next time.
                try? await purge()
                schedulePurge(afterIntervals: 0.9 + chance() / 5)
            }
        }
        // A store may be in the middle of a long statement: whoever stops the node doesn't wait for that.
        underWay?.cancel()
    }

    private func purge() async throws {
        var retention = store.retention.map { policy.retention.covering($0) } ?? policy.retention
        // So far back the feed is read when a node starts.
        retention.feed = max(retention.feed, policy.revokedLife(withShared: sharedCache != nil) + NodePolicy.clockSkew)
        // A clock that is ahead of all others would remove what they need.
        let others = try await store.nodes().filter { $0.id != id }.map(\.heartbeat)
        let wall = time.wall()
        _ = try await store.purge(retention, at: min(wall, others.max().map { $0 + NodePolicy.clockSkew } ?? wall))
    }

    /// Says when the next purge is due: after so many intervals.
    private func schedulePurge(afterIntervals count: Double) {
        let due = policy.purgeInterval.map { time.monotonic() + max($0, .seconds(1)) * count }
        state.withLock { $0.nextPurge = due }
    }

    /// Whether a purge is due; if so, none is until it is scheduled again.
    private func isPurgeDue(at now: MonotonicInstant) -> Bool {
        state.withLock { state in
            guard let due = state.nextPurge, due <= now else { return false }
            state.nextPurge = nil
            return true
        }
    }

    /// Reads the feed to its end; where the position was lost, the next round begins anew.
    private func poll() async {
        do {
            var action = NodeCache.FeedAction.more
            while action == .more, !Task.isCancelled {
                // The lease counts from before the read: whatever was committed by now is in the answer.
                let started = time.monotonic()
                // Stopped in between for long, it says first that it is there.
                guard isKnown(at: started) else { return }
                action = applied == nil ? try await reload(started) : try await readOn(started)
            }
        } catch {
            state.withLock { $0.cache.pollFailed() }
        }
    }

    private func reload(_ started: MonotonicInstant) async throws -> NodeCache.FeedAction {
        let since = sharedCache == nil ? nil : time.wall() - policy.revokedLife(withShared: true) - NodePolicy.clockSkew
        let (cutoffs, position) = try await store.cutoffs()
        let now = time.monotonic()
        state.withLock { state in
            guard !state.isAbandoned else { return }
            state.cache.reload(cutoffs, position: position, started: started, at: now, since: since)
        }
        // The first page comes at once: it tells the generation of the shared cache's keys, and the entry at the position,
        // by which others see of which past it is.
        return .more
    }

    private func readOn(_ started: MonotonicInstant) async throws -> NodeCache.FeedAction {
        guard let position = state.withLock({ $0.cache.pollPosition }) else { return .reload }
        let page = try await store.feed(after: position, limit: Self.feedPage)
        let now = time.monotonic()
        return state.withLock { state in
            guard !state.isAbandoned else { return .idle }
            for case .revoked(let id) in page.entries.map(\.event) { state.touches.remove(id) }
            return state.cache.apply(page, started: started, at: now)
        }
    }

    /// Writes recorded uses, all that wait.
    private func flush() async {
        var touches = state.withLock { $0.touches.take(policy.touchBatch) }
        while !touches.isEmpty, !isAbandoned {
            do {
                let outcomes = try await store.touch(touches)
                note(zip(touches, outcomes))
            } catch {
                state.withLock { $0.touches.putBack(touches) }
                return
            }
            touches = state.withLock { $0.touches.take(policy.touchBatch) }
        }
    }

    private func note(_ written: some Sequence<(Touch, TouchOutcome)>) {
        let now = time.monotonic()
        state.withLock { state in
            for (touch, outcome) in written {
                switch outcome {
                case .touched: state.cache.rare[.touches] += 1
                case .refused(let ended):
                    state.cache.refuseWrite(touch.id, ended, at: now)
                    state.cache.owe(ended == .revoked ? .bury : .drop, for: touch.id)
                }
            }
        }
    }

    private var isAbandoned: Bool { state.withLock { $0.isAbandoned } }

    /// Why a report is published.
    private enum Occasion {
        /// The sign of life, with how long requests took since the last one.
        case heartbeat
        /// Something has changed in between.
        case word
        /// It has stopped, and had applied the feed so far.
        case goodbye(FeedPosition?)
    }

    /// Publishes a report; whether the store took it.
    @discardableResult
    private func publish(_ occasion: Occasion) async -> Bool {
        guard !isAbandoned else { return false }
        let report = report(on: occasion, at: time.wall())
        let began = time.monotonic()
        do { try await store.publish(report) } catch { return false }
        state.withLock { $0.signsOfLife.note(began) }
        return true
    }

    /// Whether whoever revokes knows of this node.
    private func isKnown(at moment: MonotonicInstant) -> Bool { state.withLock { $0.signsOfLife.areFresh(at: moment) } }

    private func report(on occasion: Occasion, at wall: Timestamp) -> NodeReport {
        state.withLock { state in
            var applied = state.cache.applied
            switch occasion {
            case .word: break
            case .goodbye(let position):
                applied = position
                fallthrough
            case .heartbeat:
                state.lastLatency = state.latency.latency
                state.latency.reset()
            }
            var counters = state.cache.counters
            if let last = state.cache.lastEntry, last.position == applied { counters[.feedMark] = last.mark }
            return NodeReport(
                id: id, started: started, heartbeat: wall, status: state.status, applied: applied ?? .start,
                lease: policy.lease, counters: counters, latency: state.lastLatency)
        }
    }

    /// First it stops deciding by its memory, then it says so: others count a stopped node as having applied everything.
    private func sayGoodbye() async {
        let applied = state.withLock { state in
            defer { state.cache.stop() }
            state.status = .stopped
            return state.cache.applied
        }
        await flush()
        await payDebts()
        await publish(.goodbye(applied))
    }
}
