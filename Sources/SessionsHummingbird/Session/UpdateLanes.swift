internal import Sessions
internal import Synchronization

/// Lets the changes of one session go one after the other at this node.
///
/// A courtesy that saves conflicts, and no lock: what keeps changes from being lost is the version that each save names,
/// whichever node it comes from.
final class UpdateLanes: Sendable {
    /// How somebody came to their turn.
    enum Turn: Sendable, Equatable {
        /// At once.
        case first
        /// After others, who may have changed the session.
        case afterOthers
        /// Whoever was before got no answer from the store: everybody tries at once, so that nobody waits for a row of
        /// time limits.
        case released
        /// Too many wait already.
        case refused
    }

    /// The most that wait for one session.
    static let limit = 1024

    private let waiting = Mutex<[IDHash: [CheckedContinuation<Turn, Never>]]>([:])

    /// Waits for one's turn.
    ///
    /// - Returns: how it came; unless it was refused, ``leave(_:_:failed:)`` must follow.
    func enter(_ id: IDHash) async -> Turn {
        if waiting.withLock({ lanes in
            guard lanes[id] == nil else { return false }
            lanes[id] = []
            return true
        }) {
            return .first
        }
        return await withCheckedContinuation { continuation in
            if let turn = queue(continuation, at: id) { continuation.resume(returning: turn) }
        }
    }

    /// How many wait for a session.
    func count(waitingFor id: IDHash) -> Int { waiting.withLock { $0[id]?.count ?? 0 } }

    private func queue(_ continuation: CheckedContinuation<Turn, Never>, at id: IDHash) -> Turn? {
        waiting.withLock { lanes in
            guard let lane = lanes[id] else {
                lanes[id] = []
                return .afterOthers
            }
            guard lane.count < Self.limit else { return .refused }
            lanes[id]?.append(continuation)
            return nil
        }
    }

    /// Gives the turn to the next, or to all of them where the store gave no answer.
    func leave(_ id: IDHash, _ turn: Turn, failed: Bool) {
        guard turn == .first || turn == .afterOthers else { return }
        let (next, how) = waiting.withLock { lanes -> ([CheckedContinuation<Turn, Never>], Turn) in
            guard let lane = lanes[id], !lane.isEmpty, !failed else {
                return (lanes.removeValue(forKey: id) ?? [], .released)
            }
            return ([lanes[id]?.removeFirst()].compactMap(\.self), .afterOthers)
        }
        for continuation in next { continuation.resume(returning: how) }
    }
}
