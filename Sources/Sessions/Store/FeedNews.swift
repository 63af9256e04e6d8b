internal import Synchronization

/// Wakes whoever follows a feed within this process.
///
/// For stores that know by themselves when their feed grows: see ``SessionStore/feedNews()``.
public final class FeedNews: Sendable {
    private typealias Followers = [Int: AsyncStream<Void>.Continuation]

    private struct State {
        var followers: Followers = [:]
        var next = 0
        var told: FeedPosition?
        /// Looks for news, as long as anybody follows.
        var watching: Task<Void, Never>?
    }

    private let state = Mutex(State())

    /// Makes one that nobody follows.
    public init() {}

    /// Wakes everybody, unless they were told of this position last.
    ///
    /// - Parameter position: where the feed ends now.
    public func tell(upTo position: FeedPosition) {
        let followers = state.withLock { state in
            guard state.told != position else { return Followers() }
            state.told = position
            return state.followers
        }
        for follower in followers.values { follower.yield() }
    }

    /// Follows: an element at each news, and one now where there have been any; several that come at once are one.
    ///
    /// - Parameter watch: runs as long as anybody follows, once for all of them, for news that have to be looked for.
    /// - Returns: a sequence that never ends by itself.
    public func follow(_ watch: (@Sendable () async -> Void)? = nil) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (key, isLate) = state.withLock { state in
            state.next += 1
            state.followers[state.next] = continuation
            if let watch, state.watching == nil { state.watching = Task { await watch() } }
            return (state.next, state.told != nil)
        }
        continuation.onTermination = { [weak self] _ in self?.leave(key) }
        if isLate { continuation.yield() }
        return stream
    }

    private func leave(_ key: Int) {
        state.withLock { state in
            state.followers[key] = nil
            guard state.followers.isEmpty else { return }
            state.watching?.cancel()
            state.watching = nil
        }
    }
}
