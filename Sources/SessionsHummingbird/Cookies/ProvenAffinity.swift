internal import Sessions
internal import Synchronization

/// The affinity cookies that were true lately: a client sends the same one with each request.
final class ProvenAffinity: Sendable {
    private struct Cookie {
        let value: String
        let node: String
    }

    /// So many sessions are remembered; then it begins anew.
    private static let mostSessions = 10_000

    private let cookies = Mutex<[IDHash: Cookie]>([:])

    /// The node that a cookie names, if it is the one that was proven for this session.
    ///
    /// How long comparing takes tells nothing to anybody: whoever knows the session has its cookie.
    func node(_ value: String, for id: IDHash) -> String? {
        cookies.withLock { cookies in
            guard let cookie = cookies[id], cookie.value.hasBytes(of: value) else { return nil }
            return cookie.node
        }
    }

    /// Remembers a cookie whose code is right.
    func remember(_ value: String, of node: String, for id: IDHash) {
        cookies.withLock { cookies in
            if cookies.count >= Self.mostSessions { cookies.removeAll(keepingCapacity: true) }
            cookies[id] = Cookie(value: value, node: node)
        }
    }
}
