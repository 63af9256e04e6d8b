internal import Sessions
internal import Synchronization
internal import Tracing

extension SessionCore {
    private typealias Outcome = SessionMetrics.Outcome

    /// Begins the session of a visitor; one that is there is left to its deadlines.
    func begin(_ bytes: [UInt8]) async throws {
        let made = try await measure(.begin, { _ in .done }) {
            try await self.node.begin(payload: bytes, request: self.request)
        }
        adopt(made)
    }

    /// Signs somebody in, under a new id.
    func signIn(_ user: String, tenant: String?, client: String?, _ bytes: [UInt8]) async throws {
        let old = live?.id
        let made = try await measure(.signIn, { _ in .done }) {
            try await self.node.signIn(
                from: old, user: user, tenant: tenant, client: client, payload: bytes, request: self.request)
        }
        adopt(made)
    }

    /// Gives the session another id.
    func renew(reauthenticated: Bool) async throws {
        guard let live else { throw Self.ended }
        guard let id = live.id else {
            throw SessionsError(.usage, "a session by token has no id to be renewed: issue another token")
        }
        let made = try await measure(.renew, { $0 == nil ? .ended : .done }) {
            try await self.node.renew(id, reauthenticated: reauthenticated, request: self.request)
        }
        guard let made else {
            drop()
            throw Self.ended
        }
        adopt(made)
    }

    /// Saves the state, where it is another; a conflict reads the newer one.
    func save(_ bytes: [UInt8]) async throws -> SaveResult {
        guard let live else { throw Self.ended }
        guard bytes != live.served.payload else {
            desk.metrics.countUnchanged(.save)
            return .unchanged
        }
        let outcome = try await measure(.save, { Self.word(of: $0) }) {
            try await self.node.save(bytes, for: live.served)
        }
        switch outcome {
        case .saved(let version):
            state.withLock { $0.live?.served = live.served.saved(bytes, version: version) }
            return .saved
        case .conflict:
            try await reload(.latest)
            return .conflict
        case .refused:
            drop()
            throw Self.ended
        }
    }

    /// Ends the session on the server, and only then in the client.
    func signOut() async throws {
        if let live {
            _ = try await measure(.signOut, { _ in .done }) { try await self.node.signOut(live.served.id) }
        }
        drop(clearingSite: true)
    }

    /// Ends every session of the user.
    func signOutEverywhere(reason: String?) async throws {
        guard let live, let user = live.served.user else {
            throw SessionsError(.notSignedIn, "nobody is signed in: sign in first")
        }
        _ = try await measure(.signOut, { _ in .done }) {
            try await self.node.cutOff(.user(user), by: user, reason: reason)
        }
        drop(clearingSite: true)
    }

    private static func word(of outcome: SaveOutcome) -> Outcome {
        switch outcome {
        case .saved: .done
        case .conflict: .conflict
        case .refused: .ended
        }
    }

    private func measure<Value: Sendable>(
        _ write: SessionMetrics.Write, _ outcome: (Value) -> Outcome, _ work: @Sendable () async throws -> Value
    ) async throws -> Value {
        let began = MonotonicInstant.now
        do {
            let value = try await withSpan("session.\(write.rawValue)") { _ in try await work() }
            desk.metrics.count(write, outcome(value), since: began)
            return value
        } catch {
            desk.metrics.count(write, .failed, since: began)
            throw error
        }
    }
}
