import Dashboard
import Sessions

/// Changing the store, by order of an operator.
extension EffectRunner {
    /// Sessions in one transaction: few enough to hold up no service, many enough to be quick.
    private static let batch = 1_000

    func revoke(_ job: JobID, _ target: RevokeTarget, _ order: Order) async {
        do {
            guard case .sessions(let ids) = target, ids.count > Self.batch else {
                return inbox.post(.job(job, .durable(try await directory.revoke(target, order: order))))
            }
            try await revokeInBatches(job, ids, order)
        } catch {
            inbox.post(.job(job, .failed("\(error)")))
        }
    }

    private func revokeInBatches(_ job: JobID, _ ids: [IDHash], _ order: Order) async throws {
        var whole = RevokeReceipt(outcomes: [], position: .start, durable: time.monotonic())
        for start in stride(from: 0, to: ids.count, by: Self.batch) {
            if Task.isCancelled { break }
            let part = Array(ids[start..<min(start + Self.batch, ids.count)])
            let receipt = try await directory.revoke(.sessions(part), order: order)
            whole.outcomes += receipt.outcomes
            whole.position.raise(to: receipt.position)
            whole.durable = receipt.durable
            whole.unreached = receipt.unreached
            inbox.post(.job(job, .progress(done: whole.outcomes.count, failed: 0)))
        }
        // What was done before a stop is durable, and must become effective like the rest.
        inbox.post(.job(job, .durable(whole)))
        if whole.outcomes.count < ids.count { inbox.post(.job(job, .stopped)) }
    }

    func extend(_ job: JobID, _ ids: [IDHash], to deadline: NewDeadline, _ order: Order) async {
        do {
            var outcomes: [ExtendOutcome] = []
            for start in stride(from: 0, to: ids.count, by: Self.batch) {
                if Task.isCancelled { return inbox.post(.job(job, .stopped)) }
                let part = Array(ids[start..<min(start + Self.batch, ids.count)])
                outcomes += try await directory.extend(part, to: deadline, order: order)
                inbox.post(.job(job, .progress(done: outcomes.count, failed: 0)))
            }
            inbox.post(.job(job, .extended(outcomes)))
        } catch {
            inbox.post(.job(job, .failed("\(error)")))
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
    }

    func watchEffective(_ job: JobID, _ position: FeedPosition, durable: MonotonicInstant) async {
        if let reason = directory.capabilities.nodes.reason { return inbox.post(.job(job, .uncertain(reason))) }
        do {
            var names: [String] = []
            _ = try await EffectivenessWatch.wait(for: position, durable: durable, time: time) {
                let reports = try await directory.nodes()
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
}
