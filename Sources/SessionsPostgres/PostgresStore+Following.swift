internal import Sessions

/// Being woken when the feed grows.
extension PostgresStore {
    /// Wakes whoever follows the feed: an element when it may have grown, and after each connection, as something may
    /// have come before.
    ///
    /// Faster than to wait for the next poll, and never more: a notification may be late or lost, so keep polling.
    /// Several that come at once are one element. It costs a connection of its own, which comes back by itself, and ends
    /// with the sequence.
    ///
    /// - Returns: a sequence that never ends by itself.
    public func feedNews() -> AsyncStream<Void> {
        let (news, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let listener = FeedListener(pool: pool, channel: context.channel, time: time)
        let task = Task { await listener.run { continuation.yield() } }
        continuation.onTermination = { _ in
            task.cancel()
            listener.stop()
        }
        return news
    }
}
