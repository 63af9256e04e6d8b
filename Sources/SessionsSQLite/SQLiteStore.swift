internal import GRDB
internal import GRDBSQLite
public import Sessions

/// Sessions in an SQLite file: the embedded store, for one machine and any number of its processes.
///
/// Reads wait for nobody. Writes of one process share transactions, and are on the disk when they return.
public final class SQLiteStore: SessionStore, SessionDirectory, Sendable {
    /// What may be done with the file.
    public enum OpenMode: Sendable {
        /// Read and write; a missing file is made.
        case create
        /// Read and write what is there.
        case existing
        /// Read what is there.
        case readOnly
    }

    /// What this store is.
    public let description: StoreDescription
    /// What this store can do: everything, unless it was opened to be read.
    public let capabilities: Capabilities

    let namespace: String
    let namespaceNumber: Int64
    let time: TimeSource
    let readers: ReaderPool
    let news = FeedNews()
    let knownCutoffs = KnownCutoffs()
    let silentNodes = SilentNodes()
    let heldCutoffs = HeldCutoffs()
    private let lane: WriterLane?
    let path: String

    /// Opens a store.
    ///
    /// - Parameters:
    ///   - path: the file. Beside it SQLite keeps `PATH-wal` and `PATH-shm`.
    ///   - mode: whether it may be made and written.
    ///   - namespace: one of several sets of sessions that share a file without meeting.
    ///   - time: where time comes from.
    ///   - busyTimeout: how long to wait for another process's transaction. Then every write that waits is refused with
    ///     `busy`; while 8,192 wait, another is refused at once.
    /// - Returns: the open store; it closes when the last reference goes.
    /// - Throws: ``SessionsError``: `storeNotFound` where nothing is there, `notAStore` for a folder, a foreign or a
    ///   damaged file, `storeTooNew` for a file of a newer library, `readOnly` where it can't be written, `corrupt`,
    ///   `busy`, `storeFull` or `unavailable` as the file is. A file that isn't ours is left as it was.
    public static func open(
        path: String, mode: OpenMode, namespace: String = "default", time: TimeSource = .system,
        busyTimeout: Duration = .seconds(15)
    ) throws -> SQLiteStore {
        do {
            return try SQLiteStore(path: path, mode: mode, namespace: namespace, time: time, busyTimeout: busyTimeout)
        } catch {
            throw SessionsError.translating(error, path: path)
        }
    }

    private init(
        path: String, mode: OpenMode, namespace: String, time: TimeSource, busyTimeout: Duration
    ) throws {
        try StoreFile.prepare(path, mode: mode)
        let file = StoreFile(path: path, busyTimeout: busyTimeout)
        let identity = try FileIdentity(path: path)
        let readers = ReaderPool(path: path, identity: identity, configuration: file.configuration(readOnly: true))
        if mode == .readOnly {
            namespaceNumber = try file.namespaceNumber(of: namespace, through: readers)
            lane = nil
            capabilities = .reading(because: Capabilities.openedToRead)
        } else {
            let writer = try file.writer()
            namespaceNumber = try file.namespaceNumber(of: namespace, mayMake: mode == .create, through: writer)
            lane = WriterLane(queue: writer, namespace: namespaceNumber, path: path, identity: identity, news: news)
            capabilities = .all
        }
        self.path = path
        self.namespace = namespace
        self.time = time
        self.readers = readers
        let software = "SQLite \(String(cString: sqlite3_libversion()))"
        description = StoreDescription(url: "sqlite:\(path)", software: software, layout: "native")
    }

    /// Does some work in a transaction, and returns when it is durable.
    func write<Result: Sendable>(
        _ work: @escaping @Sendable (inout WriteTransaction) throws -> Result
    ) async throws -> Result {
        guard let lane else { throw SessionsError.cannotWrite(path, because: "it was opened to be read") }
        return try await lane.write(work)
    }
}

extension Capabilities {
    fileprivate static func reading(because reason: String) -> Capabilities {
        Capabilities(
            revoke: .no(because: reason), extend: .no(because: reason), nodes: .yes, audit: .no(because: reason),
            changes: .yes, finalRevoke: .yes)
    }
}
