internal import Sessions
internal import Synchronization

/// The deadlines that clients' cookies were last issued with by this node: another deadline means another cookie.
final class IssuedDeadlines: Sendable {
    /// Beyond so many all are forgotten, which costs each session one more cookie.
    static let limit = 65_536

    private let known = Mutex<[IDHash: Timestamp]>([:])

    /// Notes what a cookie is issued with; whether it is another deadline than before.
    func note(_ deadline: Timestamp, of id: IDHash) -> Bool {
        known.withLock { known in
            guard known[id] != deadline else { return false }
            if known.count >= Self.limit { known.removeAll(keepingCapacity: true) }
            known[id] = deadline
            return true
        }
    }

    /// The session has ended.
    func forget(_ id: IDHash) { known.withLock { _ = $0.removeValue(forKey: id) } }
}
