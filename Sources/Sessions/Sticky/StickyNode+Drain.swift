internal import Synchronization

extension StickyNode {
    /// The most sessions that travel together, and about the most bytes.
    static let batch = (sessions: 256, bytes: 4 << 20)
    /// How long bytes that travel are worth something.
    private static let travelTime = Duration.seconds(60)
    /// So often a node is asked that gave no answer: to send a batch again is harmless.
    private static let attempts = 3
    /// How often it is looked whether sessions are left.
    private static let interval = Duration.seconds(1)

    /// Drains the node: it takes no new sessions from now on, waits for those it has to end, and hands over the rest.
    ///
    /// It goes on serving what it holds, until that has been handed over or the process ends. Visitors who come without a
    /// session are refused with `draining`; see ``ServiceNode/isDraining`` for telling clients.
    ///
    /// - Parameters:
    ///   - plan: how long to wait, and for whom the rest is.
    ///   - transfer: brings sessions to another node; `nil`: the rest stays.
    /// - Returns: what came of it.
    /// - Throws: ``SessionsError`` with `refused` where a drain goes on already, or where the node may serve sessions from
    ///   copies after they were handed over; `CancellationError`: then the drain is called off.
    @discardableResult
    public func drain(_ plan: DrainPlan, _ transfer: HandOver.Transfer? = nil) async throws -> DrainReport {
        guard let number = begin() else { throw Self.isDrainedAlready }
        return try await carryOut(plan, number, transfer)
    }

    /// Takes new sessions again: calls off a drain that goes on, or ends the state after it.
    public func callOffDrain() {
        progress.withLock { $0.state = .none }
        store.state.withLock { $0.isClosed = false }
        node.setDraining(false)
    }

    static let isDrainedAlready = SessionsError(
        .refused, "the node is being drained already: call that off, or wait for it")

    /// Closes the store; the drain's number, or `nil`: it is being drained already.
    func begin(replacing: Bool = false) -> Int? {
        let now = store.time.wall()
        let number = progress.withLock { progress -> Int? in
            if case .running = progress.state, !replacing { return nil }
            progress.state = .running(DrainReport())
            progress.number += 1
            return progress.number
        }
        guard let number else { return nil }
        let live = store.state.withLock { state in
            state.isClosed = true
            return state.liveCount(at: now)
        }
        note(number) {
            $0.found = live; $0.left = live
        }
        node.setDraining(true)
        return number
    }

    func carryOut(_ plan: DrainPlan, _ number: Int, _ transfer: HandOver.Transfer?) async throws -> DrainReport {
        do {
            try await waitForEnds(plan.limit, number)
            if let transfer, !plan.peers.isEmpty { try await handOver(to: plan.peers, number, transfer) }
        } catch {
            if !isCalledOff(number) { callOffDrain() }
            throw error
        }
        countLeft(number)
        return progress.withLock { progress in
            guard case .running(let report) = progress.state, progress.number == number else { return DrainReport() }
            progress.state = .done(report)
            return report
        }
    }

    /// Whether a drain was called off, or another took its place.
    private func isCalledOff(_ number: Int) -> Bool {
        progress.withLock { progress in
            if case .running = progress.state { progress.number != number } else { true }
        }
    }

    /// Changes the report of a drain, unless another has taken its place.
    private func note(_ number: Int, _ change: (inout DrainReport) -> Void) {
        progress.withLock { progress in
            guard case .running(var report) = progress.state, progress.number == number else { return }
            change(&report)
            progress.state = .running(report)
        }
    }

    private func countLeft(_ number: Int) {
        let live = store.state.withLock { $0.liveCount(at: store.time.wall()) }
        note(number) { $0.left = live }
    }

    private func waitForEnds(_ limit: Duration, _ number: Int) async throws {
        let end = store.time.monotonic() + limit
        while !isCalledOff(number) {
            countLeft(number)
            guard drained?.left != 0, store.time.monotonic() < end else { return }
            try await store.time.sleep(min(end, store.time.monotonic() + Self.interval))
        }
    }

    // MARK: - Handing over

    private func handOver(to peers: [String], _ number: Int, _ transfer: HandOver.Transfer) async throws {
        guard node.policy.isStrict else {
            throw SessionsError(
                .refused,
                "sessions can't be handed over, for this node may serve copies of them: give it NodePolicy.sticky()")
        }
        let own = node.id
        let fleet = Rendezvous(nodes: peers.filter { !$0.hasBytes(of: own) })
        let ids = store.state.withLock { $0.staying(at: store.time.wall()) }
        for (peer, ids) in Self.byOwner(ids, in: fleet) {
            var rest = ids[...]
            while !rest.isEmpty, !isCalledOff(number) {
                try Task.checkCancellation()
                let count = travelling(of: rest)
                await send(Array(rest.prefix(count)), to: peer, number, transfer)
                rest = rest.dropFirst(count)
            }
        }
        try await sendTombstones(in: fleet, number, transfer)
    }

    /// How many of some sessions travel together.
    private func travelling(of ids: ArraySlice<IDHash>) -> Int {
        store.state.withLock { state in
            var (count, bytes) = (0, 0)
            for id in ids.prefix(Self.batch.sessions) {
                bytes += state.records[id]?.session.memoryByteCount ?? 0
                if count > 0, bytes > Self.batch.bytes { break }
                count += 1
            }
            return count
        }
    }

    private static func byOwner(_ ids: [IDHash], in fleet: Rendezvous) -> [(node: String, ids: [IDHash])] {
        var parts: [[UInt8]: [IDHash]] = [:]
        for id in ids { if let owner = fleet.owner(of: id) { parts[Array(owner.utf8), default: []].append(id) } }
        return fleet.nodes.compactMap { name in parts[Array(name.utf8)].map { (name, $0) } }
    }

    /// Sends live sessions, which nobody serves meanwhile, and settles what became of them.
    private func send(_ ids: [IDHash], to peer: String, _ number: Int, _ transfer: HandOver.Transfer) async {
        let landing = Landing<Void>()
        store.crossings.withLock { $0.append(landing) }
        defer {
            store.crossings.withLock { $0.removeAll { $0 === landing } }
            landing.land(())
        }
        let now = store.time.wall()
        // The other node compares a cut-off of its own with ours of the same scope, where that covers a session that comes.
        // All of them would be too many for one piece: this node keeps each for ever.
        let (travellers, cutoffs) = store.state.withLock { state in
            let travellers = state.depart(ids, at: now)
            return (travellers, LatestCutoffs(travellers.flatMap { state.cutoffs.covering($0.session) }).all)
        }
        let rows = travellers.map { try? pack($0, at: now) }
        let packed = rows.compactMap { $0 }
        let sessions = HandOver(node: node.id, cutoffs: cutoffs, rows: packed, tombstones: [])
        var answers = (packed.isEmpty ? [] : await deliver(sessions, to: peer, number, transfer)).makeIterator()
        let became = zip(travellers, rows).map { traveller, row in
            // What could not be sealed never left.
            (traveller.session.id, row == nil ? .declined : answers.next() ?? nil)
        }
        settle(became, at: peer, number)
    }

    private func settle(_ became: [(id: IDHash, answer: Adoption?)], at peer: String, _ number: Int) {
        let now = store.time.wall()
        store.tellingFeed { state in
            for (id, answer) in became { state.settle(id, answer, of: peer, at: now) }
        }
        note(number) { report in
            for (_, answer) in became {
                switch answer {
                case .adopted: report.handedOver += 1
                case .ended: report.ended += 1
                case .declined: break
                case nil: report.unanswered += 1
                }
            }
        }
        countLeft(number)
    }

    private func pack(_ traveller: MemoryState.Traveller, at now: Timestamp) throws -> HandOver.Row? {
        var session = traveller.session
        session.payload = Payload(
            bytes: try node.sealer.open(session.payload, id: session.id, version: session.version))
        return try node.sealer.seal(session, hops: traveller.hops, until: now + Self.travelTime)
    }

    /// Asks until there is an answer; `nil`: nobody can tell what became of a session.
    private func deliver(
        _ sessions: HandOver, to peer: String, _ number: Int, _ transfer: HandOver.Transfer
    ) async -> [Adoption?] {
        var mayHaveArrived = false
        for _ in 0..<Self.attempts {
            do {
                let answers = try await transfer(peer, sessions)
                guard answers.count == sessions.rows.count else {
                    throw SessionsError(.corrupt, "it answered for another number of sessions")
                }
                // An earlier delivery may still be on its way, and be taken where this one was not.
                return answers.map { mayHaveArrived && $0 == .declined ? nil : $0 }
            } catch let error as HandOver.NotDelivered {
                note(number) { $0.failures[peer] = "\(error.cause)" }
            } catch {
                mayHaveArrived = true
                note(number) { $0.failures[peer] = "\(error)" }
            }
        }
        return Array(repeating: mayHaveArrived ? nil : .declined, count: sessions.rows.count)
    }

    /// Tells each node of the sessions that were revoked and that would come to it.
    private func sendTombstones(in fleet: Rendezvous, _ number: Int, _ transfer: HandOver.Transfer) async throws {
        let tombstones = store.state.withLock { $0.tombstones }
        let known = Dictionary(tombstones.map { ($0.id, $0) }) { first, _ in first }
        for (peer, ids) in Self.byOwner(tombstones.map(\.id), in: fleet) {
            for start in stride(from: 0, to: ids.count, by: Self.batch.sessions) where !isCalledOff(number) {
                try Task.checkCancellation()
                let part = ids[start..<min(start + Self.batch.sessions, ids.count)].compactMap { known[$0] }
                _ = await deliver(
                    HandOver(node: node.id, cutoffs: [], rows: [], tombstones: part), to: peer, number, transfer)
            }
        }
    }
}
