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
    /// - Parameter watch: runs as long as the sequence is followed, for news that have to be looked for.
    /// - Returns: a sequence that never ends by itself.
    public func follow(_ watch: (@Sendable () async -> Void)? = nil) -> AsyncStream<Void> {
        let (stream, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let (key, isLate) = state.withLock { state in
            state.next += 1
            state.followers[state.next] = continuation
            return (state.next, state.told != nil)
        }
        let task = watch.map { watch in Task { await watch() } }
        continuation.onTermination = { [weak self] _ in
            task?.cancel()
            _ = self?.state.withLock { $0.followers.removeValue(forKey: key) }
        }
        if isLate { continuation.yield() }
        return stream
    }
}
