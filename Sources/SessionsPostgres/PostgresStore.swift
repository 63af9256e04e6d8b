public import Sessions

/// Sessions in PostgreSQL 13 or later, in a schema of their own: for any number of nodes.
///
/// Everything goes through libpq, which brings TLS, SCRAM, several hosts, service files and `~/.pgpass`. A connection
/// that is lost is replaced when it is needed next, after a failover at whichever host of the URL then takes writes.
/// Where an address comes to lead to a standby, a store that was opened on a primary is `unavailable` and answers nothing
/// from there: a standby may be behind, and hasn't heard of the last revokes.
/// Statements are prepared by name: through a pooler, use one connection a client (in pgbouncer, session mode).
public final class PostgresStore: SessionStore, SessionDirectory, Sendable {
    /// What may be done with the schema.
    public enum OpenMode: Sendable {
        /// Read and write; a missing schema is made. What a service needs: a standby won't do.
        case create
        /// Read and write what is there. What a service needs that may make nothing: a standby won't do.
        case existing
        /// Read and write what is there; only read it, where it is a standby. What an operator needs.
        case operating
        /// Read what is there; a standby will do.
        case readOnly
    }

    /// How much of a server is used, and how long anything may take.
    public struct Limits: Sendable {
        /// So many connections at most; made when they are needed.
        public var connections = 8
        /// How long a host of the URL may take to accept a connection.
        public var connecting = Duration.seconds(5)
        /// How long a caller waits for one of the connections.
        public var waiting = Duration.seconds(5)
        /// How long the server may work on a statement.
        public var statement = Duration.seconds(10)
        /// How long it may work on each statement of an operator's order, which may be for every session there is, and
        /// how long it waits for the next one.
        public var order = Duration.seconds(300)

        /// The defaults.
        public init() {}
    }

    /// What this store is.
    public let description: StoreDescription
    /// What this store can do: everything, unless it was opened to be read, or the role may not do it.
    public let capabilities: Capabilities

    let context: StoreContext
    let time: TimeSource
    /// What it has cost the server: statements alone, since libpq tells no bytes.
    public var traffic: StoreTraffic? { pool.meter.traffic }

    let pool: ConnectionPool
    let silentNodes = SilentNodes()
    let heldCutoffs = HeldCutoffs()
    /// Whether the role may read payloads.
    let readsPayloads: Bool

    /// Opens a store.
    ///
    /// - Parameters:
    ///   - url: `postgres://…` or anything else that libpq takes. To an address that isn't this machine, the server's
    ///     certificate is verified unless the URL says otherwise (`sslmode`).
    ///   - mode: whether it may be made and written.
    ///   - namespace: one of several sets of sessions that share the tables without meeting.
    ///   - schema: where the tables lie.
    ///   - password: used before the URL's and `~/.pgpass`; it stands in no error and no log.
    ///   - time: where time comes from.
    ///   - limits: how much of the server is used, and for how long.
    /// - Returns: the open store; its connections close when the last reference goes.
    /// - Throws: ``SessionsError``: `usage` for a URL that can't be read, `unavailable` where no server answers, or a
    ///   service is led to a standby, `storeNotFound` where no such database, store or namespace is there, `notAStore`
    ///   for a schema of somebody else's, `storeTooNew` for one of a newer library, `refused` where the user or the
    ///   password is, or the role lacks a right, `readOnly`, `unsupported`, `busy` or `storeFull` as the server is. What
    ///   isn't ours is left as it was.
    public static func open(
        url: String, mode: OpenMode, namespace: String = "default", schema: String = "sessiontop",
        password: String? = nil, time: TimeSource = .system, limits: Limits = Limits()
    ) async throws -> PostgresStore {
        let settings = try ConnectionSettings(url: url, password: password, isReadOnly: mode == .readOnly)
        let place = settings.shown
        // Sets a connection up; one to a standby, only where that will do.
        let setUp: @Sendable (Link, Bool) throws -> Void = { link, needsPrimary in
            let isStandby = try link.setUp(schema: schema, isReadOnly: mode == .readOnly, limits: limits)
            if isStandby, needsPrimary { throw SessionsError.leadsToStandby(place) }
        }
        let opener = ConnectionPool(settings, limits: limits, time: time) { try setUp($0, mode.isService) }
        let opened = try await opener.use(for: limits.order) { link in
            try link.checkEncoding(at: place)
            let keeper = SchemaKeeper(schema: schema, place: place, link: link, limit: limits.order)
            try keeper.prepare(mode)
            let number = try keeper.namespaceNumber(of: namespace, mayMake: mode == .create)
            return (number: number, rights: try link.rights(), software: link.software)
        }
        // From now on each new connection sees whether the store is still one that this library knows, and on a primary.
        let needsPrimary = mode != .readOnly && !opened.rights.isStandby
        let pool = ConnectionPool(settings, limits: limits, time: time) {
            try setUp($0, needsPrimary)
            try SchemaKeeper.checkVersion(on: $0, at: place)
        }
        let description = StoreDescription(url: place, software: opened.software, layout: "native")
        return PostgresStore(
            StoreContext(schema: schema, namespace: namespace, number: opened.number), pool, time, description,
            opened.rights, isReadOnly: mode == .readOnly)
    }

    private init(
        _ context: StoreContext, _ pool: ConnectionPool, _ time: TimeSource, _ description: StoreDescription,
        _ rights: Rights, isReadOnly: Bool
    ) {
        self.context = context
        self.pool = pool
        self.time = time
        self.description = description
        readsPayloads = rights.readsPayloads
        capabilities = rights.capabilities(isReadOnly: isReadOnly)
    }

    /// Does some work on a connection; what is urgent goes before what else waits for one.
    func use<Result: Sendable>(
        urgent isUrgent: Bool = false, _ work: @escaping @Sendable (Link) throws -> Result
    ) async throws -> Result {
        // The server's own limit comes first: then the connection can be used again.
        try await pool.use(for: pool.limits.statement + .seconds(2), urgent: isUrgent, work)
    }

    /// Does some work that writes; what it leaves open is undone.
    func write<Result: Sendable>(
        urgent isUrgent: Bool = false, _ work: @escaping @Sendable (WriteTransaction) throws -> Result
    ) async throws -> Result {
        try await use(urgent: isUrgent) { [context] in try work(WriteTransaction(link: $0, context: context)) }
    }
}

extension PostgresStore.OpenMode {
    /// Whether it is for a service, which must hear of every revoke.
    fileprivate var isService: Bool {
        switch self {
        case .create, .existing: true
        case .operating, .readOnly: false
        }
    }
}

/// What every statement of a store needs to know.
struct StoreContext: Sendable {
    /// The namespace's name and number.
    let namespace: String, number: Int64
    let log: ChangeLog
    /// The lock that keeps sign-ins and cut-offs apart.
    let signInLock: Int64
    /// The lock of whoever looks at all sessions in a purge, in the step at hand.
    let purgeLock: Int64
    /// Where the feed's news are notified.
    let channel: String
    let knownCutoffs = KnownCutoffs()

    init(schema: String, namespace: String, number: Int64) {
        self.namespace = namespace
        self.number = number
        log = ChangeLog(schema: schema, namespace: number)
        signInLock = LockKey("sign-ins", schema, "\(number)").value
        purgeLock = LockKey("purge", schema, "\(number)").value
        channel = "sessiontop_\(UInt64(bitPattern: LockKey("feed", schema, "\(number)").value))"
    }

    /// The namespace's number as a parameter.
    var ns: Value { .integer(number) }
}
