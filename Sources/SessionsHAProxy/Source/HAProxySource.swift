public import Sessions
internal import Synchronization

/// A balancer's stick tables as sessions, over HAProxy's runtime API.
///
/// Each key of a table is a session, and the server that it sticks to is its node. Looking changes nothing: HAProxy moves
/// an entry's expiry with requests alone. To *revoke* here is to unpin: the balancer forgets which server a client goes
/// to. It ends no session: the client keeps its cookie, and is bound again by its next request.
///
/// HAProxy tells no changes, so its tables are read whole; with many entries they are read again after nineteen times as
/// long as it took, so that looking costs the balancer no more than a twentieth of its time.
public final class HAProxySource: SessionDirectory, Sendable {
    /// What this balancer is.
    public let description: StoreDescription
    /// What an operator can do with it.
    public let capabilities: Capabilities

    let client: RuntimeClient
    let configuration: HAProxyConfiguration
    let time: TimeSource
    let log: OperatorLog?
    private let state = Mutex(State())

    private struct State {
        var snapshot: StickSnapshot?
        var usableUntil: MonotonicInstant?
        /// Entries that were taken out: where to look whether they are back.
        var unpinned: [IDHash: [EntryPlace]] = [:]
        /// When each process began, as it was first told: it tells seconds alone.
        var started: (process: Int, at: Timestamp)?
    }

    private init(
        _ configuration: HAProxyConfiguration, client: RuntimeClient, time: TimeSource, log: OperatorLog?,
        description: StoreDescription, capabilities: Capabilities
    ) {
        self.log = log
        (self.configuration, self.client, self.time) = (configuration, client, time)
        (self.description, self.capabilities) = (description, capabilities)
    }

    /// Connects to a balancer.
    ///
    /// - Parameters:
    ///   - configuration: where it is, and which table is looked at.
    ///   - isReadOnly: whether nothing may be changed.
    ///   - log: where changes are put on the record, for HAProxy keeps none; `nil`: nowhere. Where it is one that can't be
    ///     written to, nothing is changed.
    ///   - time: the clocks.
    /// - Returns: the source.
    /// - Throws: `SessionsError` with `unavailable` where nobody answers, `storeNotFound` where there is no such table,
    ///   `refused` where the socket doesn't show entries.
    public static func open(
        _ configuration: HAProxyConfiguration, isReadOnly: Bool = false, log: OperatorLog? = nil,
        time: TimeSource = .system
    ) async throws -> HAProxySource {
        let client = RuntimeClient(configuration)
        let process = try await client.ask(.showInformation, ProcessReader())
        // Versions that don't know the question let everybody do everything.
        let level = try await client.ask(.showLevel, WordsReader())
        guard level != "user" else {
            throw SessionsError(
                .refused, "this socket of HAProxy doesn't show entries: use one of level operator or admin")
        }
        if let table = configuration.table {
            guard try await client.ask(.showTables, TableListReader()).contains(where: { $0.name == table }) else {
                throw SessionsError(.storeNotFound, "HAProxy at \(client.address) has no stick table of this name")
            }
        }
        return HAProxySource(
            configuration, client: client, time: time, log: log,
            description: StoreDescription(
                url: configuration.shownURL, software: "HAProxy \(process.version)", layout: "haproxy"),
            capabilities: capabilities(level: level, isReadOnly: isReadOnly, log: log))
    }

    private static func capabilities(level: String, isReadOnly: Bool, log: OperatorLog?) -> Capabilities {
        var change = Capabilities.Ability.yes
        if isReadOnly {
            change = .no(because: readOnly)
        } else if level == "operator" {
            change = .no(because: "this socket has the level operator: it takes one of level admin")
        } else if let lack = log?.lack {
            change = .no(because: lack)
        }
        var capabilities = Capabilities(
            revoke: change,
            extend: .no(because: "an entry's expiry follows its last request: HAProxy alone moves it"),
            nodes: .yes,
            audit: OperatorLog.ability(of: log, readOnly: isReadOnly ? readOnly : nil, none: noLog),
            changes: .no(because: "HAProxy doesn't tell what changed: its tables are read again"),
            finalRevoke: .no(
                because: "a client that is unpinned keeps its cookie, and is bound anew by its next request"),
            steering: change)
        capabilities.revokeMeaning = .unpins
        capabilities.owners = .no(because: "a table of HAProxy's doesn't say whose a session is: add --with STORE")
        return capabilities
    }

    private static let readOnly = "it was opened to be read"
    /// What is said where nobody keeps a log.
    static let noLog = "HAProxy keeps no audit log"

    // MARK: Reading

    /// The tables as they are now, or were a moment ago where reading them takes long.
    func snapshot() async throws -> StickSnapshot {
        let now = time.monotonic()
        let kept = state.withLock { $0.usableUntil.map { now < $0 } ?? false ? $0.snapshot : nil }
        if let kept { return kept }
        return try await read()
    }

    /// The tables as they were last read; read now where they never were.
    func lastSnapshot() async throws -> StickSnapshot {
        if let last = state.withLock({ $0.snapshot }) { return last }
        return try await read()
    }

    /// Reads the tables.
    func read() async throws -> StickSnapshot {
        let began = time.monotonic()
        let servers = ServerNames(try await client.ask(.showServers, ServerState.reader()))
        var dumps: [TableDump] = []
        for table in try await tables() {
            let reader = TableReader(wantsCounting: configuration.table != nil)
            do {
                dumps.append(try await client.ask(.showTable(table.name), reader))
            } catch let error as SessionsError where error.code == .storeNotFound {
                // It went with a reload in between.
                continue
            }
        }
        let snapshot = StickSnapshot(
            dumps, wantsCounting: configuration.table != nil, servers: servers, at: time.wall())
        let ended = time.monotonic()
        state.withLock {
            $0.snapshot = snapshot
            $0.usableUntil = snapshot.pins.count > Self.small ? ended + (ended - began) * 19 : ended
        }
        return snapshot
    }

    /// So many entries are read anew whenever they are asked for.
    private static let small = 5_000
    /// So many entries that were taken out are remembered.
    private static let mostUnpinned = 10_000

    /// The tables that are looked at.
    func tables() async throws -> [TableHeader] {
        let tables = try await client.ask(.showTables, TableListReader())
        guard let name = configuration.table else {
            return tables.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
        }
        return tables.filter { $0.name.hasBytes(of: name) }
    }

    /// Forgets what was read, for it was changed; and remembers what was taken out.
    func forget(_ unpinned: [IDHash: [EntryPlace]]) {
        state.withLock { state in
            (state.snapshot, state.usableUntil) = (nil, nil)
            if state.unpinned.count + unpinned.count > Self.mostUnpinned { state.unpinned = [:] }
            state.unpinned.merge(unpinned) { $1 }
        }
    }

    /// Where a session's entries are, or were before they were taken out; empty: nobody has seen any.
    func places(of id: IDHash, in snapshot: StickSnapshot) -> [EntryPlace] {
        let known = snapshot.places(of: id)
        let others = state.withLock { $0.unpinned[id] ?? [] }
        return known + others.filter { other in !known.contains { $0.table.name == other.table.name } }
    }

    /// When a process began.
    func started(_ process: ProcessFacts, now: Timestamp) -> Timestamp {
        state.withLock { state in
            if let known = state.started, known.process == process.process { return known.at }
            let at = now - process.uptime
            state.started = (process.process, at)
            return at
        }
    }
}
