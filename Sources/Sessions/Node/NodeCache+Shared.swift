// The way through the shared cache: L1 → L2 → database.

extension NodeCache {
    /// A look into the shared cache under way.
    struct SharedLook: Sendable, Hashable {
        let ticket: FillTicket
        let key: SharedKey
        /// Whether it is the second one, after a wait for the holder of the lease.
        var isSecond = false
    }

    /// The right to fill a key, until the lease runs out.
    struct SharedFill: Sendable, Hashable {
        let key: SharedKey
        let lease: SharedLease
    }

    /// A copy to be put into the shared cache.
    struct SharedWrite: Sendable {
        let key: SharedKey
        /// The session as it goes in; its payload is opened.
        let session: Session
        /// When the copy is worth nothing any more.
        let until: Timestamp
        /// How long the cache may keep it.
        let life: Duration
    }

    /// What a request does next on its way to the database.
    enum SharedAction: Sendable {
        /// Read the key, and take the lease where nothing stands; then ``NodeCache/take(_:of:at:wall:)``.
        case look(SharedLook, leasing: Duration)
        /// Wait, then only look; then ``NodeCache/take(_:of:at:wall:)``.
        case lookAgain(SharedLook, after: Duration)
        /// The shared cache has answered the request.
        case answer(Resolution)
        /// Read the database; with a fill, put the answer in.
        case readDatabase(SharedFill?)
    }

    /// What a look has found, opened and decoded.
    enum SharedFound: Sendable {
        case live(SessionCopy, until: Timestamp)
        /// A copy that doesn't open: of another key ring, of another version of the library, or tampered with.
        case unreadable
        case tombstone
        case leased(SharedLease)
        case taken
        case nothing
        /// No answer.
        case failed(isTimeout: Bool)
        /// An answer, of an error: it costs no more than any other.
        case refused
    }

    /// A request that L1 sends to the database asks the shared cache first, where it may.
    mutating func consult(_ ticket: FillTicket, at now: Instant) -> SharedAction {
        guard let shared else { return .readDatabase(nil) }
        guard ticket.mayFill, let key = shared.readKey(of: ticket.id, at: now) else {
            rare[.l2Bypassed] += 1
            return .readDatabase(nil)
        }
        return .look(SharedLook(ticket: ticket, key: key), leasing: shared.settings.leaseLife)
    }

    /// The shared cache has answered, or failed.
    mutating func take(_ found: SharedFound, of look: SharedLook, at now: Instant, wall: Timestamp) -> SharedAction {
        switch found {
        case .live(let copy, let until):
            if let resolution = judge(copy, until: until, look, at: now, wall: wall) { return .answer(resolution) }
            rare[.l2MissLost] += 1
        case .tombstone:
            // It only says what the feed will say, too, and only the database can't be wrong: a tombstone may be of a
            // past that a restored backup has undone. It costs a read of the database, which L1 remembers.
            rare[.l2Tombstone] += 1
        case .leased(let lease):
            rare[.l2Miss] += 1
            return .readDatabase(SharedFill(key: look.key, lease: lease))
        case .taken where !look.isSecond:
            var again = look
            again.isSecond = true
            return .lookAgain(again, after: shared?.settings.wait ?? .zero)
        case .taken, .nothing: rare[.l2MissLost] += 1
        case .unreadable, .refused: rare[.l2Error] += 1
        case .failed(let isTimeout):
            rare[isTimeout ? .l2Timeout : .l2Error] += 1
            shared?.rest(look.key, from: now)
        }
        return .readDatabase(nil)
    }

    /// What a live copy comes to; `nil`: it proves nothing, ask the database.
    private mutating func judge(
        _ copy: SessionCopy, until: Timestamp, _ look: SharedLook, at now: Instant, wall: Timestamp
    ) -> Resolution? {
        let isRevoked = revoked.contains(look.ticket.id)
        // Whatever has happened since the look began, the database knows: only an untroubled answer counts.
        guard
            isRevoked
                || holdsLease(at: now) && flights[look.ticket.id] == look.ticket.number
                    && shared?.readKey(of: look.ticket.id, at: now) == look.key
        else { return nil }
        if isRevoked || cutoffs.refuse(copy.session) {
            flights[look.ticket.id] = nil
            putNegative(look.ticket.id, .revoked, at: now)
            rare[.l2Stopped] += 1
            return .refused(.revoked)
        }
        guard copy.session.version >= look.ticket.oldest else {
            rare[.copiesBehind] += 1
            return nil
        }
        // Touches don't rewrite copies: that a deadline has passed in one proves nothing.
        guard wall < until, !copy.session.deadlines.havePassed(at: wall) else { return nil }
        rare[.l2Hit] += 1
        flights[look.ticket.id] = nil
        return keep(copy, from: .l2, isCurrent: true, at: now, wall: wall)
    }
}

// MARK: - Filling and writing

extension NodeCache {
    /// Whether, and for how long, what the database said is put into the shared cache: before ``complete(_:with:at:wall:)``.
    ///
    /// - Parameters:
    ///   - found: the database's answer.
    ///   - fill: the lease; `nil`: somebody else's.
    ///   - ticket: the read's.
    ///   - began: when the read began: no later than that is the answer's age.
    ///   - wall: now.
    /// - Returns: what to put in; `nil`: nothing.
    mutating func share(
        _ found: Found, holding fill: SharedFill?, _ ticket: FillTicket, began: Timestamp, wall: Timestamp
    ) -> SharedWrite? {
        guard let fill, case .live(let copy) = found else { return nil }
        guard flights[ticket.id] == ticket.number, !revoked.contains(ticket.id), !cutoffs.refuse(copy.session) else {
            rare[.l2FillRefused] += 1
            return nil
        }
        var session = copy.session
        // Whoever reads the copy need not record this use again.
        if session.seen + settings.touchInterval(of: session) <= wall { session.seen = wall }
        return write(session, under: fill.key, began: began, wall: wall)
    }

    /// A copy of what was just saved; `nil`: it would be of no use, so that the old one is only deleted.
    func share(_ saved: Session, under key: SharedKey, began: Timestamp, wall: Timestamp) -> SharedWrite? {
        write(saved, under: key, began: began, wall: wall)
    }

    /// The life of a copy: t2, but no longer than the session's by what the copy knows, nor than until the next use of it
    /// must be recorded, which takes a read of the database anyway.
    ///
    /// Up to a tenth less, by the id, so that copies that were filled together don't end together.
    private func write(_ session: Session, under key: SharedKey, began: Timestamp, wall: Timestamp) -> SharedWrite? {
        guard let tier = shared?.settings else { return nil }
        var life = min(tier.life, session.seen + settings.touchInterval(of: session) - began)
        if let end = session.deadlines.nearest { life = min(life, end.moment - began) }
        let until = began + (life - life / 1024 * Int(session.id.leadingBits % 103))
        guard wall < until else { return nil }
        return SharedWrite(key: key, session: session, until: until, life: until - wall)
    }

    /// The shared cache must be told that a session ended or changed, now or as soon as it can be.
    mutating func owe(_ debt: SharedDebts.Debt, for id: IDHash) { shared?.debts.add(debt, for: id) }

    /// Something to tell the shared cache, and under which key.
    typealias DueDebt = (key: SharedKey, debt: SharedDebts.Debt)

    /// So many are looked through at once for one that can be told: requests wait meanwhile.
    private static let debtsAtOnce = 256

    /// What to tell the shared cache of a session now; `nil`: nothing now.
    func dueDebt(of id: IDHash, at now: Instant) -> DueDebt? {
        guard let debt = shared?.debts.debt(of: id), let key = shared?.writeKey(of: id, at: now) else { return nil }
        return (key, debt)
    }

    /// What to tell the shared cache next, of all that waits.
    ///
    /// - Parameters:
    ///   - turns: how many may still have their turn; what can't be told now has had it.
    ///   - now: now.
    /// - Returns: `nil`: nothing of what was looked through.
    mutating func nextDebt(within turns: inout Int, at now: Instant) -> DueDebt? {
        for _ in 0..<min(turns, Self.debtsAtOnce) {
            guard let due = shared?.debts.takeTurn() else {
                turns = 0
                return nil
            }
            turns -= 1
            if let key = shared?.writeKey(of: due.id, at: now) { return (key, due.debt) }
        }
        return nil
    }

    /// A write to the shared cache has failed; where there was no answer, the part that has the key is left alone for a
    /// while.
    mutating func sharedWriteFailed(_ key: SharedKey, hasAnswered: Bool, at now: Instant) {
        rare[.l2WriteError] += 1
        if !hasAnswered { shared?.rest(key, from: now) }
    }
}

// MARK: - Reading the feed back

extension NodeCache {
    /// The next piece of the feed to read back; `nil`: there is none, or the node doesn't follow the feed.
    var nextHistory: FeedHistory.Request? { applied == nil ? nil : shared?.history?.next }

    /// A piece of the feed has been read back.
    ///
    /// - Returns: whether it was of use; a feed that went back in time isn't, and the next poll will notice.
    @discardableResult
    mutating func takeHistory(_ page: FeedPage, at now: Instant) -> Bool {
        guard let applied, page.end >= applied else { return false }
        for entry in shared?.takeHistory(page) ?? [] {
            switch entry.event {
            case .revoked(let id): markRevoked(id, at: now)
            case .cutoff(let cutoff): insert(cutoff)
            case .denied, .unknown: break
            }
        }
        return true
    }
}
