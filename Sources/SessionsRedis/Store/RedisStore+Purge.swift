public import Sessions

/// Removing what nobody needs any more.
extension RedisStore {
    /// An order that has been open for so long was left by somebody who died.
    private static let orderTime = Duration.seconds(3600)
    /// Changes are kept for so long at most: whoever follows them asks every second or so.
    private static let changesKept = Duration.seconds(3600)

    /// Removes sessions whose tombstone's time has passed, the feed's oldest entries, cut-offs that can end nothing any
    /// more and nodes long gone, a few hundred a step, and writes the audit log's entry of orders that nobody finished.
    ///
    /// Where there are cut-offs that are old enough, and not known to be held by a session of before, every row is read,
    /// as ``statistics(at:)`` does.
    ///
    /// - Returns: how many sessions were removed.
    public func purge(_ retention: Retention, at now: Timestamp) async throws -> Int {
        var removed = 0
        var hasMore = true
        while hasMore {
            try Task.checkCancellation()
            var reply = try await run(StoreScripts.removeSessions) {
                $0.add(now)
                $0.add(retention.tombstone)
            }
            removed += Int(try reply.integer())
            hasMore = try reply.integer() == 1
        }
        repeat {
            try Task.checkCancellation()
            var reply = try await run(StoreScripts.trimFeed) { $0.add(now - retention.feed) }
            hasMore = try reply.integer() == 1
        } while hasMore
        _ = try await run(StoreScripts.trimChanges) {
            $0.add(now)
            $0.add(now - Self.changesKept)
        }
        try await removeNodes(try await silentNodes.look(at: self, retention, by: time))
        try await closeOrders(openSince: now - Self.orderTime)
        try await removeCutoffs(setBefore: now - retention.cutoff, at: now)
        return removed
    }

    /// Removes old cut-offs of which no session is left that is of an earlier epoch.
    private func removeCutoffs(setBefore moment: Timestamp, at now: Timestamp) async throws {
        let start = try await feed(after: .start, limit: 0).start
        let all = try CutoffBook(try await pairs(of: "cutoffs")).all()
        var cutoffs = heldCutoffs.look(at: all, setBefore: moment, feedStart: start, at: now)
        guard !cutoffs.isEmpty else { return }
        // What is inserted from here on is of a later epoch than any of them.
        try await forEachRow { _, row, _ in
            cutoffs.take(
                epoch: row.epoch, tenant: row.tenant, user: row.user, client: row.client,
                absolute: row.deadlines.absolute)
        }
        heldCutoffs.remember(cutoffs, at: now)
        for batch in cutoffs.spent.slices(of: StoreScripts.step) {
            try Task.checkCancellation()
            _ = try await run(StoreScripts.removeCutoffs) {
                for cutoff in batch {
                    $0.add("\(cutoff.scope.kind):\(cutoff.scope.key)")
                    $0.add(cutoff.epoch.value)
                    $0.add(cutoff.notBefore)
                }
            }
        }
    }

    /// Forgets nodes whose last report is still the one that was found.
    func removeNodes(_ silent: [NodeReport]) async throws {
        for batch in silent.slices(of: StoreScripts.step) {
            _ = try await run(StoreScripts.removeNodes) {
                for report in batch {
                    $0.add(report.id)
                    $0.add(report.started)
                    $0.add(report.heartbeat)
                }
            }
        }
    }

    /// Writes the entries of orders that were begun before a moment and never finished.
    private func closeOrders(openSince moment: Timestamp) async throws {
        let reply = try await send(
            .word("ZRANGEBYSCORE"), keys.own("open"), .word("-inf"), .word("\(moment.milliseconds)"))
        for id in (reply.elements ?? []).compactMap(\.bytes) {
            let kept = try await send(.word("LRANGE"), keys.own("order:") + id, .word("0"), .word("-1"))
            let values = (kept.elements ?? []).compactMap(\.bytes)
            // Whoever began it may have finished just now: then there is nothing.
            guard let header = values.first else { continue }
            let ticket = try OrderTicket(id: id, header: header)
            try await close(
                ticket, try values.dropFirst().flatMap(AuditOutcome.unpack), note: "interrupted, more may have ended")
        }
    }
}
