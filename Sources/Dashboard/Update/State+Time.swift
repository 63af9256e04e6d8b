public import Sessions

extension State {
    /// Time went by: what has run out goes, what is due is asked for.
    mutating func tick(_ moment: Moment) -> [Effect] {
        // The monotonic clock never goes back; a batch that was held up may bring an older moment.
        guard moment.monotonic >= now.monotonic else { return [] }
        now = moment
        if let flash, flash.until <= now.monotonic { self.flash = nil }
        if let held = list.heldUntil, held <= now.monotonic { list.release() }
        if let until = inspector.revealedUntil, until <= now.monotonic { mask() }
        if let due = usersDue, due <= now.monotonic { countUsers() }
        guard let due = polling.due, due <= now.monotonic else { return glance() }
        return poll() + continueLoading()
    }

    /// When something is due next, whether or not anything else happens; the clock on the screen moves each second.
    public var nextWake: MonotonicInstant {
        let second = now.monotonic + .milliseconds(1000 - Int64(now.wall.milliseconds.mod(1000)))
        let moments = [polling.due, polling.glanceDue, flash?.until, inspector.revealedUntil, list.heldUntil, usersDue]
        return moments.reduce(second) { earliest, moment in
            moment.map { min(earliest, max($0, now.monotonic)) } ?? earliest
        }
    }

    /// An interval from now; of whole seconds, when the clock on the screen moves, so that both cost one wake-up.
    private var nextPoll: MonotonicInstant {
        let interval = polling.interval
        guard interval.components.attoseconds == 0 else { return now.monotonic + interval }
        let past = Int64(now.wall.milliseconds.mod(1000))
        return now.monotonic + interval + .milliseconds(past < 500 ? -past : 1000 - past)
    }

    /// Asks for whatever is due, unless the poll before is still running: then it is shown as slow.
    mutating func poll() -> [Effect] {
        polling.due = nextPoll
        guard connection.pollBegan == nil else {
            if polling.isGlance { polling.due = now.monotonic + Self.afterGlance }
            return []
        }
        connection.pollBegan = now
        polling.glanceDue = nil
        var poll = Poll()
        poll.changesAfter = polling.position
        guard !polling.isPaused else {
            // Dropped, since what is shown holds still; but the store was heard of.
            poll.changeLimit = 1
            return [.poll(poll)]
        }
        if store.capabilities.nodes.isPossible {
            poll.nodes = true
            poll.samplesSince = fleet.samplesSince(at: now.wall)
        }
        if store.capabilities.audit.isPossible { poll.auditAfter = audit.nextAfter }
        return [.poll(poll)] + count()
    }

    /// Has the store count, because the rows that are held can't tell, or haven't been compared for long.
    private mutating func count() -> [Effect] {
        guard !statistics.isAsked, (statistics.askAgain ?? now.monotonic) <= now.monotonic else { return [] }
        statistics.isAsked = true
        return [.countSessions]
    }

    /// A poll that falls due while the changes are asked for comes so much later.
    private static let afterGlance = Duration.milliseconds(50)

    /// Asks for the changes alone, where they keep coming.
    private mutating func glance() -> [Effect] {
        guard let due = polling.glanceDue, due <= now.monotonic else { return [] }
        polling.glanceDue = nil
        guard connection.pollBegan == nil, !polling.isPaused, polling.position != nil else { return [] }
        connection.pollBegan = now
        polling.isGlance = true
        var poll = Poll()
        poll.changesAfter = polling.position
        return [.poll(poll)]
    }

    /// Rows that changed are looked at again soon, and the sooner the less it costs the store.
    private var nextGlance: MonotonicInstant? {
        guard polling.news != .none, let took = connection.changesTook else { return nil }
        let rest = took * (Polling.glanceShare - 1)
        return now.monotonic + (polling.news == .more ? rest : max(rest, Polling.glanceAfter))
    }

    /// A poll has ended well: what it brought is put in order.
    mutating func polled(_ took: Duration) {
        let isGlance = polling.isGlance
        polling.isGlance = false
        polling.glanceDue = nextGlance
        connection.pollBegan = nil
        if followsChanges {
            heardOfRows()
            if !isGlance { connection.latency = took }
        }
        guard !polling.isPaused else { return }
        if !isGlance { audit.noteRead() }
        list.apply([], at: now.wall)
        if polling.holdsAll { statistics.latest?.take(list.table.totals()) }
        if !isGlance, connection.error == nil {
            statistics.notePoll(at: now, took: connection.latency, followsGap: connection.isGapOwed)
            connection.isGapOwed = false
        }
        afterRows()
    }

    /// The store has told how rows stand, or what changed.
    ///
    /// Where it can't tell what changed a poll asks nothing of them, and its end says nothing of the store.
    mutating func heardOfRows() {
        connection.lastGood = now
        connection.error = nil
        connection.failures = 0
    }

    /// A poll has failed: the data stay, and the next comes later.
    mutating func pollFailed(_ reason: String) {
        connection.pollBegan = nil
        (polling.isGlance, polling.glanceDue) = (false, nil)
        noteFailure(reason)
    }

    /// The store didn't answer: it is asked later, and later each time.
    mutating func noteFailure(_ reason: String) {
        connection.isGapOwed = true
        let reason = String(reason.prefix(Connection.errorLimit))
        // The line has hardly room for it, and what comes again with each try says nothing new.
        if reason != connection.error { keep(reason, .error) }
        connection.error = reason
        connection.failures += 1
        connection.totalFailures += 1
        let factor = 1 << min(connection.failures - 1, 6)
        polling.due = now.monotonic + min(polling.interval * factor, max(Polling.longestWait, polling.interval))
    }
}

extension Int64 {
    /// The remainder that is never negative.
    func mod(_ divisor: Int64) -> Int64 { (self % divisor + divisor) % divisor }
}
