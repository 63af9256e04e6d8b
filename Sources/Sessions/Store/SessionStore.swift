/// What a *service* needs from a store, on its request path.
///
/// There is no upsert: ``insert(_:)`` creates, everything else writes only where the session is live. Every store passes
/// the conformance suite in `SessionTesting`, which states this contract as tests.
///
/// Each function is atomic: it happens as a whole or not at all, and is durable when it returns. Besides what is listed,
/// each throws ``SessionsError`` with `unavailable` or `busy` when the store can't answer: then nothing is known.
public protocol SessionStore: Sendable {
    /// Creates a session under an id that was just made. Its ``Session/epoch`` becomes the feed's position now.
    ///
    /// - Throws: ``SessionsError`` with `idExists` where the id is taken.
    func insert(_ session: Session) async throws

    /// Reads one session, as it was last committed: whatever its state, deadlines and cut-offs say.
    ///
    /// - Returns: the session and how it stands at `now`, judged in one read; `nil` where there is none.
    func load(_ id: IDHash, at now: Timestamp) async throws -> LoadedSession?

    /// Records that sessions were used: `seen`, address, agent and node, and the idle deadline, never shorter and never
    /// past the absolute one. Only where live, and neither deadline nor a cut-off has come.
    ///
    /// - Parameter touches: any number; they are written as one batch.
    /// - Returns: an outcome for each, in order.
    /// - Throws: ``SessionsError``; then none of them is recorded.
    func touch(_ touches: [Touch]) async throws -> [TouchOutcome]

    /// Writes a new payload, where the session is live and its version is the one that was read.
    ///
    /// - Parameters:
    ///   - payload: the new state; where it is sealed, for version `version + 1`.
    ///   - id: the session.
    ///   - version: the version that the change was made from.
    ///   - now: a session whose deadline or cut-off has come is refused.
    /// - Returns: what was found and done.
    /// - Throws: ``SessionsError``; then nothing is written.
    func save(
        _ payload: Payload, of id: IDHash, replacing version: Int64, at now: Timestamp
    ) async throws -> SaveOutcome

    /// Ends a session and creates its successor in one step: at sign-in, at a change of privilege, to renew an id.
    ///
    /// The old session is revoked, with an entry in the feed. Nothing happens where it isn't live.
    ///
    /// - Throws: ``SessionsError`` with `idExists` where the new id is taken; then the old session is untouched.
    func rotate(_ id: IDHash, to successor: Session, reason: String, at now: Timestamp) async throws -> RotateOutcome

    /// Ends one session, for good, with an entry in the feed: sign-out, and whatever the service itself decides.
    /// Idempotent. An operator's revoke is ``SessionDirectory/revoke(_:order:)``.
    func revoke(_ id: IDHash, by: String, reason: String?, at now: Timestamp) async throws -> Revoked

    /// Sets a cut-off, with an entry in the feed: everything issued before, within the scope, is refused.
    func cutOff(_ scope: CutoffScope, by: String, reason: String?, at now: Timestamp) async throws -> Cutoff

    /// Denies single tokens, with an entry in the feed each: whoever verifies by the feed refuses them from then on.
    ///
    /// There is no other record of it: an entry matters as long as a token that it could match, which must be shorter than
    /// ``Retention/feed``. An operator's order is ``SessionDirectory/deny(_:order:)``.
    ///
    /// - Parameters:
    ///   - denials: any number. Denied before is no error: it is told again.
    ///   - now: when, as the feed says it.
    /// - Returns: the feed's position after the commit; a verifier that has applied it refuses them.
    /// - Throws: ``SessionsError`` with `unsupported` where the store can't.
    func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition

    /// All cut-offs in force, and the feed's position they were read at.
    func cutoffs() async throws -> (cutoffs: [Cutoff], position: FeedPosition)

    /// Reads the feed past a position, in order.
    ///
    /// - Parameters:
    ///   - position: the last one that was applied.
    ///   - limit: at most so many entries; ask again from the last one's position for more. With none only where it
    ///     begins and ends is asked for: that may wait behind other requests, while a node's lease hangs on the entries.
    /// - Returns: the entries, and where the whole feed begins and ends.
    /// - Throws: ``SessionsError``.
    func feed(after position: FeedPosition, limit: Int) async throws -> FeedPage

    /// Wakes whoever follows the feed: an element whenever it may have grown, by whichever process, and one at the
    /// beginning where something may have come before.
    ///
    /// Faster than to wait for the next poll, and never more: an element may be late or lost, so keep polling. Several
    /// that come at once are one element. A lost connection is made again without a word.
    ///
    /// - Returns: a sequence; one that has ended tells nothing any more.
    func feedNews() -> AsyncStream<Void>

    /// Begins a new generation of copies in shared caches, because the store went back in time: a backup was restored.
    ///
    /// Whoever notices calls it: many may, and one generation begins. Generations only rise: each is the time in
    /// milliseconds, or one more than any that was known, so that a restored store doesn't meet an old one again.
    ///
    /// - Parameters:
    ///   - known: the caller's, from ``FeedPage/generation``. Where the store has a later one already, nothing happens.
    ///   - now: the present time.
    /// - Returns: the store's generation, later than `known`.
    /// - Throws: ``SessionsError`` with `unsupported` where the store has no generations: then nodes leave shared caches
    ///   alone from then on.
    func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64

    /// Publishes what a node has applied and counted: its sign of life.
    func publish(_ report: NodeReport) async throws

    /// What every node has published, whether it is still alive or not.
    func nodes() async throws -> [NodeReport]

    /// How long this store was told, when it was opened, to keep what has ended; `nil`: whoever purges says.
    ///
    /// A node that purges keeps what either asks for.
    var retention: Retention? { get }

    /// How long a node may live by its memory that ``nodes()`` didn't tell of, because the store can lose what nodes
    /// publish.
    ///
    /// Whoever waits for a revoke then waits for so long after it was durable, whatever all others have applied.
    ///
    /// - Parameter reports: what ``nodes()`` answered just before: a node that should be among them and isn't is lost.
    /// - Returns: the longest lease that such a node may have; `nil`: there is none, as in any store that loses nothing.
    /// - Throws: ``SessionsError`` with `unavailable` or `busy`.
    func leaseOfLostNodes(beside reports: [NodeReport]) async throws -> Duration?

    /// Removes what nobody needs any more: sessions whose tombstone's time has passed, the feed's oldest entries,
    /// cut-offs that can end nothing, nodes long gone. In small steps that hold up nobody.
    ///
    /// A node goes by no wall clock: this handle must have found the same last report of it in two purges that are at least
    /// ``Retention/nodes`` apart on the monotonic clock. Purge by a process that runs on; one that ends after a purge
    /// forgets no node.
    ///
    /// A cut-off goes once the feed has dropped its entry, it was set longer ago than ``Retention/cutoff``, and no
    /// session is left, live or ended, that it covers and that is of an earlier epoch. Tokens and copies of before have
    /// died by then, and whoever signs in later is none of its business. A store that can't tell for sure keeps it.
    ///
    /// A ``ServiceNode`` that runs calls it by itself, see ``NodePolicy/purgeInterval``.
    ///
    /// - Returns: how many sessions were removed.
    func purge(_ retention: Retention, at now: Timestamp) async throws -> Int
}

extension SessionStore {
    /// What a store does that can't tell when its feed grows.
    ///
    /// - Returns: a sequence that has ended: nodes go by their polls.
    public func feedNews() -> AsyncStream<Void> { AsyncStream { $0.finish() } }

    /// What a store was told that is told nothing: `nil`.
    public var retention: Retention? { nil }

    /// What a store does that loses no node.
    ///
    /// - Parameter reports: not looked at.
    /// - Returns: `nil`.
    /// - Throws: nothing.
    public func leaseOfLostNodes(beside reports: [NodeReport]) async throws -> Duration? { nil }

    /// What a store does whose feed can't tell of tokens.
    ///
    /// - Parameters:
    ///   - denials: not looked at.
    ///   - now: not looked at.
    /// - Returns: never.
    /// - Throws: ``SessionsError`` with `unsupported`.
    public func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition {
        throw SessionsError(.unsupported, "this store can't deny single tokens: end the session, or the user's")
    }

    /// What a store does that has no generations.
    ///
    /// - Parameters:
    ///   - known: not looked at.
    ///   - now: not looked at.
    /// - Returns: never.
    /// - Throws: ``SessionsError`` with `unsupported`.
    public func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64 {
        throw SessionsError(
            .unsupported, "this store can't begin a new generation of copies: empty the shared cache by hand")
    }
}

extension UInt64 {
    /// The generation that a store begins after one that is known.
    ///
    /// - Parameters:
    ///   - known: the one that turned out to be of another past.
    ///   - now: the present time.
    /// - Returns: the time in milliseconds, or one more than `known` where the clock is behind it.
    public static func generation(after known: UInt64, at now: Timestamp) -> UInt64 {
        Swift.max(UInt64(clamping: now.milliseconds), known &+ 1)
    }
}

/// A session as a store holds it, and how it stands.
public struct LoadedSession: Sendable, Equatable {
    /// The session.
    public var session: Session
    /// Its standing when it was read, cut-offs included.
    public var standing: SessionState

    /// Pairs a session with its standing.
    public init(session: Session, standing: SessionState) {
        self.session = session
        self.standing = standing
    }
}

/// One use of a session, to be recorded.
public struct Touch: Sendable, Equatable {
    /// The session.
    public var id: IDHash
    /// When it was used.
    public var at: Timestamp
    /// The idle time that its lifetime grants; `nil`: no idle limit.
    public var idle: Duration?
    /// The address it was used from.
    public var ip: String?
    /// The user agent it was used with.
    public var agent: String?
    /// The node that served it.
    public var node: String?

    /// Makes a record of a use.
    public init(
        id: IDHash, at: Timestamp, idle: Duration?, ip: String? = nil, agent: String? = nil, node: String? = nil
    ) {
        self.id = id
        self.at = at
        self.idle = idle
        self.ip = ip
        self.agent = agent
        self.node = node
    }
}

/// A revoke that is durable: what it found, and how far the feed must be applied for it to be effective.
public struct Revoked: Sendable, Equatable {
    /// What was found.
    public var outcome: RevokeOutcome
    /// The feed's position after the commit; a node that has applied it serves the session no more.
    public var position: FeedPosition

    /// Makes one.
    public init(outcome: RevokeOutcome, position: FeedPosition) {
        self.outcome = outcome
        self.position = position
    }
}

/// How long a store keeps what has ended: see ``NodePolicy/retention``.
public struct Retention: Sendable, Equatable {
    /// The longest life of a token that was bound to a session.
    public var longestToken: Duration
    /// The leeway that verifiers grant.
    public var leeway: Duration
    /// How long the feed is kept: longer than any copy in a cache can live.
    public var feed: Duration
    /// How long the last report of a silent node is kept at least, since a purge found it for the first time.
    public var nodes: Duration

    /// Makes one; the defaults suit tokens of at most 15 minutes.
    public init(
        longestToken: Duration = .seconds(900), leeway: Duration = .seconds(60), feed: Duration = .seconds(86_400),
        nodes: Duration = .seconds(3600)
    ) {
        self.longestToken = longestToken
        self.leeway = leeway
        self.feed = feed
        self.nodes = nodes
    }

    /// A session's row may go at `max(absolute deadline, revoked at + this)`: until then it is tombstone and record.
    public var tombstone: Duration { longestToken + leeway + .seconds(3600) }

    /// The longer of two, each part by itself.
    package func covering(_ other: Retention) -> Retention {
        Retention(
            longestToken: max(longestToken, other.longestToken), leeway: max(leeway, other.leeway),
            feed: max(feed, other.feed), nodes: max(nodes, other.nodes))
    }

    /// A cut-off stays for longer than this, whatever it may end: so any token and any copy in a cache that it covers
    /// has died before it goes, and whoever starts and reads the cut-offs misses nothing.
    public var cutoff: Duration { max(tombstone, feed) }
}
