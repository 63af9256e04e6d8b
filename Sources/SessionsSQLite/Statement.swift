internal import GRDB
internal import GRDBSQLite
internal import Sessions

/// A value for a statement's parameter.
enum Value {
    case null
    case integer(Int64)
    case real(Double)
    case text(String)
    case bytes([UInt8])
    case id(IDHash)

    static func text(_ text: String?) -> Value { text.map { .text($0) } ?? .null }
    static func moment(_ moment: Timestamp?) -> Value { moment.map { .integer($0.milliseconds) } ?? .null }
    static func position(_ position: FeedPosition) -> Value { .integer(position.value) }
}

extension Value: ExpressibleByIntegerLiteral {
    init(integerLiteral value: Int64) { self = .integer(value) }
}

extension Database {
    /// Runs a statement that is kept prepared.
    ///
    /// - Parameters:
    ///   - sql: always the same text for the same purpose: it is the key of the cache.
    ///   - values: bound to `?1`, `?2` and so on.
    ///   - row: called for each row; `false` ends the statement.
    /// - Throws: ``SQLiteFailure``, and what `row` throws.
    func run(_ sql: String, _ values: [Value] = [], row: (Columns) throws -> Bool = { _ in true }) throws {
        let statement = try prepared(sql)
        defer { statement.reset() }
        for (index, value) in values.enumerated() { try statement.bind(value, at: Int32(index + 1)) }
        while try statement.step() {
            guard try row(statement.columns) else { return }
        }
    }

    /// A statement that is kept prepared, for whoever runs it many times: finding it costs part of a run each time.
    func prepared(_ sql: String) throws -> PreparedStatement {
        let statement = try cachedStatement(sql: sql)
        return PreparedStatement(owner: statement, pointer: statement.sqliteStatement)
    }

    /// The first row of a statement, read by a closure; `nil` where there is none.
    func first<Result>(_ sql: String, _ values: [Value] = [], _ read: (Columns) throws -> Result) throws -> Result? {
        var result: Result?
        try run(sql, values) {
            result = try read($0)
            return false
        }
        return result
    }

    /// Every row of a statement, read by a closure.
    func all<Result>(_ sql: String, _ values: [Value] = [], _ read: (Columns) throws -> Result) throws -> [Result] {
        var results: [Result] = []
        try run(sql, values) {
            results.append(try read($0))
            return true
        }
        return results
    }

    /// Whether a transaction is open.
    ///
    /// SQLite ends one by itself after some errors.
    var isInTransaction: Bool { sqlite3_get_autocommit(sqliteConnection) == 0 }
}

/// A statement, to be bound, stepped through and reset, in turns.
struct PreparedStatement {
    /// Keeps the pointer valid.
    fileprivate let owner: Statement
    fileprivate let pointer: OpaquePointer

    /// The row that it stands on.
    var columns: Columns { Columns(statement: pointer) }

    func bind(_ value: Value, at index: Int32) throws {
        let code = value.bind(to: pointer, at: index)
        if code != SQLITE_OK { throw failure(code) }
    }

    /// Binds bytes without a copy: they must stay where they are until the statement has been stepped and rewound.
    func bind(lent bytes: UnsafeRawBufferPointer, at index: Int32) throws {
        let code = sqlite3_bind_blob(pointer, index, bytes.baseAddress, Int32(clamping: bytes.count), nil)
        if code != SQLITE_OK { throw failure(code) }
    }

    /// Binds what a function of ours takes as a pointer: SQL sees NULL.
    func bind(_ findings: TouchFunction.Findings, at index: Int32) throws {
        let code = findings.bind(to: pointer, at: index)
        if code != SQLITE_OK { throw failure(code) }
    }

    /// Goes to the next row; `false` where there is none.
    func step() throws -> Bool {
        let code = sqlite3_step(pointer)
        guard code == SQLITE_ROW || code == SQLITE_DONE else { throw failure(code) }
        return code == SQLITE_ROW
    }

    func reset() {
        rewind()
        sqlite3_clear_bindings(pointer)
    }

    /// Makes it ready to run again with the values that it has, but for those that are bound anew.
    func rewind() { sqlite3_reset(pointer) }

    private func failure(_ code: Int32) -> SQLiteFailure {
        SQLiteFailure(code: sqlite3_db_handle(pointer).map { sqlite3_extended_errcode($0) } ?? code)
    }
}

extension Value {
    fileprivate func bind(to statement: OpaquePointer, at index: Int32) -> Int32 {
        // SQLite copies what it is given before the call returns.
        let copied = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        switch self {
        case .null:
            return sqlite3_bind_null(statement, index)
        case .integer(let value):
            return sqlite3_bind_int64(statement, index, value)
        case .real(let value):
            return sqlite3_bind_double(statement, index, value)
        case .text(var text):
            // An empty text may lend no pointer, and a null pointer would bind NULL.
            if text.isEmpty { return sqlite3_bind_text(statement, index, "", 0, copied) }
            return text.withUTF8 { utf8 in
                utf8.withMemoryRebound(to: CChar.self) {
                    sqlite3_bind_text(statement, index, $0.baseAddress, Int32(clamping: $0.count), copied)
                }
            }
        case .bytes(let bytes):
            return bytes.isEmpty
                ? sqlite3_bind_zeroblob(statement, index, 0)
                : sqlite3_bind_blob(statement, index, bytes, Int32(clamping: bytes.count), copied)
        case .id(let id):
            return id.withBytes { sqlite3_bind_blob(statement, index, $0.baseAddress, Int32($0.count), copied) }
        }
    }
}
