internal import Sessions

/// Which keys sessions lie under, as far as they have been met: a cache, for what it lacks is looked for in the store.
///
/// A session that is gone is forgotten when two whole passes have not met it. One would do, but two may be under way at
/// once, and the one that ends first must not take what the other has met.
struct KnownKeys: Sendable {
    private var entries: [IDHash: (key: [UInt8], pass: Int)] = [:]
    /// How many passes have begun.
    private var passes = 0

    /// How many keys are known.
    var count: Int { entries.count }

    /// The key of a session; `nil`: it isn't known.
    subscript(id: IDHash) -> [UInt8]? { entries[id]?.key }

    /// A session has been met, in a pass or by itself.
    mutating func remember(_ key: [UInt8], of id: IDHash) { entries[id] = (key, passes) }

    /// A pass over all sessions begins.
    mutating func beginPass() { passes += 1 }

    /// A pass has met every session that there is.
    mutating func endPass() { entries = entries.filter { $0.value.pass >= passes - 1 } }
}
