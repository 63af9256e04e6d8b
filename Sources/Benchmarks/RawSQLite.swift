import GRDBSQLite
import Sessions

/// The least that anybody pays who reads and writes this file: SQLite's own calls in a loop, on the store's schema and
/// under the same pragmas.
final class RawSQLite {
    struct Failure: Error { let code: Int32 }

    private let connection: OpaquePointer

    init(path: String, readOnly: Bool) throws {
        var opened: OpaquePointer?
        let flags = (readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE) | SQLITE_OPEN_NOMUTEX
        let code = sqlite3_open_v2(path, &opened, flags, nil)
        guard code == SQLITE_OK, let opened else { throw Failure(code: code) }
        connection = opened
        try execute(
            """
            PRAGMA synchronous = FULL; PRAGMA cache_size = -\(readOnly ? 2048 : 8192); PRAGMA temp_store = MEMORY;
            PRAGMA wal_autocheckpoint = 4000
            """)
    }

    deinit { sqlite3_close(connection) }

    func execute(_ sql: String) throws {
        let code = sqlite3_exec(connection, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw Failure(code: code) }
    }

    private func prepare(_ sql: String) throws -> OpaquePointer {
        var prepared: OpaquePointer?
        let code = sqlite3_prepare_v2(connection, sql, -1, &prepared, nil)
        guard code == SQLITE_OK, let prepared else { throw Failure(code: code) }
        return prepared
    }

    /// Moves what stands in the write-ahead log into the file: the next commit begins the log anew, and makes it no longer.
    func emptyLog() throws { try execute("PRAGMA wal_checkpoint(RESTART)") }

    /// Loads sessions one by one, fetching every column and keeping none.
    ///
    /// Answers how many there were.
    func load(_ ids: [IDHash]) throws -> Int {
        let statement = try prepare(
            """
            SELECT state, version, epoch, created, authenticated, seen, idle_deadline, absolute_deadline, user, tenant,
                client, ip, agent, node, revoked_at, revoked_by, reason, key_id, payload
            FROM sessions JOIN payloads ON session = number WHERE ns = 1 AND id_hash = ?1
            """)
        defer { sqlite3_finalize(statement) }
        let columns = sqlite3_column_count(statement)
        var found = 0
        for id in ids {
            id.withBytes {
                // Bound without a copy: the bytes are valid for as long as the statement needs them.
                _ = sqlite3_bind_blob(statement, 1, $0.baseAddress, 32, nil)
                guard sqlite3_step(statement) == SQLITE_ROW else { return }
                found += 1
                for column in 0..<columns { _ = sqlite3_column_blob(statement, column) }
            }
            sqlite3_reset(statement)
        }
        return found
    }

    /// Records a use of sessions, in one transaction: looks each up, writes its row, and logs the changes.
    func touch(_ ids: some Sequence<IDHash>, at moment: Int64, change: Int64) throws {
        let look = try prepare(
            "SELECT number, epoch, idle_deadline, absolute_deadline FROM sessions WHERE ns = 1 AND id_hash = ?1 AND state = 'live'"
        )
        let write = try prepare(
            """
            UPDATE sessions SET seen = max(seen, ?2), idle_deadline = ?3, change = ?4, node = 'web-02' WHERE number = ?1
            """)
        let log = try prepare("INSERT INTO changes(ns, last, rows) VALUES (1, ?1, ?2)")
        defer { for statement in [look, write, log] { sqlite3_finalize(statement) } }
        var rows: [Int64] = []
        try execute("BEGIN IMMEDIATE")
        for (number, id) in ids.enumerated() {
            let row = id.withBytes { bytes in
                _ = sqlite3_bind_blob(look, 1, bytes.baseAddress, 32, nil)
                defer { sqlite3_reset(look) }
                return sqlite3_step(look) == SQLITE_ROW ? sqlite3_column_int64(look, 0) : 0
            }
            for (place, value) in [row, moment, moment + 1_800_000, change + Int64(number)].enumerated() {
                sqlite3_bind_int64(write, Int32(place + 1), value)
            }
            guard sqlite3_step(write) == SQLITE_DONE else { throw Failure(code: sqlite3_errcode(connection)) }
            sqlite3_reset(write)
            rows.append(row)
        }
        for start in stride(from: 0, to: rows.count, by: 100) {
            let part = Array(rows[start..<min(start + 100, rows.count)])
            sqlite3_bind_int64(log, 1, change + Int64(start + part.count))
            let code = part.withUnsafeBytes { bytes in
                _ = sqlite3_bind_blob(log, 2, bytes.baseAddress, Int32(bytes.count), nil)
                return sqlite3_step(log)
            }
            guard code == SQLITE_DONE else { throw Failure(code: sqlite3_errcode(connection)) }
            sqlite3_reset(log)
        }
        try execute("COMMIT")
    }

    /// Reads every row's columns that a list shows, and keeps none.
    ///
    /// Answers how many there were.
    func list() throws -> Int {
        let statement = try prepare(
            """
            SELECT id_hash, user, state, created, seen, idle_deadline, absolute_deadline, ip, agent, node,
                length(payload), revoked_at FROM sessions CROSS JOIN payloads ON session = number WHERE +ns = 1
            """)
        defer { sqlite3_finalize(statement) }
        let columns = sqlite3_column_count(statement)
        var found = 0
        while sqlite3_step(statement) == SQLITE_ROW {
            found += 1
            for column in 0..<columns { _ = sqlite3_column_blob(statement, column) }
        }
        return found
    }
}
