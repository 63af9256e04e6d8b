import SessionTesting

@testable import Sessions

extension World {
    /// Every world that one step of somebody makes of this one.
    var successors: [World] {
        var worlds: [World] = []
        func may(_ condition: Bool, _ step: (inout World) -> Void) {
            guard condition else { return }
            var world = self
            step(&world)
            worlds.append(world)
        }
        may(left.requests > 0 && requests.count < Self.concurrentRequests) { $0.request() }
        for index in requests.indices { may(requests[index].stage != .joined) { $0.proceed(index) } }
        may(durable == nil) { $0.revoke() }
        may(mustMark) { $0.markHere() }
        may(left.otherCutoffs > 0) { $0.cutOffAnother() }
        may(mustInsert > 0) { $0.insertHere() }
        may(poll != .idle || left.polls > 0) { $0.goOnPolling() }
        may(published != position) { $0.published = position }
        may(write == .none && left.touches > 0) { $0.touch() }
        may(write == .none && left.saves > 0 && cache.copies.value(of: Self.id) != nil) { $0.save() }
        may(write != .none) { $0.noteWrite() }
        may(left.evictions > 0 && cache.copies.value(of: Self.id) != nil) { $0.evict() }
        may(left.ticks > 0) { $0.tick() }
        return worlds
    }

    /// What the node says that it has applied.
    private var position: Int64 {
        if rules == .publishBeforeApplying, case .read(_, _, let to) = poll { return to }
        return cache.applied?.value ?? 0
    }

    private var instant: MonotonicInstant { Ticks.instant(now) }

    private mutating func tick() {
        now += 1
        left.ticks -= 1
    }

    // A request: the cache decides, or the database is read and the answer comes later.

    private mutating func request() {
        left.requests -= 1
        let isLate = isEffective
        switch cache.read(Self.id, at: instant) {
        case .serve: if isLate { violation = true }
        case .refuse: break
        case .join(let ticket): requests.append(Request(ticket: ticket, stage: .joined, isLate: isLate))
        case .load(let ticket):
            let older = requests.first { $0.stage != .joined && $0.ticket.mayFill }
            if rules == .joinAcrossInvalidation, ticket.mayFill, let older {
                requests.append(Request(ticket: older.ticket, stage: .joined, isLate: isLate))
            } else {
                requests.append(Request(ticket: ticket, stage: .reading, isLate: isLate))
            }
        }
    }

    private mutating func proceed(_ index: Int) {
        let request = requests[index]
        guard case .found(let version) = request.stage else {
            requests[index].stage = .found(version: isLive ? self.version : nil)
            return
        }
        if rules == .blindFill, request.ticket.mayFill { cache.flights[Self.id] = request.ticket.number }
        let found: NodeCache.Found = version.map { .live(Self.copy($0)) } ?? .ended(.revoked)
        let resolution = cache.complete(request.ticket, with: found, at: instant, wall: Ticks.wall(now))
        let waiting = requests.filter { $0.ticket.number == request.ticket.number }
        if case .live = resolution, waiting.contains(where: \.isLate) { violation = true }
        requests.removeAll { $0.ticket.number == request.ticket.number }
    }

    // The revoke: durable here; effective when the watch says so.

    private mutating func revoke() {
        isLive = false
        end += 1
        revokedAt = end
        durable = now
        mustMark = left.isRevokedHere
    }

    private mutating func markHere() {
        mustMark = false
        cache.markRevoked(Self.id, at: instant)
    }

    // This node cuts off somebody else: the database first, then its own memory, ahead of the feed.

    private mutating func cutOffAnother() {
        left.otherCutoffs -= 1
        end += 1
        mustInsert = end
    }

    private mutating func insertHere() {
        cache.insert(cutoff("another", mustInsert))
        mustInsert = 0
    }

    private func cutoff(_ user: String, _ position: Int64) -> Cutoff {
        Cutoff(scope: .user(user), notBefore: Ticks.wall(0), epoch: FeedPosition(position))
    }

    // The feed's poll: it starts, the database answers, the answer is applied.

    private mutating func goOnPolling() {
        switch poll {
        case .idle:
            left.polls -= 1
            poll = .started(at: now, after: cache.pollPosition?.value ?? 0)
        case .started(let started, let after):
            poll = .read(at: started, from: after, to: end)
        case .read(let started, let from, let to):
            poll = .idle
            let page = FeedPage(
                entries: to > from ? (from + 1...to).map { entry($0) } : [], end: FeedPosition(to), start: .start)
            let leaseStart = rules == .leaseFromEnd ? now : started
            _ = cache.apply(page, started: Ticks.instant(leaseStart), at: instant)
        }
    }

    private func entry(_ number: Int64) -> FeedEntry {
        let position = FeedPosition(number)
        guard number == revokedAt else {
            return FeedEntry(position: position, event: .cutoff(cutoff("another", number)), at: Ticks.wall(0))
        }
        let event: FeedEntry.Event = left.isCutoff ? .cutoff(cutoff("u", number)) : .revoked(Self.id)
        return FeedEntry(position: position, event: event, at: Ticks.wall(durable ?? 0))
    }

    // Writes: the database decides, and the node hears of it later.

    private mutating func touch() {
        left.touches -= 1
        write = .touched(isLive: isLive)
    }

    private mutating func save() {
        left.saves -= 1
        let read = cache.copies.value(of: Self.id).map { Int($0.copy.session.version) } ?? 0
        guard isLive, read == version else {
            write = .saved(from: read, to: nil)
            return
        }
        version += 1
        write = .saved(from: read, to: version)
    }

    private mutating func noteWrite() {
        switch write {
        case .touched(false): cache.refuseWrite(Self.id, .revoked, at: instant)
        case .saved(_, nil): cache.invalidate(Self.id)
        case .saved(let read, let new?): noteSave(Int64(read), Int64(new))
        case .touched(true), .none: break
        }
        write = .none
    }

    private mutating func noteSave(_ read: Int64, _ new: Int64) {
        if rules == .createOnSave, cache.copies.value(of: Self.id) == nil {
            let ticket = NodeCache.FillTicket(id: Self.id, number: 1_000_000, mayFill: true)
            cache.flights[Self.id] = ticket.number
            _ = cache.complete(ticket, with: .live(Self.copy(Int(new))), at: instant, wall: Ticks.wall(now))
        } else {
            cache.saved([], of: Self.id, replacing: read, as: new)
        }
    }

    private mutating func evict() {
        left.evictions -= 1
        cache.copies.remove(Self.id)
    }
}
