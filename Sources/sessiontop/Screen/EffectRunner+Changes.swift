import Dashboard
import Sessions

/// Changing the store, by order of an operator.
extension EffectRunner {
    /// Sessions in one transaction: few enough to hold up no service, many enough to be quick.
    private static let batch = 1_000

    func revoke(_ job: JobID, _ target: RevokeTarget, _ order: Order) async {
        var whole: RevokeReceipt?
        var failed = 0
        let end = await doInTurn(Self.pieces(of: target)) { [directory] piece in
            try await directory.revoke(piece, order: order)
        } tell: { receipt in
            if whole == nil { whole = receipt } else { whole?.add(receipt) }
            failed += receipt.outcomes.count { $0.outcome.isFailed }
            inbox.post(.job(job, .progress(done: whole.map { $0.outcomes.count + $0.unlisted } ?? 0, failed: failed)))
        }
        if case .stopped? = end, case .sessions(let ids) = target {
            await recordStop(of: .revoke, ids, after: whole?.outcomes.count ?? 0, order)
        }
        await tellUnrecorded()
        for sentence in whole?.gaps ?? [] { inbox.post(.message("incomplete: \(sentence)", .error)) }
        // What was done before a stop or a failure is durable, and must become effective like the rest.
        if let whole { inbox.post(.job(job, .durable(whole))) }
        if let end { inbox.post(.job(job, end)) }
    }

    func extend(_ job: JobID, _ ids: [IDHash], to deadline: NewDeadline, _ order: Order) async {
        var outcomes: [ExtendOutcome] = []
        var failed = 0
        let end = await doInTurn(Self.pieces(of: ids)) { [directory] piece in
            try await directory.extend(piece, to: deadline, order: order)
        } tell: { found in
            outcomes += found
            failed += found.count { $0.isFailed }
            inbox.post(.job(job, .progress(done: outcomes.count, failed: failed)))
        }
        if case .stopped? = end { await recordStop(of: .extend, ids, after: outcomes.count, order) }
        await tellUnrecorded()
        // What was done before a stop or a failure stays done.
        if end == nil || !outcomes.isEmpty { inbox.post(.job(job, .extended(outcomes))) }
        if let end { inbox.post(.job(job, end)) }
    }

    private static func pieces(of target: RevokeTarget) -> [RevokeTarget] {
        guard case .sessions(let ids) = target, ids.count > batch else { return [target] }
        return pieces(of: ids).map { .sessions($0) }
    }

    private static func pieces(of ids: [IDHash]) -> [[IDHash]] {
        stride(from: 0, to: ids.count, by: batch).map { Array(ids[$0..<min($0 + batch, ids.count)]) }
    }

    /// Does a change piece by piece.
    ///
    /// A stop comes between two of them: what is in flight is done to its end, and told.
    ///
    /// - Parameters:
    ///   - pieces: of the whole.
    ///   - change: changes one.
    ///   - tell: is told what came of each.
    /// - Returns: how it ended before all was done: it was stopped or failed; `nil`: all is done.
    private func doInTurn<Piece: Sendable, Answer: Sendable>(
        _ pieces: [Piece], _ change: @escaping @Sendable (Piece) async throws -> Answer, tell: (Answer) -> Void
    ) async -> JobEvent? {
        do {
            for piece in pieces { tell(try await shielded { try await change(piece) }) }
            return nil
        } catch is CancellationError {
            return .stopped
        } catch {
            return .failed("\(error)")
        }
    }

    /// Puts on the record that a change was stopped: the entries of its pieces don't tell that there was more to it.
    private func recordStop(of action: AuditAction, _ ids: [IDHash], after done: Int, _ order: Order) async {
        guard done > 0, directory.capabilities.audit.isPossible else { return }
        let result = "\(AuditEntry.stopped)\(done), left \(ids.count - done)"
        let now = Order(actor: order.actor, reason: order.reason, at: time.wall())
        do {
            // This task was cancelled by the stop: in it a store might give up at once.
            let entry = Task { [directory] in
                try await directory.record(
                    action, target: AuditEntry.target(of: ids), count: ids.count, result: result, outcomes: [],
                    order: now)
            }
            try await entry.value
        } catch {
            inbox.post(.message("not on record: \(result): \(SessionsError.reason(error))", .error))
        }
    }

    /// Tells a node something through the balancer before it.
    func steer(_ node: String, to wanted: NodeOrder, _ order: Order) async {
        do {
            try await directory.steer(node, to: wanted, order: order)
            inbox.post(.steered(node, wanted, failure: nil))
        } catch {
            inbox.post(.steered(node, wanted, failure: "\(error)"))
        }
        await tellUnrecorded()
    }

    /// Says what was changed and is not on the record.
    private func tellUnrecorded() async {
        for sentence in await directory.takeUnrecorded() { inbox.post(.message("not on record: \(sentence)", .error)) }
    }

    func watchEffective(_ job: JobID, _ position: FeedPosition, durable: MonotonicInstant) async {
        if let reason = directory.capabilities.nodes.reason { return inbox.post(.job(job, .uncertain(reason))) }
        do {
            var names: [String] = []
            _ = try await EffectivenessWatch.wait(for: position, durable: durable, time: time) {
                let reports = try await directory.nodes(checkedUpTo: position)
                names = reports.filter { $0.status != .stopped }.map(\.id)
                return reports
            } progress: { waiting in
                inbox.post(.job(job, .applied(nodes: names.filter { !waiting.contains($0) }, waiting: waiting)))
            }
            inbox.post(.job(job, .effective(after: time.monotonic() - durable)))
        } catch {
            inbox.post(.job(job, .uncertain("\(error)")))
        }
    }

    /// Looks whether sessions that were revoked are live again.
    func recheck(_ job: JobID, _ ended: [IDHash: String?], after: Duration) async {
        do {
            try await time.sleep(time.monotonic() + after)
            let cameBack = try await SecondLook(ended).returned(in: directory, at: time.wall())
            inbox.post(.job(job, .rechecked(after: after, cameBack: cameBack)))
        } catch {
            inbox.post(.job(job, .recheckFailed(after: after, "\(error)")))
        }
    }

    /// Puts on the record that sessions that were revoked are live again.
    func recordReturned(_ ids: [IDHash], of target: RevokeTarget, _ order: Order) async {
        do {
            try await SecondLook.record(ids, of: target, by: order, in: directory)
        } catch {
            inbox.post(.message("not on record: \(ids.count) came back: \(SessionsError.reason(error))", .error))
        }
    }
}

extension RevokeOutcome {
    fileprivate var isFailed: Bool { if case .failed = self { true } else { false } }
}

extension ExtendOutcome {
    fileprivate var isFailed: Bool { if case .failed = self { true } else { false } }
}
