public import Sessions
internal import Synchronization

/// What makes signed tokens revocable: it follows a store's feed, and says of a token whether it was revoked, without
/// asking anybody.
///
/// It says that a token is valid only while ``run()`` keeps the lease on the feed alive. So a verifier that isn't run, is
/// stopped, or is cut off from the store accepts no token longer than δ after its revoke; it says ``TokenVerdict/cannotTell``
/// instead, and the service answers 503: the client keeps its token.
///
/// ```swift
/// let follower = RevocationFollower(id: "web-03 tokens", store: store)
/// try await withThrowingTaskGroup(of: Void.self) { group in
///     group.addTask { try await follower.run() }
///     …
///     switch follower.verdict(on: marks) {
///     case .valid: …
///     case .denied: …        // 401
///     case .cannotTell: …    // 503, never 401
///     }
/// }
/// ```
public final class RevocationFollower: Sendable {
    struct State: Sendable {
        var ledger: RevocationLedger
        var valid: Int64 = 0
        var denied: Int64 = 0
        var unsure: Int64 = 0
        var polls: Int64 = 0
        var errors: Int64 = 0
        var status = NodeReport.Status.up
        var signsOfLife = SignsOfLife()
        var isRunning = false
        /// Those who wait for a poll that has yet to begin.
        var waiting: [CheckedContinuation<Void, Never>] = []
    }

    /// The most requests that wait for a poll at once: more are told at once that nobody can tell.
    private static let mostWaiting = 1024

    /// Its name among the nodes of the store, unique: a service node in the same process has another.
    public let id: String
    /// How it follows the feed.
    public let policy: FollowerPolicy
    /// When it began.
    public let started: Timestamp

    let store: any SessionStore
    let time: TimeSource
    let state: Mutex<State>
    /// Rung when the feed may have grown, or somebody can't wait for the next poll.
    let bell = Bell()
    private let whenUnsure: (@Sendable (TokenMarks) async -> TokenVerdict)?

    /// Makes a follower.
    ///
    /// Nothing is read before ``run()``.
    ///
    /// - Parameters:
    ///   - id: its name, unique among the nodes of the store.
    ///   - store: whose feed it follows.
    ///   - policy: how.
    ///   - time: the clocks.
    ///   - whenUnsure: is asked by ``judge(_:)`` where neither memory nor the feed can decide: for tokens that are bound to
    ///     a session a service may look that session up elsewhere. `nil`: then nobody can tell.
    public init(
        id: String, store: any SessionStore, policy: FollowerPolicy = FollowerPolicy(), time: TimeSource = .system,
        whenUnsure: (@Sendable (TokenMarks) async -> TokenVerdict)? = nil
    ) {
        self.id = id
        self.store = store
        self.policy = policy
        self.time = time
        self.whenUnsure = whenUnsure
        started = time.wall()
        let ledger = RevocationLedger(.init(lease: policy.lease, life: policy.entryLife))
        state = Mutex(State(ledger: ledger))
    }

    /// What revocation says of a token, by what is known here: without waiting, in the time of a look at the clock and two
    /// look-ups.
    public func verdict(on marks: TokenMarks) -> TokenVerdict {
        let now = time.monotonic()
        return state.withLock { state in
            let verdict = state.ledger.verdict(on: marks, at: now)
            switch verdict {
            case .valid: state.valid += 1
            case .denied: state.denied += 1
            case .cannotTell: state.unsure += 1
            }
            return verdict
        }
    }

    /// What revocation says of a token; where the lease has run out it reads the feed first.
    ///
    /// For the first requests after a start or a sleep, which would be answered 503 otherwise.
    public func judge(_ marks: TokenMarks) async -> TokenVerdict {
        let known = verdict(on: marks)
        guard known == .cannotTell else { return known }
        if await waitForPoll() {
            let read = verdict(on: marks)
            guard read == .cannotTell else { return read }
        }
        return await whenUnsure?(marks) ?? .cannotTell
    }

    /// How far it has applied the feed; `nil`: it says of no token that it is valid.
    public var applied: FeedPosition? { state.withLock { $0.ledger.applied } }

    /// Whether it may say that a token is valid now.
    public var holdsLease: Bool {
        let now = time.monotonic()
        return state.withLock { $0.ledger.holdsLease(at: now) }
    }

    /// How many denied tokens and ended sessions it remembers, and the memory for them in bytes.
    public var remembered: (count: Int, byteCount: Int) {
        state.withLock { ($0.ledger.denials.count, $0.ledger.denials.byteCount) }
    }

    /// What this process itself has ended, so that it need not wait to be told: a session's or a token's key.
    public func noteDenied(_ key: IDHash) {
        let now = time.monotonic()
        state.withLock { $0.ledger.deny(key, at: now) }
    }

    /// A cut-off that this process itself has set.
    public func noteCutoff(_ cutoff: Cutoff) { state.withLock { $0.ledger.insert(cutoff) } }

    /// Waits until a poll that has yet to begin has ended; `false`: there will be none.
    private func waitForPoll() async -> Bool {
        await withCheckedContinuation { continuation in
            let isIn = state.withLock { state in
                guard state.isRunning, state.waiting.count < Self.mostWaiting else { return false }
                state.waiting.append(continuation)
                return true
            }
            if isIn { bell.ring() } else { continuation.resume() }
        }
        return state.withLock { $0.isRunning }
    }
}
