/// What an *operator* needs from a store.
///
/// Looking changes nothing: no deadline, no recency, no counter. What is not known is `nil`; what can't be known now is
/// an error. Besides what is listed, each function throws ``SessionsError`` with `unavailable` or `busy` when the store
/// can't answer.
public protocol SessionDirectory: Sendable {
    /// What this store is, for headers and `doctor`.
    var description: StoreDescription { get }

    /// What this store can do, with the reason for whatever it can't. Keys are greyed from it, and by nothing else.
    var capabilities: Capabilities { get }

    /// A page of all rows, ended ones too, in an order of the store's own that doesn't change while one reads.
    ///
    /// - Parameters:
    ///   - cursor: the end of the page before; `nil` for the first.
    ///   - limit: at most so many rows.
    /// - Returns: the rows, and where the next page begins.
    /// - Throws: ``SessionsError``.
    func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage

    /// The rows that changed since a position, ended ones too; each once, as it is now.
    ///
    /// - Parameters:
    ///   - position: where the last call ended; the first time, what ``changePosition()`` said before the first page.
    ///   - limit: at most so many; ask again while ``RowChanges/hasMore``.
    /// - Returns: the rows, and where the next call begins.
    /// - Throws: ``SessionsError``.
    func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges

    /// Where the changes stand now.
    func changePosition() async throws -> ChangePosition

    /// One session with its payload as stored, and where it lies; `nil` where there is none.
    func detail(_ id: IDHash) async throws -> SessionDetail?

    /// The sessions whose handle begins so.
    ///
    /// - Parameters:
    ///   - prefix: the beginning that somebody typed.
    ///   - limit: at most so many; two tell an ambiguous prefix, more name the candidates.
    /// - Returns: their hashes, in order; empty where there is none.
    /// - Throws: ``SessionsError``.
    func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash]

    /// The live sessions of one user, by exact bytes.
    func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash]

    /// Counts over the whole store.
    func statistics(at now: Timestamp) async throws -> StoreStatistics

    /// What the nodes last published, and the counters' history as far back as it is kept (15 minutes or more).
    func nodes() async throws -> [NodeReport]

    /// The same, for ``EffectivenessWatch``: where a node's position is of a past that the store has lost, the node counts
    /// as one that has applied nothing. See ``SessionStore/checkedNodes(upTo:)``.
    ///
    /// - Parameter position: the feed's position after a commit.
    /// - Returns: the reports.
    /// - Throws: ``SessionsError``.
    func nodes(checkedUpTo position: FeedPosition) async throws -> [NodeReport]

    /// The samples of every node's counters since a moment, in the order of time: for windows and graphs.
    func samples(since moment: Timestamp) async throws -> [CounterSample]

    /// The audit log's entries after a number, in order.
    func audit(after number: Int64, limit: Int) async throws -> [AuditEntry]

    /// Some of the outcomes that are kept beside an entry of the audit log, in order: what its digest is over.
    ///
    /// - Parameters:
    ///   - number: the entry's.
    ///   - place: where the last page ended; `nil` for the first.
    ///   - limit: about so many.
    /// - Returns: the outcomes; `nil` where none are kept beside this entry, or nobody can tell them.
    /// - Throws: ``SessionsError``.
    func auditOutcomes(of number: Int64, after place: Int64?, limit: Int) async throws -> AuditOutcomePage?

    /// Ends sessions, for good, with one entry in the audit log, and an outcome for each session in order.
    ///
    /// Durable when it returns; effective when ``EffectivenessWatch`` says so.
    func revoke(_ target: RevokeTarget, order: Order) async throws -> RevokeReceipt

    /// Denies single tokens, with one entry in the audit log: see ``SessionStore/deny(_:at:)``.
    ///
    /// - Returns: a receipt without outcomes: nobody knows whether there are such tokens.
    /// - Throws: ``SessionsError`` with `unsupported` where the store can't.
    func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt

    /// Refuses everything that was issued before within a scope, sessions and tokens, with one entry in the audit log.
    ///
    /// For a user and for everyone it is ``revoke(_:order:)``. For others the sessions that it ends have no outcomes: they
    /// may be too many to mark in one step.
    ///
    /// - Throws: ``SessionsError`` with `unsupported` where the store can't.
    func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt

    /// Moves idle deadlines later: never past the absolute one, never shorter, never reviving.
    func extend(_ ids: [IDHash], to deadline: NewDeadline, order: Order) async throws -> [ExtendOutcome]

    /// Adds an entry to the audit log of what is no change by itself: a dry run, a reveal, an export, or what was seen of
    /// a change after it stood there.
    ///
    /// - Parameters:
    ///   - action: what was done.
    ///   - target: on what.
    ///   - count: for how many sessions.
    ///   - result: what came of it, in a few words.
    ///   - outcomes: what was seen of each session; none where it wasn't about single ones.
    ///   - order: who, when and why.
    /// - Throws: ``SessionsError``.
    func record(
        _ action: AuditAction, target: String, count: Int, result: String, outcomes: [AuditOutcome], order: Order
    ) async throws

    /// What was changed and could not be put on the record since this was last asked, each in a sentence for people.
    ///
    /// A store that writes its audit log together with the change has none.
    func takeUnrecorded() async -> [String]

    /// Takes a node out or in again.
    ///
    /// - Throws: ``SessionsError`` with `unsupported` where nothing stands before the nodes, `storeNotFound` where there is
    ///   no such node.
    func steer(_ node: String, to wanted: NodeOrder, order: Order) async throws

    /// What only this store can tell of itself: for ``Doctor``, which asks the rest.
    func findings(at now: Timestamp) async throws -> [Finding]

    /// What the last answers left out, each in a sentence for people: a part of the store that could not be asked.
    func gaps() async -> [String]

    /// What this directory has cost the servers that it asks; `nil`: there are none, or nobody counts.
    var traffic: StoreTraffic? { get }
}

extension SessionDirectory {
    /// What a store does whose feed can't tell of tokens.
    ///
    /// - Parameters:
    ///   - denials: not looked at.
    ///   - order: not looked at.
    /// - Returns: never.
    /// - Throws: ``SessionsError`` with `unsupported`.
    public func deny(_ denials: [TokenDenial], order: Order) async throws -> RevokeReceipt {
        throw SessionsError(.unsupported, "this store can't deny single tokens: end the session, or the user's")
    }

    /// What a store does that has cut-offs of users and of everyone alone.
    ///
    /// - Parameters:
    ///   - scope: whom it applies to.
    ///   - order: who orders it.
    /// - Returns: for a user and for everyone what ``revoke(_:order:)`` answers.
    /// - Throws: ``SessionsError`` with `unsupported` for other scopes.
    public func cutOff(_ scope: CutoffScope, order: Order) async throws -> RevokeReceipt {
        guard let target = RevokeTarget(scope) else {
            throw SessionsError(.unsupported, "this store can't cut off a \(scope.kind): revoke its users' sessions")
        }
        return try await revoke(target, order: order)
    }

    /// What a directory does that has no feed of its own: the reports as they are.
    ///
    /// - Parameter position: not looked at.
    /// - Returns: what ``nodes()`` answers.
    /// - Throws: ``SessionsError``.
    public func nodes(checkedUpTo position: FeedPosition) async throws -> [NodeReport] { try await nodes() }

    /// Adds an entry to the audit log whose result says no more than that it stands there.
    ///
    /// - Parameters:
    ///   - action: what was done.
    ///   - target: on what.
    ///   - count: for how many sessions.
    ///   - order: who, when and why.
    /// - Throws: ``SessionsError``.
    public func record(_ action: AuditAction, target: String, count: Int, order: Order) async throws {
        try await record(action, target: target, count: count, result: "recorded", outcomes: [], order: order)
    }

    /// Refused: nothing stands before the nodes.
    public func steer(_ node: String, to wanted: NodeOrder, order: Order) async throws {
        throw SessionsError(.unsupported, "no node is moved: \(capabilities.steering.reason ?? "")")
    }

    /// Nothing.
    public func findings(at now: Timestamp) async throws -> [Finding] { [] }

    /// Nothing that could be told.
    ///
    /// - Parameters:
    ///   - number: not looked at.
    ///   - place: not looked at.
    ///   - limit: not looked at.
    /// - Returns: `nil`.
    /// - Throws: nothing.
    public func auditOutcomes(
        of number: Int64, after place: Int64?, limit: Int
    ) async throws -> AuditOutcomePage? { nil }

    /// Nothing: the log is written together with the change.
    public func takeUnrecorded() async -> [String] { [] }

    /// Nothing: a store that is one whole answers or doesn't.
    public func gaps() async -> [String] { [] }

    /// Not counted: a store in this process's own files or memory.
    public var traffic: StoreTraffic? { nil }
}

/// Which sessions a revoke ends.
public enum RevokeTarget: Sendable, Equatable {
    /// Exactly these.
    case sessions([IDHash])
    /// Every live session of a user, with a cut-off: also one that a request is making right now from an older state.
    case user(String)
    /// Every live session of everyone, with a cut-off.
    case everyone
}

extension RevokeTarget {
    /// What a cut-off of a user or of everyone is for an operator; `nil` for other scopes.
    public init?(_ scope: CutoffScope) {
        switch scope {
        case .user(let user): self = .user(user)
        case .everyone: self = .everyone
        case .tenant, .client: return nil
        }
    }
}

/// A revoke by an operator that is durable.
public struct RevokeReceipt: Sendable {
    /// What became of each session, in the order asked for.
    public var outcomes: [(id: IDHash, user: String?, outcome: RevokeOutcome)]
    /// The feed's position after the commit.
    public var position: FeedPosition
    /// When it was durable, on the monotonic clock of this process.
    public var durable: MonotonicInstant
    /// Parts of the store that a cut-off could not be told: what they hold of it is live.
    ///
    /// Most stores have no parts.
    public var unreached: [String] = []
    /// How many sessions were revoked that the outcomes don't name, for an answer has no room for so many.
    ///
    /// They stand in the store's audit log. Zero, but where a node's admin API answers.
    public var unlisted = 0
    /// What may have been meant, too, and could not be looked at, each in a sentence for people.
    ///
    /// It is of this revoke alone; ``SessionDirectory/gaps()`` tells of the last look, whoever's that was.
    public var gaps: [String] = []

    /// Makes one.
    public init(
        outcomes: [(id: IDHash, user: String?, outcome: RevokeOutcome)], position: FeedPosition,
        durable: MonotonicInstant
    ) {
        self.outcomes = outcomes
        self.position = position
        self.durable = durable
    }
}

/// Where an extend moves the idle deadline to.
public enum NewDeadline: Sendable, Equatable {
    /// Later than the present deadline by so much.
    case by(Duration)
    /// To a moment.
    case until(Timestamp)

    /// The wanted deadline of a session whose present one is known.
    public func wanted(from old: Timestamp) -> Timestamp {
        switch self {
        case .by(let duration): old + duration
        case .until(let moment): moment
        }
    }
}

/// Who orders a change, when and why: what the audit log keeps.
public struct Order: Sendable, Equatable {
    /// The operator, as `user@host` or as the configuration names them.
    public var actor: String
    /// Why.
    public var reason: String?
    /// When, by the operator's clock.
    public var at: Timestamp

    /// Makes an order.
    public init(actor: String, reason: String?, at: Timestamp) {
        self.actor = actor
        self.reason = reason
        self.at = at
    }
}
