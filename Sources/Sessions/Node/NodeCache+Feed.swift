// The revocation feed, and what else ends a copy.

extension NodeCache {
    /// What the poller does next.
    enum FeedAction: Sendable, Equatable {
        /// Nothing until the next poll.
        case idle
        /// Read on at once: there is more.
        case more
        /// Read the cut-offs and the position, then ``NodeCache/reload(_:position:started:at:since:)``.
        case reload
    }

    /// After which position to read the feed; `nil`: the cut-offs and the position must be read first.
    ///
    /// The entry at ``applied`` comes along: where another stands there, the store went back in time.
    var pollPosition: FeedPosition? { applied?.previous }

    /// A piece of the feed has been read.
    ///
    /// - Parameters:
    ///   - page: what was read past ``pollPosition``.
    ///   - started: just before the read began: the lease counts from here.
    ///   - now: when the answer is taken in.
    /// - Returns: what to do next.
    mutating func apply(_ page: FeedPage, started: Instant, at now: Instant) -> FeedAction {
        revoked.forget(at: now)
        // A position that goes back, or that has another entry now, is a restored backup or a failover that lost the last
        // writes; one that was skipped is lost. Either way nothing here is sure.
        let wentBack = applied.map { page.end < $0 } ?? false || page.contradicts(lastEntry)
        guard let position = applied, !wentBack, page.start <= position, shared?.meet(page.generation) != true else {
            shared?.lose(wentBack: wentBack, page.generation)
            forgetEverything()
            return .reload
        }
        lastEntry = page.entry(at: position) ?? lastEntry
        for entry in page.entries where applied.map({ $0 < entry.position }) ?? false { apply(entry, at: now) }
        if let reached = applied, reached < page.end { return reached == position ? .idle : .more }
        rare[.feedPolls] += 1
        renewLease(from: started)
        dropUseless(at: now)
        return .idle
    }

    /// The cut-offs and the position have been read in one step: after a start, or after ``FeedAction/reload``.
    ///
    /// - Parameters:
    ///   - cutoffs: all of them.
    ///   - position: from here on the feed tells the rest.
    ///   - started: just before the read began.
    ///   - now: when the answer is taken in.
    ///   - moment: a shared cache is trusted once the feed has been read back to this age; `nil`: there is none.
    mutating func reload(
        _ cutoffs: [Cutoff], position: FeedPosition, started: Instant, at now: Instant, since moment: Timestamp? = nil
    ) {
        forgetEverything()
        for cutoff in cutoffs { insert(cutoff) }
        applied = position
        if let moment { shared?.readBack(until: position, since: moment) }
        rare[.feedPolls] += 1
        renewLease(from: started)
    }

    /// The feed could not be read.
    ///
    /// The lease runs on, and out.
    mutating func pollFailed() { rare[.feedErrors] += 1 }

    /// From now on it decides nothing any more: the node stops.
    mutating func stop() {
        forgetEverything()
        shared?.stop()
    }

    /// A session of this id is known to have been revoked, by this node or by the feed.
    mutating func markRevoked(_ id: IDHash, at now: Instant) {
        let hadCopy = invalidate(id)
        // Not only with the polls: a node that isn't run has none.
        revoked.forget(at: now)
        revoked.insert(id, hadCopy: hadCopy, until: now + settings.revokedLife)
    }

    /// A cut-off is known, from this node or from the feed.
    ///
    /// Copies are compared with it when they are next asked for.
    mutating func insert(_ cutoff: Cutoff) {
        cutoffs.insert(cutoff)
        cutoffsTaken &+= 1
    }

    /// A session has changed or ended: drops its copy, and keeps answers that are on the wire from coming in.
    ///
    /// - Returns: whether there was a copy.
    @discardableResult
    mutating func invalidate(_ id: IDHash) -> Bool {
        flights[id] = nil
        negatives.remove(id)
        guard copies.remove(id) != nil else { return false }
        rare[.l1Invalidated] += 1
        return true
    }

    /// A write found that a session isn't live.
    mutating func refuseWrite(_ id: IDHash, _ state: SessionState?, at now: Instant) {
        invalidate(id)
        if state != nil { rare[.resurrectionAlarms] += 1 }
        if holdsLease(at: now) { putNegative(id, state, at: now) }
    }

    /// A payload was saved: replaces the copy of the version that was read, drops any other, never creates one.
    mutating func saved(_ payload: [UInt8], of id: IDHash, replacing version: Int64, as newVersion: Int64) {
        flights[id] = nil
        guard let old = copies.value(of: id) else { return }
        guard old.copy.session.version == version else {
            invalidate(id)
            return
        }
        var session = old.copy.session
        session.payload = Payload(bytes: payload)
        session.version = newVersion
        let copy = SessionCopy(session, isStray: old.copy.isStray)
        let entry = Entry(
            copy: copy, loadedAt: old.loadedAt, usableUntil: old.usableUntil, touchDue: old.touchDue, judged: old.judged
        )
        rare[.l1EvictedBySize] += Int64(copies.insert(entry, for: id, byteCount: copy.byteCount))
    }

    private mutating func apply(_ entry: FeedEntry, at now: Instant) {
        switch entry.event {
        case .revoked(let id): markRevoked(id, at: now)
        case .cutoff(let cutoff): insert(cutoff)
        // Of tokens a node knows nothing.
        case .denied, .unknown: break
        }
        applied = entry.position
        lastEntry = entry
    }

    private mutating func renewLease(from started: Instant) {
        guard settings.lease > .zero else { return }
        let end = started + settings.lease
        leaseEnd = max(end, leaseEnd ?? end)
    }

    /// Copies that nobody asks for any more go with the polls, a few at a time.
    private mutating func dropUseless(at now: Instant) {
        rare[.l1EvictedByAge] += Int64(copies.removeOldest(limit: 1000) { $0.usableUntil <= now })
        _ = negatives.removeOldest(limit: 1000) { $0.usableUntil <= now }
    }

    private mutating func forgetEverything() {
        rare[.l1Invalidated] += Int64(copies.count)
        copies.removeAll()
        negatives.removeAll()
        flights.removeAll()
        revoked.removeAll()
        cutoffs = Cutoffs()
        applied = nil
        lastEntry = nil
        leaseEnd = nil
    }
}
