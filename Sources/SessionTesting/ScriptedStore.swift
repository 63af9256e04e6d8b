public import Sessions
internal import Synchronization

/// A store that fails or pauses on command, in front of another.
///
/// A pause holds a call after or before the store beneath has done its work, so that a test decides what happens in
/// between. Everything that isn't told otherwise passes through.
public final class ScriptedStore: SessionStore, Sendable {
    /// What can be told to fail or pause.
    public enum Call: Hashable, Sendable, CaseIterable {
        /// `insert`, `load`, `touch`, `save`, `rotate`, `revoke`, `cutOff`, `deny`.
        case insert, load, touch, save, rotate, revoke, cutOff, deny
        /// `cutoffs`, `feed`, `beginGeneration`, `publish`, `nodes`, `purge`.
        case cutoffs, feed, beginGeneration, publish, nodes, purge
    }

    /// Where a call is held.
    public enum Moment: Hashable, Sendable {
        /// Before the store beneath is asked.
        case before
        /// When the store beneath has answered, before the caller hears of it.
        case after
    }

    private struct Point: Hashable {
        let call: Call
        let moment: Moment
    }

    private struct State {
        var failures: [Call: SessionsError] = [:]
        var counts: [Call: Int] = [:]
        var closed: Set<Point> = []
        var held: [Point: [CheckedContinuation<Void, Never>]] = [:]
        var watchers: [Point: [CheckedContinuation<Void, Never>]] = [:]
        var newsTold: Int64 = 0
    }

    private let store: any SessionStore
    private let state = Mutex(State())
    private let news = FeedNews()

    /// Puts a script in front of a store.
    public init(_ store: any SessionStore) { self.store = store }

    /// From now on calls of some kinds fail, with `unavailable` unless told otherwise.
    public func fail(
        _ calls: Call..., with error: SessionsError = SessionsError(.unavailable, "the test said so: no store today")
    ) {
        state.withLock { state in for call in calls { state.failures[call] = error } }
    }

    /// From now on no call fails.
    public func recover() { state.withLock { $0.failures = [:] } }

    /// How often a call was made.
    public func count(of call: Call) -> Int { state.withLock { $0.counts[call] ?? 0 } }

    /// Wakes whoever follows the feed: only the script does, so that a test decides which news are lost.
    public func tellNews() {
        let number = state.withLock { state in
            state.newsTold += 1
            return state.newsTold
        }
        news.tell(upTo: FeedPosition(number))
    }

    /// From now on calls of a kind are held, until ``resume(_:_:)``.
    public func pause(_ call: Call, _ moment: Moment) {
        _ = state.withLock { $0.closed.insert(Point(call: call, moment: moment)) }
    }

    /// Waits until a call of a kind is being held.
    public func waitUntilHeld(_ call: Call, _ moment: Moment) async {
        let point = Point(call: call, moment: moment)
        await withCheckedContinuation { continuation in
            let isHeld = state.withLock { state in
                if state.held[point]?.isEmpty == false { return true }
                state.watchers[point, default: []].append(continuation)
                return false
            }
            if isHeld { continuation.resume() }
        }
    }

    /// Lets the held calls of a kind go on, and holds no more.
    public func resume(_ call: Call, _ moment: Moment) {
        let point = Point(call: call, moment: moment)
        let held = state.withLock { state in
            state.closed.remove(point)
            return state.held.removeValue(forKey: point) ?? []
        }
        for continuation in held { continuation.resume() }
    }

    private func through<Result>(_ call: Call, _ work: () async throws -> Result) async throws -> Result {
        state.withLock { $0.counts[call, default: 0] += 1 }
        await hold(Point(call: call, moment: .before))
        if let error = state.withLock({ $0.failures[call] }) { throw error }
        let result = try await work()
        await hold(Point(call: call, moment: .after))
        return result
    }

    private func hold(_ point: Point) async {
        guard state.withLock({ $0.closed.contains(point) }) else { return }
        await withCheckedContinuation { continuation in
            let (isOpen, watchers) = state.withLock { state in
                guard state.closed.contains(point) else { return (true, [CheckedContinuation<Void, Never>]()) }
                state.held[point, default: []].append(continuation)
                return (false, state.watchers.removeValue(forKey: point) ?? [])
            }
            if isOpen { continuation.resume() }
            for watcher in watchers { watcher.resume() }
        }
    }
}

extension ScriptedStore {
    /// Creates a session, unless told otherwise.
    public func insert(_ session: Session) async throws {
        try await through(.insert) { try await store.insert(session) }
    }

    /// Reads one session, unless told otherwise.
    public func load(_ id: IDHash, at now: Timestamp) async throws -> LoadedSession? {
        try await through(.load) { try await store.load(id, at: now) }
    }

    /// Records uses, unless told otherwise.
    public func touch(_ touches: [Touch]) async throws -> [TouchOutcome] {
        try await through(.touch) { try await store.touch(touches) }
    }

    /// Writes a payload, unless told otherwise.
    public func save(
        _ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp
    ) async throws -> SaveOutcome {
        try await through(.save) { try await store.save(payload, of: id, replacing: version, at: now) }
    }

    /// Rotates an id, unless told otherwise.
    public func rotate(
        _ id: IDHash, to successor: Session, reason: String, at now: Timestamp
    ) async throws -> RotateOutcome {
        try await through(.rotate) { try await store.rotate(id, to: successor, reason: reason, at: now) }
    }

    /// Ends a session, unless told otherwise.
    public func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked {
        try await through(.revoke) { try await store.revoke(id, by: by, reason: reason, at: now) }
    }

    /// Sets a cut-off, unless told otherwise.
    public func cutOff(_ scope: CutoffScope, by: String, reason: String?, at now: Timestamp) async throws -> Cutoff {
        try await through(.cutOff) { try await store.cutOff(scope, by: by, reason: reason, at: now) }
    }

    /// Denies tokens, unless told otherwise.
    public func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition {
        try await through(.deny) { try await store.deny(denials, at: now) }
    }

    /// Reads the cut-offs, unless told otherwise.
    public func cutoffs() async throws -> (cutoffs: [Cutoff], position: FeedPosition) {
        try await through(.cutoffs) { try await store.cutoffs() }
    }

    /// Reads the feed, unless told otherwise.
    public func feed(after position: FeedPosition, limit: Int) async throws -> FeedPage {
        try await through(.feed) { try await store.feed(after: position, limit: limit) }
    }

    /// The news of ``tellNews()``, and no others.
    public func feedNews() -> AsyncStream<Void> { news.follow() }

    /// Begins a generation, unless told otherwise.
    public func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64 {
        try await through(.beginGeneration) { try await store.beginGeneration(after: known, at: now) }
    }

    /// Publishes a report, unless told otherwise.
    public func publish(_ report: NodeReport) async throws {
        try await through(.publish) { try await store.publish(report) }
    }

    /// Reads the reports, unless told otherwise.
    public func nodes() async throws -> [NodeReport] {
        try await through(.nodes) { try await store.nodes() }
    }

    /// What the store beneath was told to keep.
    public var retention: Retention? { store.retention }

    /// Of nodes that were lost, as the store beneath tells it.
    public func leaseOfLostNodes(beside reports: [NodeReport]) async throws -> Duration? {
        try await store.leaseOfLostNodes(beside: reports)
    }

    /// Purges, unless told otherwise.
    public func purge(_ retention: Retention, at now: Timestamp) async throws -> Int {
        try await through(.purge) { try await store.purge(retention, at: now) }
    }
}
