import Sessions
import Synchronization

/// What the demo's service does with a request: a shop, as its programmers would write it over the library.
extension DemoFleet {
    /// A request at a node.
    struct Visit: Sendable {
        let node: ServiceNode
        let id: SessionID?
        let request: RequestInfo
    }

    /// So often a change is tried again that met somebody else's.
    private static let mostAttempts = 8

    func arrive(_ visit: Visit) async throws -> Client.Answer {
        let made = try await visit.node.begin(payload: newCart().bytes, request: visit.request)
        return .issued(SessionCookie(made.id), signedIn: false)
    }

    /// The visitor's cart comes along into the new session.
    func signIn(_ visit: Visit, user: String) async throws -> Client.Answer {
        var cart = newCart()
        if case .live(let session) = await load(visit), let old = Cart(bytes: session.payload) {
            cart.items = old.items
        }
        let made = try await visit.node.signIn(
            from: visit.id, user: user, payload: cart.bytes, request: visit.request)
        return .issued(SessionCookie(made.id), signedIn: true)
    }

    func view(_ visit: Visit) async -> Client.Answer {
        switch await load(visit) {
        case .live: .served
        case .refused, .suspicious: .refused
        case .unavailable: .failed
        }
    }

    /// Changes the cart; whoever saved meanwhile is not overwritten.
    func change(_ visit: Visit, _ change: (inout Cart) -> Void) async throws -> Client.Answer {
        for _ in 0..<Self.mostAttempts {
            let session: ServedSession
            switch await load(visit) {
            case .live(let served): session = served
            case .refused, .suspicious: return .refused
            case .unavailable: return .failed
            }
            var cart = Cart(bytes: session.payload) ?? newCart()
            change(&cart)
            switch try await visit.node.save(cart.bytes, for: session) {
            case .saved: return .served
            case .refused:
                state.withLock { $0.audit.refused(session.id) }
                return .refused
            case .conflict: state.withLock { $0.tally.conflicts += 1 }
            }
        }
        return .failed
    }

    func signOut(_ visit: Visit) async throws -> Client.Answer {
        guard let id = visit.id else { return .refused }
        try await visit.node.signOut(id.hash)
        return .ended
    }

    /// Looks a session up, and tells the audit what came of it.
    private func load(_ visit: Visit) async -> Answer {
        guard let id = visit.id else { return .refused(nil) }
        // Taken before the look-up: the promise is about requests that start after a revoke is effective.
        let start = time.monotonic()
        let answer = await visit.node.load(id, request: visit.request)
        state.withLock { state in
            switch answer {
            case .live(let served):
                let session = served.session
                state.audit.served(
                    RevocationAudit.Use(id: session.id, user: session.user, epoch: session.epoch, start: start))
            case .refused, .suspicious: state.audit.refused(id.hash)
            case .unavailable: break
            }
        }
        return answer
    }

    private func newCart() -> Cart { state.withLock { Cart.empty(using: &$0.generator) } }
}
