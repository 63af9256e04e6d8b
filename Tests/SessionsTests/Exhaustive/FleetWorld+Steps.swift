import SessionTesting

@testable import Sessions

extension FleetWorld: Explorable {
    var successors: [FleetWorld] {
        var worlds: [FleetWorld] = []
        func may(_ condition: Bool, _ step: (inout FleetWorld) -> Void) {
            guard condition else { return }
            var world = self
            step(&world)
            if !world.wasEffective { world.wasEffective = world.isEffective }
            worlds.append(world)
        }
        for index in nodes.indices {
            may(left.requests[index] > 0) {
                $0.left.requests[index] -= 1
                $0.request(index)
            }
            for number in nodes[index].requests.indices {
                if case .joined = nodes[index].requests[number].stage { continue }
                may(true) { $0.proceed(index, number) }
            }
            may(nodes[index].poll != .idle || left.polls[index] > 0) { $0.goOnPolling(index) }
            may(nodes[index].cache.nextHistory != nil) { $0.readBack(index) }
        }
        may(revoke != .done) { $0.goOnRevoking() }
        may(write == .none && left.saves > 0 && nodes[0].cache.copies.value(of: Self.id) != nil) { $0.save() }
        may(write != .none) { $0.goOnWriting() }
        may(left.evictions > 0 && holds(l2) != nil) {
            $0.left.evictions -= 1
            $0.l2.remove(Self.key)
        }
        may(left.failovers > 0 && holds(l2) != holds(older)) { $0.older = $0.l2 }
        may(left.failovers > 0 && holds(l2) != holds(older)) {
            $0.left.failovers -= 1
            $0.l2.fallBack(to: $0.older)
        }
        may(left.restarts > 0) { $0.restart(1) }
        may(left.ticks > 0) {
            $0.now += 1
            $0.left.ticks -= 1
        }
        return worlds
    }

    private var instant: MonotonicInstant { Ticks.instant(now) }

    private func holds(_ state: SharedState) -> SharedState.Value? {
        state.entry(of: Self.key, at: instant)?.value
    }

    // MARK: A request

    mutating func request(_ index: Int) {
        let isLate = isEffective
        if isLate, rules == .refuseLate { violation = true }
        ask(index, seen: seen, isLate: isLate, mayJoin: true)
    }

    private mutating func ask(_ index: Int, seen: Int, isLate: Bool, mayJoin: Bool) {
        let oldest = rules == .ignoreSeen ? .min : Int64(seen)
        switch nodes[index].cache.read(Self.id, notBefore: oldest, mayJoin: mayJoin, at: instant) {
        case .serve(let copy, _): if isLate || copy.session.version < seen { violation = true }
        case .refuse: break
        case .join(let ticket):
            nodes[index].requests.append(Request(ticket: ticket, stage: .joined, isLate: isLate, seen: seen))
        case .load(let ticket):
            nodes[index].requests.append(Request(ticket: ticket, stage: .joined, isLate: isLate, seen: seen))
            follow(nodes[index].cache.consult(ticket, at: instant), index, nodes[index].requests.count - 1)
        }
    }

    mutating func proceed(_ index: Int, _ number: Int) {
        let request = nodes[index].requests[number]
        switch request.stage {
        case .looking(let look, let isLeasing):
            let read = l2.read(look.key, leasing: isLeasing ? .seconds(1000) : nil, at: instant)
            nodes[index].requests[number].stage = .looked(look, read)
        case .looked(let look, let read):
            let action = nodes[index].cache.take(found(read), of: look, at: instant, wall: Ticks.wall(now))
            follow(action, index, number)
        case .reading(let fill):
            nodes[index].requests[number].stage = .found(fill, version: isLive ? version : nil, began: now)
        case .found(let fill, let version, let began): land(index, number, fill, version, began)
        case .filling(let write, let lease):
            let copy = shared(write.session.version, until: write.until)
            // Kept far longer than asked for: the copy itself says when its time is over.
            _ = l2.fill(write.key, with: copy, holding: lease, for: .seconds(1000), at: instant)
            nodes[index].requests.remove(at: number)
        case .joined: break
        }
    }

    private mutating func follow(_ action: NodeCache.SharedAction, _ index: Int, _ number: Int) {
        switch action {
        case .look(let look, _): nodes[index].requests[number].stage = .looking(look, isLeasing: true)
        case .lookAgain(let look, _): nodes[index].requests[number].stage = .looking(look, isLeasing: false)
        case .readDatabase(let fill): nodes[index].requests[number].stage = .reading(fill)
        case .answer(let resolution): resolve(resolution, index, nodes[index].requests[number].ticket, filling: nil)
        }
    }

    private mutating func land(
        _ index: Int, _ number: Int, _ fill: NodeCache.SharedFill?, _ version: Int?, _ began: Int
    ) {
        let ticket = nodes[index].requests[number].ticket
        let found: NodeCache.Found = version.map { .live(SessionCopy(Self.session($0))) } ?? .ended(.revoked)
        let wall = Ticks.wall(now)
        let write = nodes[index].cache.share(found, holding: fill, ticket, began: Ticks.wall(began), wall: wall)
        let resolution = nodes[index].cache.complete(ticket, with: found, at: instant, wall: wall)
        resolve(resolution, index, ticket, filling: write.flatMap { write in fill.map { (write, $0.lease) } })
    }

    /// Answers a request and those that waited with it; the first one may still have to fill L2.
    private mutating func resolve(
        _ resolution: NodeCache.Resolution, _ index: Int, _ ticket: NodeCache.FillTicket,
        filling: (write: NodeCache.SharedWrite, lease: SharedLease)?
    ) {
        let waiting = nodes[index].requests.filter { $0.ticket.number == ticket.number }
        nodes[index].requests.removeAll { $0.ticket.number == ticket.number }
        if case .live(let copy, _, _) = resolution {
            if waiting.contains(where: \.isLate) { violation = true }
            for request in waiting where copy.session.version < request.seen { serveOlder(copy, request, index) }
        }
        guard let filling else { return }
        nodes[index].requests.append(
            Request(ticket: ticket, stage: .filling(filling.write, filling.lease), isLate: false, seen: seen))
    }

    /// What was read is older than what a client had seen: whoever only joined the read reads for themselves.
    private mutating func serveOlder(_ copy: SessionCopy, _ request: Request, _ index: Int) {
        guard case .joined = request.stage, rules != .joinWhatever else { return violation = true }
        ask(index, seen: request.seen, isLate: request.isLate, mayJoin: false)
    }

    private func found(_ read: SharedRead) -> NodeCache.SharedFound {
        switch read {
        case .live(let copy):
            let end = Timestamp(milliseconds: copy.bytes.reduce(0) { $0 << 8 | Int64($1) })
            return .live(
                SessionCopy(Self.session(Int(copy.version))),
                until: rules == .ignoreAge ? Timestamp(milliseconds: .max) : end)
        case .tombstone: return .tombstone
        case .leased(let lease): return .leased(lease)
        case .taken: return .taken
        case .nothing: return .nothing
        }
    }

    /// A copy as it lies in L2: here its bytes are when it ends, and nothing more.
    private func shared(_ version: Int64, until: Timestamp) -> SharedCopy {
        SharedCopy(version: version, bytes: withUnsafeBytes(of: until.milliseconds.bigEndian) { Array($0) })
    }

    // MARK: The revoke, on the first node

    private mutating func goOnRevoking() {
        switch revoke {
        case .waiting:
            isLive = false
            end = 1
            durable = now
            revoke = .durable
        case .durable:
            nodes[0].cache.markRevoked(Self.id, at: instant)
            revoke = left.losesTombstone ? .done : .marked
        case .marked:
            l2.bury(Self.key, for: .seconds(1000), at: instant)
            revoke = .done
        case .done: break
        }
    }

    // MARK: A save, on the first node

    private mutating func save() {
        left.saves -= 1
        let read = nodes[0].cache.copies.value(of: Self.id).map { Int($0.copy.session.version) } ?? 0
        let isSaved = isLive && read == version
        if isSaved { version += 1 }
        write = .saved(from: read, to: isSaved ? version : nil, began: now)
    }

    private mutating func goOnWriting() {
        switch write {
        case .saved(let from, let to, let began):
            if let to {
                nodes[0].cache.saved([], of: Self.id, replacing: Int64(from), as: Int64(to))
            } else {
                nodes[0].cache.refuseWrite(Self.id, isLive ? .live : .revoked, at: instant)
            }
            write = .sharing(from: from, to: to, began: began)
        case .sharing(let from, let to, let began):
            let written = to.flatMap {
                nodes[0].cache.share(
                    Self.session($0), under: Self.key, began: Ticks.wall(began), wall: Ticks.wall(now))
            }
            let copy = written.map { shared($0.session.version, until: $0.until) }
            l2.replace(Self.key, version: Int64(from), with: copy, for: .seconds(1000), at: instant)
            if let to { seen = max(seen, to) }
            write = .none
        case .none: break
        }
    }

    // MARK: The feed

    private mutating func goOnPolling(_ index: Int) {
        switch nodes[index].poll {
        case .idle:
            left.polls[index] -= 1
            nodes[index].poll = .read(at: now, to: end, isReload: nodes[index].cache.applied == nil)
        case .read(let at, let to, let isReload):
            nodes[index].poll = .idle
            if isReload { reload(index, at, to) } else { apply(index, at, to) }
            // Whoever watches hears of it at once: that is when most requests are late.
            if nodes[index].published != nil { nodes[index].published = nodes[index].cache.applied?.value ?? 0 }
        }
    }

    private mutating func reload(_ index: Int, _ at: Int, _ to: Int64) {
        let since = Ticks.wall(at) - .seconds(Self.life)
        nodes[index].cache.reload(
            [], position: FeedPosition(to), started: Ticks.instant(at), at: instant, since: since)
        if rules == .trustAtStart { nodes[index].cache.shared?.readBack(until: .start, since: since) }
    }

    private mutating func apply(_ index: Int, _ at: Int, _ to: Int64) {
        let from = nodes[index].cache.pollPosition ?? .start
        _ = nodes[index].cache.apply(page(after: from, to: to), started: Ticks.instant(at), at: instant)
    }

    private func page(after position: FeedPosition, to: Int64) -> FeedPage {
        let entry = FeedEntry(position: FeedPosition(1), event: .revoked(Self.id), at: Ticks.wall(durable ?? 0))
        return FeedPage(
            entries: to == 1 && position.value < 1 ? [entry] : [], end: FeedPosition(to), start: .start)
    }

    private mutating func readBack(_ index: Int) {
        guard let next = nodes[index].cache.nextHistory else { return }
        nodes[index].cache.takeHistory(page(after: next.after, to: end), at: instant)
    }

    /// A node ends, with whatever it was doing, and begins anew: its list entry is there before it trusts anything.
    private mutating func restart(_ index: Int) {
        left.restarts -= 1
        nodes[index] = Node(cache: Self.freshCache(rules), published: durable == nil ? 0 : nil)
    }
}
