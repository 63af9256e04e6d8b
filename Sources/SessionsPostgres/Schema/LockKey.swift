internal import Sessions

/// The key of an advisory lock: PostgreSQL's are numbers that all programs of a database share, so ours are hashes of
/// what they are for.
struct LockKey {
    let value: Int64

    init(_ words: String...) {
        value = Int64(bitPattern: IDHash(hashing: words.joined(separator: "\u{0}").utf8).leadingBits)
    }

    /// For the locks that have two numbers: the first one.
    var half: Int32 { Int32(truncatingIfNeeded: value) }
}
