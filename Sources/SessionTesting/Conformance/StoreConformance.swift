public import Sessions

/// What every store must do, as tests: the contract of ``SessionStore`` and ``SessionDirectory``.
///
/// A store's test target runs it in three lines:
///
///     @Test("The store keeps its contract", arguments: StoreConformance.clauses)
///     func contract(_ clause: StoreConformance.Clause) async throws {
///         try await clause.check(fixture)
///     }
public enum StoreConformance {
    /// One promise, and how it is tried.
    public struct Clause: Sendable, CustomStringConvertible {
        /// The promise, as a sentence.
        public let description: String
        let body: @Sendable (StoreWorld) async throws -> Void

        init(_ description: String, _ body: @escaping @Sendable (StoreWorld) async throws -> Void) {
            self.description = description
            self.body = body
        }

        /// Tries the promise on a fresh store; what is broken is recorded as an issue of the running test.
        ///
        /// - Parameter fixture: makes the store.
        /// - Throws: what the store throws where it mustn't.
        public func check(_ fixture: StoreFixture) async throws {
            let time = LeapingTime()
            try await fixture.withStore(time.source) {
                try await body(StoreWorld(store: $0, other: $1, forgetsCutoffs: fixture.forgetsCutoffs, time: time))
            }
        }
    }

    /// All promises.
    public static var clauses: [Clause] {
        sessionClauses + revokeClauses + cutoffClauses + denialClauses + feedClauses + listClauses + lookClauses
            + keepingClauses + concurrencyClauses + modelClauses
    }
}

/// Makes fresh stores for the conformance suite.
public struct StoreFixture: Sendable {
    /// A store that is both: what a service needs, and what an operator needs.
    public typealias Store = any SessionStore & SessionDirectory

    let forgetsCutoffs: Bool
    let withStore: @Sendable (TimeSource, @Sendable (Store, Store) async throws -> Void) async throws -> Void

    /// Makes a fixture.
    ///
    /// - Parameters:
    ///   - forgetsCutoffs: whether a purge removes cut-offs that can end nothing any more; a store that can't tell
    ///     which those are keeps all.
    ///   - withStore: lends an empty store that takes its time from the source it is given, and another handle on the same
    ///     sessions, as a second process would have it (the same one again where there is no such thing), and cleans up
    ///     afterwards.
    public init(
        forgetsCutoffs: Bool = true,
        withStore: @escaping @Sendable (TimeSource, @Sendable (Store, Store) async throws -> Void) async throws -> Void
    ) {
        self.forgetsCutoffs = forgetsCutoffs
        self.withStore = withStore
    }
}

/// A fresh store, a moment, and short ways to say common things.
struct StoreWorld: Sendable {
    let store: StoreFixture.Store
    let other: StoreFixture.Store
    let forgetsCutoffs: Bool
    /// The stores' clocks.
    let time: LeapingTime
    let now = Timestamp(milliseconds: 1_800_000_000_000)

    var order: Order { Order(actor: "ops/mira", reason: "INC-1", at: now) }

    /// A session that isn't in the store yet.
    func fresh(
        user: String? = "alice", tenant: String? = nil, client: String? = nil, lifetime: Lifetime = .office,
        payload: [UInt8] = [1, 2, 3]
    ) -> Session {
        Session(
            id: SessionID().hash, user: user, tenant: tenant, client: client, created: now, lifetime: lifetime,
            payload: Payload(bytes: payload))
    }

    /// A session that is in the store.
    @discardableResult
    func issued(
        user: String? = "alice", tenant: String? = nil, client: String? = nil, lifetime: Lifetime = .office
    ) async throws -> Session {
        let session = fresh(user: user, tenant: tenant, client: client, lifetime: lifetime)
        try await store.insert(session)
        return session
    }

    /// How a session stands; `nil` where there is none.
    func standing(of id: IDHash, at moment: Timestamp? = nil) async throws -> SessionState? {
        try await store.load(id, at: moment ?? now)?.standing
    }

    /// Touches one session, some time from now.
    func touch(_ id: IDHash, after: Duration, idle: Duration?) async throws -> TouchOutcome? {
        try await store.touch([Touch(id: id, at: now + after, idle: idle)]).first
    }

    /// Every row, in pages of a size.
    func allRows(by limit: Int = 1000) async throws -> [SessionRow] {
        var rows: [SessionRow] = []
        var cursor: RowCursor?
        repeat {
            let page = try await store.rows(after: cursor, limit: limit)
            rows += page.rows
            cursor = page.next
        } while cursor != nil
        return rows
    }

    /// The whole feed.
    func wholeFeed() async throws -> [FeedEntry] { try await store.feed(after: .start, limit: .max).entries }
}
