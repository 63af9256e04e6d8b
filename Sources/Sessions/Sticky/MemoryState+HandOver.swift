/// Handing sessions over from one node's memory to another's.
///
/// A session that leaves is served by nobody until the other node has answered: either node may die at any time, and
/// still at most one of them has it.
extension MemoryState {
    /// A session that has left or arrived, and from how many nodes it has come.
    struct Traveller: Sendable {
        var session: Session
        var hops: Int64
    }

    /// Whether something is on its way.
    var isHandingOver: Bool { leavingCount > 0 }

    /// Refuses what can't be decided here: a session on its way, or one that has gone.
    ///
    /// - Throws: ``SessionsError`` with `busy` or `handedOver`.
    func requirePresence(of id: IDHash) throws {
        if records[id]?.isLeaving == true { throw SessionsError.isLeaving }
        if records[id] == nil, let departure = gone[id] { throw SessionsError.handedOver(to: departure.node) }
    }

    // MARK: - Leaving

    /// The live sessions, in the order in which they were made.
    func staying(at now: Timestamp) -> [IDHash] {
        records.values.filter { !$0.isLeaving && standing(of: $0.session, at: now) == .live }
            .sorted { $0.place < $1.place }.map(\.session.id)
    }

    /// Stops serving those of some sessions that are live, and answers them.
    mutating func depart(_ ids: [IDHash], at now: Timestamp) -> [Traveller] {
        ids.compactMap { id in
            guard let record = records[id], !record.isLeaving, standing(of: record.session, at: now) == .live else {
                return nil
            }
            records[id]?.isLeaving = true
            leavingCount += 1
            return Traveller(session: record.session, hops: record.hops + 1)
        }
    }

    /// Takes in what became of a session that left.
    ///
    /// - Parameters:
    ///   - id: the session.
    ///   - answer: what the other node said; `nil`: nothing, and it won't any more.
    ///   - node: the other node.
    ///   - now: the present time.
    mutating func settle(_ id: IDHash, _ answer: Adoption?, of node: String, at now: Timestamp) {
        guard let record = records[id], record.isLeaving else { return }
        records[id]?.isLeaving = false
        leavingCount -= 1
        refusal = nil
        switch answer {
        case .declined: break
        case .ended:
            let reason = "it had been ended there before it was handed over"
            _ = revoke(id, Revocation(at: now, by: node, reason: reason))
        case .adopted, nil:
            if answer == nil { tally.unanswered += 1 } else { tally.handedOver += 1 }
            remove([id], at: now)
            gone[id] = Departure(node: node, at: now, hops: record.hops + 1)
        }
    }

    /// Sessions that were revoked, here or before they came here.
    var tombstones: [HandOver.Tombstone] {
        let own = records.keys.compactMap { id in
            session(id)?.revocation.map { HandOver.Tombstone(id: id, revocation: $0) }
        }
        return own + denied.map { HandOver.Tombstone(id: $0.key, revocation: $0.value) }
    }

    // MARK: - Arriving

    /// Takes in tombstones: their sessions must not be live here.
    mutating func adopt(_ tombstones: [HandOver.Tombstone]) {
        for tombstone in tombstones where revoke(tombstone.id, tombstone.revocation).outcome == .notFound {
            deny(tombstone.id, tombstone.revocation)
        }
    }

    /// Takes in a session that another node has stopped serving.
    ///
    /// - Parameters:
    ///   - traveller: the session, its payload sealed for this store; its epoch is of the other node's feed.
    ///   - others: the other node's cut-offs.
    ///   - now: the present time.
    /// - Returns: what to tell the other node.
    mutating func adopt(_ traveller: Traveller, knowing others: LatestCutoffs, at now: Timestamp) -> Adoption {
        let session = traveller.session
        let id = session.id
        if denied[id] != nil { return .ended }
        if let known = records[id] {
            if standing(of: known.session, at: now) == .revoked { return .ended }
            // Further than what is here: it comes back before this node has heard that it arrived. Not before then.
            return traveller.hops > known.hops ? .declined : .adopted
        }
        // It was here already, and has gone further: this is a late copy.
        if let departure = gone[id], departure.hops >= traveller.hops { return .adopted }
        if isClosed { return .declined }
        if session.deadlines.havePassed(at: now) { return .ended }
        if cutoffs.covering(session).contains(where: { !Self.outlived($0, session, knowing: others) }) { return .ended }
        do { try makeRoom(for: session, at: now) } catch { return .declined }
        gone[id] = nil
        add(session, hops: traveller.hops)
        tally.adopted += 1
        return .adopted
    }

    /// Whether a session of another node was made after a cut-off of this one that covers it.
    ///
    /// Where that node has the same cut-off, its feed tells. Where it hasn't, by the clocks, which may be apart by
    /// ``NodePolicy/clockSkew``: in doubt the session has ended.
    private static func outlived(_ cutoff: Cutoff, _ session: Session, knowing others: LatestCutoffs) -> Bool {
        if let same = others[cutoff.scope], same.notBefore == cutoff.notBefore { return session.epoch >= same.epoch }
        return session.created > cutoff.notBefore + NodePolicy.clockSkew
    }
}
