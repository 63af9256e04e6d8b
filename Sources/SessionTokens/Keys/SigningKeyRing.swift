public import Sessions

/// The keys of an issuer, in the order in which they sign.
///
/// A key is published before it signs, for as long as others may cache the set, and kept after it signed, until the last
/// token that it signed has run out. All of that follows from one moment for each key: from when on it signs.
public struct SigningKeyRing: Sendable {
    /// A key and its turn.
    public struct Entry: Sendable {
        /// The key, with its private part.
        public let key: JSONWebKey
        /// From when on it signs, until the next one does.
        public internal(set) var signsFrom: Timestamp
    }

    /// Where a key stands at a moment.
    public enum Standing: String, Sendable {
        /// Published, and not yet signing.
        case next
        /// The one that signs.
        case signing
        /// It signed, and its tokens may live.
        case retired
    }

    /// The keys, the oldest first.
    public private(set) var entries: [Entry]

    /// Makes a ring with one new key, which signs at once.
    ///
    /// - Parameters:
    ///   - algorithm: what it signs with.
    ///   - id: its `kid`; `nil`: its thumbprint.
    ///   - now: the moment.
    /// - Throws: ``SessionsError`` with `invalidKey` where the id is malformed.
    public init(newKey algorithm: SignatureAlgorithm, id: String? = nil, at now: Timestamp) throws {
        entries = [Entry(key: try .generate(algorithm, id: id), signsFrom: now)]
    }

    init(entries: [Entry]) throws {
        _ = try JSONWebKeySet(entries.map(\.key))
        guard !entries.isEmpty, entries.allSatisfy({ $0.key.isPrivate && $0.key.id != nil }) else {
            throw JWKMembers.unusable("a key ring needs a key, and each its kid and its private part")
        }
        self.entries = entries.sorted { $0.signsFrom < $1.signsFrom }
    }

    /// The key that signs now; before the first one's turn, the first.
    public func signingKey(at now: Timestamp) -> JSONWebKey { entries[signingIndex(at: now)].key }

    /// Where each key stands now.
    public func standings(at now: Timestamp) -> [Standing] {
        let signing = signingIndex(at: now)
        return entries.indices.map { $0 < signing ? .retired : $0 == signing ? .signing : .next }
    }

    /// Until when a key verifies: `nil` while it has no successor.
    public func verifiesUntil(_ entry: Int, _ schedule: KeySchedule) -> Timestamp? {
        entry + 1 < entries.count ? entries[entry + 1].signsFrom + schedule.tokenLife : nil
    }

    /// The keys that verify: what is published as a JWK Set, those that will sign next among them.
    ///
    /// - Throws: never for a ring that could be made.
    public func verifyingKeys() throws -> JSONWebKeySet {
        try JSONWebKeySet(entries.map { $0.key.publicKey ?? $0.key })
    }

    private func signingIndex(at now: Timestamp) -> Int { entries.lastIndex { $0.signsFrom <= now } ?? 0 }
}

extension SigningKeyRing {
    /// The ring after what is due: keys whose tokens have run out are gone, and the next key is published in time.
    ///
    /// Doing it again changes nothing.
    ///
    /// - Parameters:
    ///   - schedule: when keys follow each other.
    ///   - now: the moment.
    /// - Returns: the new ring; this one stays as it is.
    /// - Throws: ``SessionsError`` with `invalidKey` where there would be too many keys.
    public func rotated(_ schedule: KeySchedule, at now: Timestamp) throws -> SigningKeyRing {
        let rest = try withoutOutlived(schedule, at: now)
        let due = rest.newest.signsFrom + schedule.period
        guard due <= now + schedule.cacheLife else { return rest }
        return try rest.adding(from: max(due, now + schedule.cacheLife))
    }

    /// The ring with a next key that signs as soon as everybody can know it, due or not.
    ///
    /// - Parameters:
    ///   - schedule: when keys follow each other.
    ///   - now: the moment.
    /// - Returns: the new ring; where a next key is published already, nothing is added.
    /// - Throws: ``SessionsError`` with `invalidKey` where there would be too many keys.
    public func rotatedEarly(_ schedule: KeySchedule, at now: Timestamp) throws -> SigningKeyRing {
        let rest = try withoutOutlived(schedule, at: now)
        return rest.newest.signsFrom > now ? rest : try rest.adding(from: now + schedule.cacheLife)
    }

    /// The ring without a key that mustn't be trusted any more; another one signs at once.
    ///
    /// Its tokens are refused from the moment that verifiers have the new set. Raise the epoch, too, by a cut-off of
    /// everyone: who holds the private part could sign tokens that look older.
    ///
    /// - Parameters:
    ///   - id: the key's `kid`.
    ///   - now: the moment.
    /// - Returns: the new ring.
    /// - Throws: ``SessionsError`` with `usage` where no key has this id.
    public func retiring(_ id: String, at now: Timestamp) throws -> SigningKeyRing {
        guard let index = entries.firstIndex(where: { $0.key.id?.hasBytes(of: id) ?? false }) else {
            throw SessionsError(.usage, "no key of the ring has this kid: see sessiontop token jwks")
        }
        let wasSigning = index == signingIndex(at: now)
        var rest = entries
        let algorithm = try rest.remove(at: index).key.signingAlgorithm()
        guard wasSigning else { return try SigningKeyRing(entries: rest) }
        guard index < rest.count else { return try Self.adding(algorithm, to: rest, from: now) }
        rest[index].signsFrom = now
        return try SigningKeyRing(entries: rest)
    }

    private var newest: Entry { entries[entries.count - 1] }

    private func withoutOutlived(_ schedule: KeySchedule, at now: Timestamp) throws -> SigningKeyRing {
        let kept = entries.indices.filter { verifiesUntil($0, schedule).map { $0 > now } ?? true }
        return try SigningKeyRing(entries: kept.map { entries[$0] })
    }

    private func adding(from moment: Timestamp) throws -> SigningKeyRing {
        try Self.adding(newest.key.signingAlgorithm(), to: entries, from: moment)
    }

    private static func adding(
        _ algorithm: SignatureAlgorithm, to entries: [Entry], from moment: Timestamp
    ) throws -> SigningKeyRing {
        try SigningKeyRing(entries: entries + [Entry(key: try .generate(algorithm), signsFrom: moment)])
    }
}
