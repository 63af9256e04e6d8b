internal import GRDB
public import Sessions

/// Removing what nobody needs any more.
extension SQLiteStore {
    /// Removes sessions whose tombstone's time has passed, the feed's oldest entries, cut-offs that can end nothing any
    /// more and nodes long gone, a few hundred rows a transaction.
    ///
    /// Where there are cut-offs that are old enough, and not known to be held by a session of before, every session is
    /// looked at: by a reader, for whom nobody waits.
    ///
    /// - Returns: how many sessions were removed.
    public func purge(_ retention: Retention, at now: Timestamp) async throws -> Int {
        var removed = 0
        var place: EndPlace? = EndPlace.first
        while let from = place {
            let step = try await write {
                try $0.removeSessions(from: from, revokedUntil: now - retention.tombstone, at: now)
            }
            removed += step.removed
            place = step.next
            try Task.checkCancellation()
        }
        while try await write({ try $0.trimFeed(until: now - retention.feed) }) { try Task.checkCancellation() }
        while try await write({ try $0.trimRemovals(until: now - .seconds(3600)) }) { try Task.checkCancellation() }
        let silent = try await silentNodes.look(at: self, retention, by: time)
        if !silent.isEmpty { try await write { try $0.removeNodes(silent) } }
        try await removeCutoffs(setBefore: now - retention.cutoff, at: now)
        return removed
    }

    private func removeCutoffs(setBefore moment: Timestamp, at now: Timestamp) async throws {
        let spent = try await readers.snapshot { [namespaceNumber, heldCutoffs] db in
            try db.spentCutoffs(setBefore: moment, in: namespaceNumber, heldCutoffs, at: now)
        }
        // What was found stays so: whatever is inserted since is of a later epoch.
        for batch in spent.slices(of: WriteTransaction.step) {
            try await write { try $0.remove(batch) }
            try Task.checkCancellation()
        }
    }
}

extension Database {
    fileprivate func spentCutoffs(
        setBefore moment: Timestamp, in namespace: Int64, _ held: HeldCutoffs, at now: Timestamp
    ) throws -> [Cutoff] {
        let feedStart = try positions(of: namespace).feedStart
        let all = try allCutoffs(in: namespace)
        var cutoffs = held.look(at: all, setBefore: moment, feedStart: feedStart, at: now)
        guard !cutoffs.isEmpty else { return [] }
        try run(
            "SELECT epoch, tenant, user, client, absolute_deadline FROM sessions NOT INDEXED WHERE ns = ?1",
            [.integer(namespace)]
        ) {
            cutoffs.take(
                epoch: $0.position(0), tenant: $0.optionalText(1), user: $0.optionalText(2),
                client: $0.optionalText(3), absolute: $0.optionalMoment(4))
            return true
        }
        held.remember(cutoffs, at: now)
        return cutoffs.spent
    }
}

/// A place in the order in which sessions reach their absolute deadline.
private struct EndPlace: Sendable {
    var deadline: Int64
    var number: Int64

    static let first = EndPlace(deadline: .min, number: .min)
}

extension WriteTransaction {
    /// So many rows are looked at in one transaction.
    fileprivate static let step = 500

    fileprivate mutating func removeSessions(
        from place: EndPlace, revokedUntil: Timestamp, at now: Timestamp
    ) throws -> (removed: Int, next: EndPlace?) {
        let candidates = try db.all(
            """
            SELECT absolute_deadline, number, id_hash FROM sessions
            WHERE ns = ?1 AND absolute_deadline <= ?2 AND (absolute_deadline, number) > (?3, ?4)
            ORDER BY absolute_deadline, number LIMIT \(Self.step)
            """,
            [.integer(namespace), .moment(now), .integer(place.deadline), .integer(place.number)]
        ) { (place: EndPlace(deadline: $0.integer(0), number: $0.integer(1)), id: try $0.id(2)) }
        var removed = 0
        for candidate in candidates where try isSpent(candidate.id, revokedUntil: revokedUntil) {
            try db.run("DELETE FROM sessions WHERE number = ?1", [.integer(candidate.place.number)])
            try db.run(
                "INSERT INTO removals(ns, change, id_hash, at) VALUES (?1, ?2, ?3, ?4)",
                [.integer(namespace), nextChange, .id(candidate.id), .moment(now)])
            logChange(of: 0)
            removed += 1
        }
        return (removed, candidates.count == Self.step ? candidates.last?.place : nil)
    }

    /// Whether its revocation, if any, is old enough; a cut-off's counts as well.
    private func isSpent(_ id: IDHash, revokedUntil: Timestamp) throws -> Bool {
        guard let revocation = try db.session(id, in: namespace)?.session.revocation else { return true }
        return revocation.at <= revokedUntil
    }

    /// Drops the oldest entries of the feed; answers whether there may be more.
    fileprivate mutating func trimFeed(until moment: Timestamp) throws -> Bool {
        let old = try db.feed(after: positions.feedStart, limit: Self.step, in: namespace).prefix { $0.at < moment }
        guard let last = old.last else { return false }
        try db.run("DELETE FROM feed WHERE ns = ?1 AND seq <= ?2", [.integer(namespace), .position(last.position)])
        positions.feedStart = last.position
        return old.count == Self.step
    }

    /// Forgets which rows were removed long ago; answers whether there may be more.
    fileprivate mutating func trimRemovals(until moment: Timestamp) throws -> Bool {
        let old = try db.all(
            "SELECT change, at FROM removals WHERE ns = ?1 ORDER BY change LIMIT \(Self.step)", [.integer(namespace)]
        ) { (change: $0.integer(0), at: $0.moment(1)) }.prefix { $0.at < moment }
        guard let last = old.last else { return false }
        try db.run("DELETE FROM removals WHERE ns = ?1 AND change <= ?2", [.integer(namespace), .integer(last.change)])
        positions.changeStart = max(positions.changeStart, last.change)
        return old.count == Self.step
    }

    fileprivate func remove(_ cutoffs: ArraySlice<Cutoff>) throws {
        for cutoff in cutoffs {
            try db.run(
                """
                DELETE FROM cutoffs WHERE ns = ?1 AND scope = ?2 AND key = ?3 AND epoch = ?4 AND not_before = ?5
                """,
                [
                    .integer(namespace), .text(cutoff.scope.kind), .text(cutoff.scope.key), .position(cutoff.epoch),
                    .moment(cutoff.notBefore),
                ])
        }
    }

    /// Forgets nodes whose last report is still the one that was found.
    func removeNodes(_ silent: [NodeReport]) throws {
        for report in silent {
            try db.run(
                "DELETE FROM nodes WHERE ns = ?1 AND id = ?2 AND started = ?3 AND heartbeat = ?4",
                [.integer(namespace), .text(report.id), .moment(report.started), .moment(report.heartbeat)])
        }
    }
}
