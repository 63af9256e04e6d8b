@testable import Sessions

extension FleetWorld {
    /// Numbers that tell two worlds apart; tickets and leases by who holds them, whatever their own numbers.
    var key: [Int] {
        var numbers =
            left.requests + left.polls + [
                left.ticks, left.saves, left.evictions, left.failovers, left.restarts, now, flag(isLive), version, seen,
                Int(end), durable ?? -1, flag(wasEffective), flag(violation),
            ]
        switch revoke {
        case .waiting: numbers.append(0)
        case .durable: numbers.append(1)
        case .marked: numbers.append(2)
        case .done: numbers.append(3)
        }
        switch write {
        case .none: numbers.append(0)
        case .saved(let from, let to, let began): numbers += [1, from, to ?? 0, began]
        case .sharing(let from, let to, let began): numbers += [2, from, to ?? 0, began]
        }
        for node in nodes { numbers += key(of: node) }
        return numbers + key(of: l2) + (left.failovers > 0 ? key(of: older) : [])
    }

    private func flag(_ value: Bool) -> Int { value ? 1 : 0 }

    private func tick(_ instant: MonotonicInstant?) -> Int { instant.map(Ticks.tick) ?? -1 }

    private func key(of state: SharedState) -> [Int] {
        switch state.entry(of: Self.key, at: Ticks.instant(now))?.value {
        case nil: [0]
        case .lease: [1]
        case .live(let copy): [2, Int(copy.version)] + copy.bytes.map(Int.init)
        case .tombstone: [3]
        }
    }

    private func key(of node: Node) -> [Int] {
        let cache = node.cache
        let entry = cache.copies.value(of: Self.id)
        var numbers = [
            Int(node.published ?? -1), entry.map { Int($0.copy.session.version) } ?? 0, tick(entry?.usableUntil),
            tick(cache.negatives.value(of: Self.id)?.usableUntil), tick(cache.revoked.mark(of: Self.id)?.until),
            Int(cache.applied?.value ?? -1), tick(cache.leaseEnd), cache.shared?.generation.hashValue ?? 0,
            flag(cache.nextHistory != nil), Int(cache.nextHistory?.after.value ?? -1),
            Int(cache.nextHistory?.limit ?? 0), flag(cache.shared?.history == nil), node.requests.count,
        ]
        switch node.poll {
        case .idle: numbers.append(0)
        case .read(let at, let to, let isReload): numbers += [1, at, Int(to), flag(isReload)]
        }
        for request in node.requests {
            let leader = node.requests.firstIndex { $0.ticket.number == request.ticket.number } ?? -1
            numbers += [
                leader, flag(request.isLate), request.seen, Int(request.ticket.oldest), flag(request.ticket.mayFill),
                flag(request.ticket.number == cache.flights[Self.id]),
            ]
            numbers += key(of: request.stage)
        }
        return numbers
    }

    private func key(of stage: Request.Stage) -> [Int] {
        switch stage {
        case .looking(let look, let isLeasing): [1, flag(look.isSecond), flag(isLeasing)]
        case .looked(let look, let read): [2, flag(look.isSecond)] + key(of: read)
        case .reading(let fill): [3] + key(of: fill?.lease)
        case .found(let fill, let version, let began): [4, version ?? 0, began] + key(of: fill?.lease)
        case .filling(let write, let lease):
            [5, Int(write.session.version), Int(write.until.milliseconds)] + key(of: lease)
        case .joined: [6]
        }
    }

    private func key(of read: SharedRead) -> [Int] {
        switch read {
        case .live(let copy): [1, Int(copy.version)] + copy.bytes.map(Int.init)
        case .tombstone: [2]
        case .leased(let lease): [3] + key(of: lease)
        case .taken: [4]
        case .nothing: [5]
        }
    }

    /// A lease by where it stands: in L2, in the state that it may fall back to, in both or in neither.
    private func key(of lease: SharedLease?) -> [Int] {
        guard let lease else { return [0] }
        func stands(_ state: SharedState) -> Bool {
            state.entry(of: Self.key, at: Ticks.instant(now))?.value == .lease(lease)
        }
        return [1, flag(stands(l2)), flag(stands(older))]
    }
}
