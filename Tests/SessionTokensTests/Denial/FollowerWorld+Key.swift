@testable import SessionTokens
@testable import Sessions

extension FollowerWorld {
    /// Numbers that tell two worlds apart.
    var key: [Int] {
        var numbers = [
            left.reads, left.ticks, left.restarts, left.purges, left.failovers, now, process, report?.process ?? -1,
            Int(report?.applied.value ?? -1), feed.count, Int(feedStart.value), durable ?? -1,
        ]
        switch awaited {
        case nil: numbers.append(-2)
        case .some(nil): numbers.append(-1)
        case .some(let process?): numbers.append(process)
        }
        numbers += [
            Int(ledger.applied?.value ?? -1), ledger.leaseEnd.map(Self.tick) ?? -1,
            Int(ledger.cutoffs.latest.value), number(of: ledger.lastEntry),
        ]
        if let past = ledger.lostPast {
            numbers += [Int(past.after.value), Self.tick(past.until)]
        } else {
            numbers += [-2, 0]
        }
        for key in [Self.denial.key, Self.session] {
            numbers.append(ledger.denials.end(of: key).map(Self.tick) ?? -1)
        }
        switch ledger.next {
        case .reload: numbers += [0, 0]
        case .readBack(let request): numbers += [request.limit, Int(request.after.value)]
        case .poll(let position): numbers += [2, Int(position.value)]
        }
        return numbers + doingKey
    }

    private var doingKey: [Int] {
        switch doing {
        case .idle: [0]
        case .registered: [1]
        case .read(let started, .cutoffs(let cutoffs, let position)): [2, started, cutoffs.count, Int(position.value)]
        case .read(let started, .past(let page)): [3, started] + key(of: page)
        case .read(let started, .page(let page)): [4, started] + key(of: page)
        }
    }

    private func key(of page: FeedPage) -> [Int] {
        page.entries.map { number(of: $0) } + [-1, Int(page.end.value), Int(page.start.value)]
    }

    /// A number for an entry: its position, but for the one that a failover loses.
    private func number(of entry: FeedEntry?) -> Int {
        guard let entry else { return -1 }
        return entry == Self.lost ? 100 : Int(entry.position.value)
    }
}
