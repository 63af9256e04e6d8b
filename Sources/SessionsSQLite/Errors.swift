internal import GRDB
internal import GRDBSQLite
internal import Sessions

/// What a statement answered instead of done or a row.
struct SQLiteFailure: Error {
    /// SQLite's extended result code.
    let code: Int32

    /// Whether a unique index refused a row.
    var isDuplicate: Bool {
        [ResultCode.SQLITE_CONSTRAINT_UNIQUE, .SQLITE_CONSTRAINT_PRIMARYKEY].contains { $0.rawValue == code }
    }
}

extension SessionsError {
    /// Puts an error of SQLite or GRDB into words that say what to do; no SQL, no arguments.
    static func translating(_ error: any Error, path: String) -> any Error {
        switch error {
        case let error as SQLiteFailure: translating(code: error.code, path: path)
        case let error as DatabaseError: translating(code: error.extendedResultCode.rawValue, path: path)
        default: error
        }
    }

    private static func translating(code: Int32, path: String) -> SessionsError {
        let words = sqlite3_errstr(code).map { String(cString: $0) } ?? "unknown"
        let cause = "SQLite says: \(words), code \(code)"
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED:
            return SessionsError(
                .busy,
                "another process holds \(path) in a transaction: try again, or look for a stopped process (\(cause))")
        case SQLITE_FULL:
            return SessionsError(
                .storeFull, "no space left for \(path): free some, then try again; nothing was lost (\(cause))")
        case SQLITE_READONLY where sharingCodes.contains { $0.rawValue == code }:
            return .cannotShare(path, .readOnly, because: cause)
        case SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH:
            return .cannotWrite(path, because: cause)
        case SQLITE_CORRUPT:
            return SessionsError(
                .corrupt, "\(path) is damaged: stop its services, and restore it from a backup (\(cause))")
        case SQLITE_NOTADB:
            return SessionsError(
                .notAStore, "\(path) is not a session store: give the path of one, or a new path (\(cause))")
        case SQLITE_CANTOPEN:
            return .cannotShare(path, .unavailable, because: cause)
        default:
            return SessionsError(
                .unavailable, "\(path) can't be read or written now: look at the disk and the permissions (\(cause))")
        }
    }

    /// What SQLite answers where even a reader would have to write: to the index of the write-ahead log.
    private static var sharingCodes: [ResultCode] {
        [.SQLITE_READONLY_DIRECTORY, .SQLITE_READONLY_CANTINIT, .SQLITE_READONLY_RECOVERY, .SQLITE_READONLY_CANTLOCK]
    }

    private static func cannotShare(_ path: String, _ code: Code, because cause: String) -> SessionsError {
        SessionsError(
            code,
            "\(path) can't be opened: a reader needs \(path)-shm beside it, or a folder it may write: read it as the "
                + "service's user, while the service runs, or copy the store to a folder of your own (\(cause))")
    }

    static func cannotWrite(_ path: String, because cause: String) -> SessionsError {
        SessionsError(
            .readOnly,
            "\(path) can't be written: give this user the right to write the file and its folder, or use --read-only (\(cause))"
        )
    }
}
