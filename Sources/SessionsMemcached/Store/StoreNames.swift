internal import Sessions

/// The names of a namespace's items: `sessions:NAMESPACE:…`.
///
/// An id stands in a name as its 64 hexadecimal digits, so that an operator who lists a server's keys sees the handles.
struct StoreNames: Sendable {
    private let prefix: String
    /// What the names of sessions begin with.
    let sessionPrefix: [UInt8]

    /// Names the items of a namespace.
    ///
    /// - Parameter namespace: 1 to 64 letters, digits, hyphens, underscores and dots.
    /// - Throws: `SessionsError` with `refused` for another name.
    init(namespace: String) throws {
        guard namespace.isName(upTo: 64, with: "-_.") else {
            throw SessionsError(
                .refused,
                "a namespace in memcached has 1 to 64 letters, digits, hyphens, underscores and dots: choose such a name"
            )
        }
        prefix = "sessions:\(namespace):"
        sessionPrefix = Array("\(prefix)s:".utf8)
    }

    /// The run that all else belongs to, and where its feed ends.
    var root: MemcachedKey { get throws { try own("root") } }
    /// All cut-offs.
    var cutoffs: MemcachedKey { get throws { try own("cutoffs") } }
    /// The number of the last change.
    var changes: MemcachedKey { get throws { try own("changes") } }
    /// The names of all nodes.
    ///
    /// Not `nodes`: there the first format kept them, by other rules.
    var nodes: MemcachedKey { get throws { try own("nodelist") } }
    /// How many entries the audit log has, and the last one's hash.
    var audit: MemcachedKey { get throws { try own("audit") } }

    /// A leaf of the feed.
    func leaf(_ number: Int64) throws -> MemcachedKey { try own("feed:\(number)") }
    /// Which session a change was of.
    func change(_ number: Int64) throws -> MemcachedKey { try own("c:\(number)") }
    /// An entry of the audit log.
    func audit(_ number: Int64) throws -> MemcachedKey { try own("audit:\(number)") }
    /// What a node published.
    func node(_ name: String) throws -> MemcachedKey { try own("node:\(Self.digits(of: name))") }
    /// A node's counters at a moment.
    func sample(_ node: String, _ number: Int64) throws -> MemcachedKey {
        try own("sample:\(Self.digits(of: node)):\(number)")
    }
    /// A session.
    func session(_ id: IDHash) throws -> MemcachedKey { try checked(sessionPrefix + id.hexadecimal.utf8) }

    /// The session whose name this is; `nil`: it is something else's.
    func session(named key: MemcachedKey) -> IDHash? {
        guard key.bytes.count == sessionPrefix.count + 2 * IDHash.byteCount, key.bytes.starts(with: sessionPrefix)
        else { return nil }
        return Hex.decode(key.bytes.dropFirst(sessionPrefix.count)).flatMap { IDHash(digest: $0) }
    }

    /// Names are strangers' words of any length: their hash stands for them.
    private static func digits(of name: String) -> String {
        Hex.encode(IDHash(hashing: Array(name.utf8)).bytes.prefix(16))
    }

    private func own(_ name: String) throws -> MemcachedKey { try checked(Array("\(prefix)\(name)".utf8)) }

    private func checked(_ bytes: [UInt8]) throws -> MemcachedKey {
        guard let key = MemcachedKey(bytes) else {
            throw SessionsError(.usage, "the namespace can't stand in a key of memcached: take another")
        }
        return key
    }
}
