#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import GRDB
internal import GRDBSQLite
internal import Sessions

/// The file of a store: what must be so before SQLite may touch it, how it is made, how connections are set up.
struct StoreFile {
    let path: String
    let busyTimeout: Duration

    /// Makes the file where it is missing and may be made, and looks whether it is ours, without changing it.
    static func prepare(_ path: String, mode: SQLiteStore.OpenMode) throws {
        var status = stat()
        if stat(path, &status) != 0 {
            guard errno == ENOENT else { throw SessionsError.unreachable(path) }
            guard mode == .create else { throw SessionsError.nothing(at: path) }
            try make(path)
            guard stat(path, &status) == 0 else { throw SessionsError.unreachable(path) }
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SessionsError(.notAStore, "\(path) is a folder or no file: give the path of a session store")
        }
        guard try applicationID(of: path) == Schema.applicationID else {
            throw SessionsError(
                .notAStore,
                "\(path) is not a session store: give the path of one, or a new path for `sessiontop demo --store sqlite:PATH`"
            )
        }
        if mode != .readOnly { try checkWritable(path) }
    }

    /// The mark in the header of an SQLite file, read without SQLite, which might repair what isn't ours.
    private static func applicationID(of path: String) throws -> Int32? {
        guard let file = fopen(path, "rb") else { throw SessionsError.unreachable(path) }
        defer { fclose(file) }
        var header = [UInt8](repeating: 0, count: 100)
        guard fread(&header, 1, header.count, file) == header.count, header.starts(with: "SQLite format 3\0".utf8)
        else {
            return nil
        }
        return header[68..<72].reduce(0) { $0 << 8 | Int32($1) }
    }

    private static func checkWritable(_ path: String) throws {
        guard access(path, W_OK) == 0, access(folder(of: path), W_OK) == 0 else {
            throw SessionsError.cannotWrite(path, because: String(cString: strerror(errno)))
        }
    }

    /// The folder that a file lies in.
    static func folder(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }
}

// MARK: - Making

extension StoreFile {
    /// Makes an empty store.
    ///
    /// It is made whole under another name and then linked to its own, so that nobody ever sees half of one, and of
    /// two processes that begin at once both use the first.
    private static func make(_ path: String) throws {
        let draft = "\(path).new-\(getpid())-\(UInt32.random(in: 0 ... .max))"
        let file = open(draft, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0o600)
        guard file >= 0 else { throw SessionsError.cannotMake(path) }
        close(file)
        defer { for suffix in ["", "-journal", "-wal", "-shm"] { unlink(draft + suffix) } }
        try fill(draft)
        guard link(draft, path) == 0 || errno == EEXIST else { throw SessionsError.cannotMake(path) }
        syncFolder(of: path)
    }

    private static func fill(_ draft: String) throws {
        let queue = try DatabaseQueue(path: draft)
        try queue.writeWithoutTransaction { db in
            try db.inTransaction(.immediate) {
                try Schema.migrate(db, from: 0)
                return .commit
            }
            try db.execute(sql: "PRAGMA journal_mode = WAL")
        }
        try queue.close()
    }

    /// A new name in a folder is durable when the folder is.
    private static func syncFolder(of path: String) {
        let folder = open(folder(of: path), O_RDONLY | O_CLOEXEC)
        guard folder >= 0 else { return }
        fsync(folder)
        close(folder)
    }
}

// MARK: - Connections

extension StoreFile {
    /// How every connection is set up.
    func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(busyTimeout.inSeconds)
        configuration.label = readOnly ? "sessions.reader" : "sessions.writer"
        // Readers' caches are small: each commit empties them, and the system's holds the file. The writer's holds the
        // pages of a large batch, which would be written twice if they had to leave before the commit.
        let cache = readOnly ? 2048 : 8192
        configuration.prepareDatabase { db in
            // FULL: a commit has reached the disk when it returns.
            try db.execute(
                sql: """
                    PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF; PRAGMA cache_size = -\(cache);
                    PRAGMA temp_store = MEMORY; PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 67108864
                    """)
            if !readOnly { try TouchFunction.register(on: db) }
        }
        return configuration
    }

    /// The connection that writes, on a file of the newest version.
    func writer() throws -> DatabaseQueue {
        let writer = try DatabaseQueue(path: path, configuration: configuration(readOnly: false))
        try writer.writeWithoutTransaction { db in
            guard sqlite3_db_readonly(db.sqliteConnection, "main") == 0 else {
                throw SessionsError.cannotWrite(path, because: "SQLite could open it to be read only")
            }
            if try checkedVersion(db) < Schema.version {
                try db.inTransaction(.immediate) {
                    // Another process may have done it meanwhile.
                    try Schema.migrate(db, from: try checkedVersion(db))
                    return .commit
                }
            }
        }
        return writer
    }

    private func checkedVersion(_ db: Database) throws -> Int {
        let version = Int(try db.first("PRAGMA user_version") { $0.integer(0) } ?? 0)
        guard version <= Schema.version else {
            throw SessionsError(
                .storeTooNew,
                "\(path) was written by a newer version (format \(version), this one knows \(Schema.version)): use the newer sessiontop"
            )
        }
        guard version >= 0 else { throw SessionsError.badFormat(Int64(version), at: path) }
        return version
    }

    /// The number of a namespace, made where it is missing and may be made.
    func namespaceNumber(of name: String, mayMake: Bool, through writer: DatabaseQueue) throws -> Int64 {
        try writer.writeWithoutTransaction { db in
            if let number = try Self.number(of: name, in: db) { return number }
            guard mayMake else { throw SessionsError.noNamespace(name, in: path) }
            try db.run("INSERT INTO namespaces(name) VALUES (?1) ON CONFLICT DO NOTHING", [.text(name)])
            guard let number = try Self.number(of: name, in: db) else {
                throw SessionsError.noNamespace(name, in: path)
            }
            return number
        }
    }

    /// The number of a namespace of a store that is only read.
    func namespaceNumber(of name: String, through readers: ReaderPool) throws -> Int64 {
        try readers.one { db in
            guard try checkedVersion(db) == Schema.version else {
                throw SessionsError(
                    .unsupported, "\(path) has an older format: open it once without --read-only to bring it up to date"
                )
            }
            guard let number = try Self.number(of: name, in: db) else {
                throw SessionsError.noNamespace(name, in: path)
            }
            return number
        }
    }

    private static func number(of name: String, in db: Database) throws -> Int64? {
        try db.first("SELECT id FROM namespaces WHERE name = ?1", [.text(name)]) { $0.integer(0) }
    }
}

extension SessionsError {
    fileprivate static func nothing(at path: String) -> SessionsError {
        SessionsError(
            .storeNotFound,
            "there is no store at \(path): check the path, or make one to try with `sessiontop demo --store sqlite:\(path)`"
        )
    }

    fileprivate static func noNamespace(_ name: String, in path: String) -> SessionsError {
        SessionsError(.storeNotFound, "\(path) has no namespace `\(name)`: check the name")
    }

    fileprivate static func unreachable(_ path: String) -> SessionsError {
        SessionsError(
            .unavailable,
            "\(path) can't be opened: \(String(cString: strerror(errno))); check the path and the permissions")
    }

    fileprivate static func cannotMake(_ path: String) -> SessionsError {
        let problem = errno
        let words = String(cString: strerror(problem))
        let code: SessionsError.Code =
            switch problem {
            case ENOSPC: .storeFull
            case ENOENT, ENOTDIR: .unavailable
            default: .readOnly
            }
        return SessionsError(
            code,
            "\(path) can't be made: \(words); check that its folder is there and may be written")
    }
}
