/// How long keys live.
enum RedisLife {
    /// About 100,000 years in milliseconds: what Lua's and Redis's numbers hold without a doubt.
    static let longest: Int64 = 1 << 51
}
