extension Layout {
    /// Rack's and Rails' sessions in Redis, by redis-rack, redis-actionpack or redis-session-store.
    static let rackRedis = Layout(
        "rack-redis", "Rack and Rails, redis-rack or redis-session-store: PREFIX2::SHA, Marshal or JSON", in: [.redis],
        .keys(KeyPlace(.endingIn(""), .rackPrivate)), payload: .firstOf([.marshal, .json]),
        notes: LayoutNotes(
            comesBack: "a request that is being served writes the session again",
            afterExtend: "The next request sets expire_after again.")
    ).with { $0.users = UserRule.rails }

    /// Rails' sessions in ActiveSupport's cache.
    static let railsCache = Layout(
        "rails-cache", "Rails, cache_store: PREFIX_session_id:2::SHA, entries of ActiveSupport's cache",
        in: [.redis, .memcached], .keys(KeyPlace(.endingIn("_session_id:"), .rackPrivate)), payload: .railsCacheEntry,
        notes: LayoutNotes(
            comesBack: "a request that is being served writes the session again",
            afterExtend: "The next request sets expire_after again.")
    ).with {
        $0.users = UserRule.rails
        $0.embedded = .railsEntry
    }
}
