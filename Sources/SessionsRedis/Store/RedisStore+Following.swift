internal import Sessions

/// Being woken when the feed grows.
extension RedisStore {
    /// Wakes whoever follows the feed: by a message that each step sends which adds to it.
    ///
    /// It costs a connection of its own, which comes back by itself, and ends with the sequence.
    ///
    /// - Returns: a sequence that stays silent while the user may not subscribe, see ``RedisAccess``; it ends where the
    ///   server speaks RESP2 alone.
    public func feedNews() -> AsyncStream<Void> {
        let (news, continuation) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
        let subject = RedisWatch(channels: [keys.own("news")])
        let task = Task { [executor] in
            try? await executor.watch(subject) { news in
                switch news {
                case .began, .message: continuation.yield()
                case .changed, .flushed, .lost: break
                }
            }
            continuation.finish()
        }
        continuation.onTermination = { _ in task.cancel() }
        return news
    }
}
