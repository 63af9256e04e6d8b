/// A script with its hash.
struct RedisScript: Sendable, Equatable {
    /// The text, in Lua.
    let text: String
    /// The SHA-1 of the text, in hexadecimal: what EVALSHA takes.
    let hash: String
    /// Whether it only reads.
    let isReadOnly: Bool
}
