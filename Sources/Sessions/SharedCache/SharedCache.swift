/// L2: a cache that several nodes share, in front of a database.
///
/// Under a key it holds nothing, a *lease* (somebody is reading the database for it), a *live* copy or a *tombstone*.
/// Each function is one atomic step on the server. A copy is put in only over the filler's own lease: a mark that says
/// yes. Where the lease was evicted, ran out, gave way to a tombstone or was lost in a failover, nothing is put in; a
/// rule that needs a mark that says *no* breaks when that mark is lost.
///
/// Each function gives up in a time of the cache's own, and ends at once when its task is cancelled: the node waits no
/// longer than ``NodePolicy/sharedTimeLimit``, and cancels.
///
/// It makes nothing true: the database and its feed do. ``ServiceNode`` compares every copy with the feed before it
/// serves it, and a cache that is slow, empty, gone or forgetful costs time alone.
public protocol SharedCache: Sendable {
    /// What this cache is, for headers and `doctor`.
    var description: StoreDescription { get }

    /// Reads what stands under a key, and where nothing does, takes the lease.
    ///
    /// - Parameters:
    ///   - key: the session.
    ///   - lease: how long a new lease lasts; `nil`: only look, take none.
    /// - Returns: what was found, or that the lease is the caller's.
    /// - Throws: ``SessionsError`` with `unavailable` when the cache gives no answer in its time.
    func read(_ key: SharedKey, leasing lease: Duration?) async throws -> SharedRead

    /// Puts a copy in, only where the caller's own lease still stands.
    ///
    /// - Parameters:
    ///   - key: the session's key.
    ///   - copy: the live session.
    ///   - lease: what ``read(_:leasing:)`` gave to the caller.
    ///   - life: how long it may stay: rounded up by a second at most, and nothing is put in where it isn't above zero.
    /// - Returns: whether it was put in; `false`: somebody revoked, wrote or took over meanwhile, or the lease was lost.
    /// - Throws: ``SessionsError`` with `unavailable`: then nobody knows, and nothing needs to be done.
    func fill(_ key: SharedKey, with copy: SharedCopy, holding lease: SharedLease, for life: Duration) async throws
        -> Bool

    /// Brings a copy up to date after a write to the database.
    ///
    /// Only where the live copy of the version that was read stands there; a live copy of any other version, and a lease,
    /// is deleted. It never creates one, and never touches a tombstone.
    ///
    /// - Parameters:
    ///   - key: the session's key.
    ///   - version: the version that the write replaced.
    ///   - copy: the session as written; `nil`: only delete what isn't a tombstone.
    ///   - life: how long it may stay, as in ``fill(_:with:holding:for:)``.
    /// - Throws: ``SessionsError`` with `unavailable`: then a copy may be stale until its life ends.
    func replace(_ key: SharedKey, version: Int64, with copy: SharedCopy?, for life: Duration) async throws

    /// Puts a tombstone over whatever stands there: the session was revoked.
    ///
    /// - Parameters:
    ///   - key: the session's key.
    ///   - life: how long it stays: the longest life of any copy at least.
    /// - Throws: ``SessionsError`` with `unavailable`: then try again; the feed holds meanwhile.
    func bury(_ key: SharedKey, for life: Duration) async throws

    /// Which part of the cache has a key: the parts fail by themselves, as servers do that share the keys.
    ///
    /// A part that gives no answer is left alone for a while, and the others are asked on. It must answer at once.
    ///
    /// - Parameter key: the session.
    /// - Returns: any number that stands for the part.
    func part(of key: SharedKey) -> Int

    /// What only this cache can tell of itself: for ``Doctor``.
    ///
    /// - Parameter now: the time by this machine's clock.
    /// - Returns: a finding for each check.
    /// - Throws: ``SessionsError`` with `unavailable` when the cache gives no answer in its time.
    func findings(at now: Timestamp) async throws -> [Finding]
}

extension SharedCache {
    /// The cache has one part.
    public func part(of key: SharedKey) -> Int { 0 }

    /// Nothing.
    public func findings(at now: Timestamp) async throws -> [Finding] { [] }
}

/// The key of a session in a shared cache.
public struct SharedKey: Hashable, Sendable {
    /// The session.
    public var id: IDHash
    /// Which past of the database its copies belong to: a database that went back in time begins a new one.
    public var generation: UInt64

    /// Makes a key.
    public init(id: IDHash, generation: UInt64) {
        self.id = id
        self.generation = generation
    }

    /// The key as text: `PREFIX:GENERATION:HASH`, the generation in base 36 and the hash in base64url.
    ///
    /// Of characters that every cache allows in keys; 80 bytes or less for a prefix of 16.
    ///
    /// - Parameter prefix: tells applications that share the cache apart.
    /// - Returns: the text.
    public func text(prefix: String) -> String {
        "\(prefix):\(String(generation, radix: 36)):\(Base64URL.encode(id.bytes))"
    }
}

/// The right to fill one key: a token that only its holder knows.
public struct SharedLease: Hashable, Sendable {
    /// The token: random, or what the cache made of the lease.
    public var token: UInt64

    /// Makes a lease of a token.
    public init(token: UInt64) { self.token = token }
}

/// A live session's copy in a shared cache.
public struct SharedCopy: Equatable, Sendable {
    /// The version of its payload.
    public var version: Int64
    /// The session, encoded and sealed by the node: nothing in a cache can be read without the key ring.
    public var bytes: [UInt8]

    /// Makes a copy.
    public init(version: Int64, bytes: [UInt8]) {
        self.version = version
        self.bytes = bytes
    }
}

/// What stands under a key of a shared cache.
public enum SharedRead: Equatable, Sendable {
    /// A live session, as it was when somebody filled it in.
    case live(SharedCopy)
    /// The session was revoked, says whoever revoked it: the feed and the database decide.
    case tombstone
    /// Nothing stood there: the lease is the caller's, who reads the database and fills.
    case leased(SharedLease)
    /// Somebody else holds the lease: wait a moment and look once more, then read the database without filling.
    case taken
    /// Nothing stands there, and no lease was asked for.
    case nothing
}
