internal import Sessions

/// The names of a namespace's keys.
///
/// What a list shows lies under `sessions:NAMESPACE:`, the payloads under `payloads:NAMESPACE:`, so that a user of the
/// server can be given the one without the other: see ``RedisAccess``. An id stands in a name as its 32 bytes.
///
/// In a cluster the namespace stands in braces, so that all keys of one lie in one slot: a step is atomic there alone.
struct StoreKeys: Sendable {
    /// The format that this version writes, as the namespace's `meta` names it.
    static let format = "1"

    /// How all keys but the payloads' begin.
    let records: [UInt8]
    /// How the payloads' keys begin.
    let payloads: [UInt8]

    /// Names the keys of a namespace.
    ///
    /// - Parameters:
    ///   - namespace: the namespace.
    ///   - inCluster: whether the server is one of a cluster.
    /// - Throws: `SessionsError` with `refused` for a name that could be mistaken for part of another's keys, or for a
    ///   pattern of an ACL.
    init(namespace: String, inCluster: Bool = false) throws {
        guard namespace.isName(upTo: 64, with: "-_.") else {
            throw SessionsError(
                .refused,
                "a namespace in Redis has 1 to 64 letters, digits, hyphens, underscores and dots: choose such a name")
        }
        let name = inCluster ? "{\(namespace)}" : namespace
        records = .word("sessions:\(name):")
        payloads = .word("payloads:\(name):")
    }

    /// The key that says which server of a cluster is asked, whichever key it is about.
    var place: [UInt8] { own("meta") }
    /// One of the namespace's own keys: `meta`, `ids`.
    func own(_ name: String) -> [UInt8] { records + .word(name) }
    /// A session's row.
    func row(_ id: IDHash) -> [UInt8] { own("s:") + id.bytes }
    /// The rows of many sessions.
    func rows(_ ids: [IDHash]) -> [[UInt8]] {
        let prefix = own("s:")
        return ids.map { id in
            var name: [UInt8] = []
            name.reserveCapacity(prefix.count + IDHash.byteCount)
            name += prefix
            id.withBytes { name += $0 }
            return name
        }
    }
    /// A session's payload.
    func payload(_ id: IDHash) -> [UInt8] { payloads + id.bytes }
    /// The sessions of a user.
    func user(_ user: String) -> [UInt8] { own("u:") + .word(user) }

    /// A name as `redis-cli` shows and takes it within quotes.
    static func quoted(_ key: [UInt8]) -> String {
        let body = key.map { byte in
            switch byte {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): "\\\(Character(Unicode.Scalar(byte)))"
            case 0x20...0x7e: "\(Character(Unicode.Scalar(byte)))"
            default: "\\x\(Hex.encode([byte]))"
            }
        }
        return "\"\(body.joined())\""
    }
}
