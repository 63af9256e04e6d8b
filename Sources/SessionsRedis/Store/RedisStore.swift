public import Sessions
internal import SessionsTransport
internal import Synchronization

/// Sessions in Redis or Valkey itself: one server, one under Sentinel, or a cluster.
///
/// Every step is one script, so it happens as a whole; positions of the feed are given out in the order of commits.
/// There is no upsert: a row is written only where one is, and only where the script finds it live. A revoked session
/// stays as a tombstone. Every session's keys run out by themselves when its longest life and the tombstone's time are
/// over; ``purge(_:at:)`` takes them, and what refers to them, out in time.
///
/// In a cluster everything of a namespace lies in one slot, because a step is atomic there alone: a cluster brings
/// failover and room for other namespaces, and makes none of them faster. While that slot is being moved to another
/// server, whatever is asked is `unavailable`, and nothing is half done.
///
/// What it promises is as durable as the server: set `appendonly yes` and `maxmemory-policy noeviction`.
/// One that has reached its maxmemory takes no new session, touch or save, but every revoke, cut-off and purge.
/// Replication doesn't wait for replicas, so a failover may lose the last moments, revokes among them: then the feed's
/// position falls, and nodes drop what they hold. Where one server is named, and it is made a replica or its address comes
/// to lead to one, a store that was opened on a primary is `unavailable` and answers nothing from there.
public final class RedisStore: SessionStore, SessionDirectory, Sendable {
    /// What may be done with the store.
    public enum OpenMode: Sendable {
        /// Read and write; a namespace that isn't there begins. What a service needs: a replica won't do.
        case create
        /// Read and write what is there. What a service needs that may begin nothing: a replica won't do.
        case existing
        /// Read and write what is there; only read it, where it is a replica. What an operator needs.
        case operating
        /// Read what is there; a replica will do.
        case readOnly
    }

    /// What this store is.
    public let description: StoreDescription
    /// What this store can do: everything, unless it was opened to be read, or the server may evict any key.
    public let capabilities: Capabilities

    /// What it was told to keep when it was opened.
    public var retention: Retention? { kept }

    /// What it has cost the servers.
    public var traffic: StoreTraffic? { witness.meter.traffic }

    let executor: any RedisExecutor
    let keys: StoreKeys
    let namespace: String
    let kept: Retention
    let time: TimeSource
    let silentNodes = SilentNodes()
    let heldCutoffs = HeldCutoffs()
    /// Has seen its connections.
    let witness: LinkWitness
    private let isWritable: Bool
    /// The cut-offs as they were last read, and the mark of which none is missing.
    private let book = Mutex((mark: CutoffMark(), cutoffs: CutoffBook()))

    /// Makes a store of what was found when it was opened.
    init(
        executor: any RedisExecutor, namespace: String, keys: StoreKeys, retention: Retention, time: TimeSource,
        isWritable: Bool, witness: LinkWitness, description: StoreDescription, capabilities: Capabilities
    ) {
        self.executor = executor
        self.namespace = namespace
        self.keys = keys
        kept = retention
        self.time = time
        self.isWritable = isWritable
        self.witness = witness
        self.description = description
        self.capabilities = capabilities
    }
}

// MARK: - Asking the server

extension RedisStore {
    /// Runs a script, and begins to read its answer.
    func run(_ script: RedisScript, _ write: (inout PackedWriter) throws -> Void) async throws -> PackedReader {
        let arguments = try arguments(of: script, write)
        do {
            return try Self.reader(try await executor.run(script, near: keys.place, arguments: arguments))
        } catch let error as RedisError {
            throw SessionsError.translating(error, of: description.url)
        }
    }

    /// Runs a script once for each of some subjects, in their order, and begins to read the answers.
    func run<Subject>(
        _ script: RedisScript, for subjects: some Collection<Subject>,
        _ write: (inout PackedWriter, Subject) throws -> Void
    ) async throws -> [PackedReader] {
        let calls = try subjects.map { subject in try arguments(of: script) { try write(&$0, subject) } }
        do {
            return try await executor.run(script, near: keys.place, for: calls).map { try Self.reader(try $0.get()) }
        } catch let error as RedisError {
            throw SessionsError.translating(error, of: description.url)
        }
    }

    private func arguments(
        of script: RedisScript, _ write: (inout PackedWriter) throws -> Void
    ) throws -> [[UInt8]] {
        guard isWritable || script.isReadOnly else {
            throw SessionsError(
                .readOnly, "\(description.url) can't be written: it was opened to be read: open it without --read-only")
        }
        var arguments = PackedWriter()
        try write(&arguments)
        return [keys.records, keys.payloads, arguments.bytes]
    }

    private static func reader(_ reply: RESPValue) throws -> PackedReader {
        guard let bytes = reply.bytes else { throw PackedReader.corrupt }
        return try PackedReader(bytes)
    }

    /// Sends commands in one go, and answers their replies in order.
    func send(_ commands: [[[UInt8]]]) async throws -> [RESPValue] {
        do {
            return try await executor.send(commands.map { RedisCommand(words: $0, key: keys.place) }).map {
                try $0.get()
            }
        } catch let error as RedisError {
            throw SessionsError.translating(error, of: description.url)
        }
    }

    /// Sends a command.
    func send(_ words: [UInt8]...) async throws -> RESPValue {
        do {
            return try await executor.send(RedisCommand(words: words, key: keys.place))
        } catch let error as RedisError {
            throw SessionsError.translating(error, of: description.url)
        }
    }

    /// All cut-offs, as far as the mark that was just read: read again only when there are others.
    ///
    /// Some that a purge has removed since may be among them: no session is left that they end.
    func cutoffBook(at latest: CutoffMark) async throws -> CutoffBook {
        let known = book.withLock { $0 }
        if known.mark == latest { return known.cutoffs }
        // How far they go first: one that is set between is among the cut-offs, and they are read again for its mark.
        guard let answer = try await send([cutoffQuestion]).first else { throw PackedReader.corrupt }
        let mark = try CutoffMark(answer)
        let fresh = try CutoffBook(try await pairs(of: "cutoffs"))
        book.withLock { $0 = (mark, fresh) }
        return fresh
    }

    /// Asks for the mark of the cut-offs.
    var cutoffQuestion: [[UInt8]] {
        [.word("HMGET"), keys.own("meta")] + CutoffMark.fields.map { [UInt8].word($0) }
    }

    /// The fields and values of one of the namespace's hashes.
    func pairs(of name: String) async throws -> [(field: [UInt8], value: [UInt8])] {
        guard let pairs = try await send(.word("HGETALL"), keys.own(name)).pairs else { throw PackedReader.corrupt }
        return try pairs.map { field, value in
            guard let field = field.bytes, let value = value.bytes else { throw PackedReader.corrupt }
            return (field, value)
        }
    }
}
