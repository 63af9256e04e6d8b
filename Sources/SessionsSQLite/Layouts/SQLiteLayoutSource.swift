internal import GRDB
internal import GRDBSQLite
internal import SessionLayouts
internal import Sessions

/// A layout's table in an SQLite file.
struct SQLiteLayoutSource: LayoutSource {
    /// So many bytes of payloads are read at once.
    private static let bytesAtOnce = 8 << 20

    let statements: LayoutStatements
    let readers: ReaderPool
    /// The file to write to; `nil`: nothing may be written.
    let file: ForeignFile?
    let path: String

    func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?) {
        let limit = max(1, limit)
        return try await readers.snapshot { [statements] db in
            let values: [Value] = [.integer(Int64(limit))] + (mark.map { [.key($0)] } ?? [])
            let keys = try db.all(mark == nil ? statements.firstKeys : statements.keys, values) { $0.bytes(0) }
            return (keys, keys.count < limit ? nil : keys.last)
        }
    }

    func records(_ keys: ArraySlice<[UInt8]>, whole: Bool) async throws -> [LayoutRecord?] {
        try await readers.snapshot { [statements] db in
            var records: [LayoutRecord?] = []
            var bytes = 0
            for key in keys where bytes < Self.bytesAtOnce {
                let record = try db.record(key, statements, whole: whole).map { LayoutRecord.row($0) }
                bytes += record?.heldBytes ?? 0
                records.append(record)
            }
            return records
        }
    }

    func apply(_ changes: [LayoutChange]) async throws -> [Bool] {
        guard let file else { throw SessionsError.cannotWrite(path, because: "it was opened to be read") }
        do {
            let writer = try DatabaseQueue(path: path, configuration: file.configuration(readOnly: false))
            return try await writer.writeWithoutTransaction { [statements] db in
                var done: [Bool] = []
                try db.inTransaction(.immediate) {
                    done = try changes.map { try db.apply($0, statements) }
                    return .commit
                }
                return done
            }
        } catch {
            throw SessionsError.translating(error, path: path)
        }
    }
}

extension Database {
    /// Reads a row with its payload, where that is wanted; `nil`: there is none.
    fileprivate func record(_ key: [UInt8], _ statements: LayoutStatements, whole: Bool) throws -> RowRecord? {
        let names = statements.place.columns
        let row = try first(statements.record(whole: whole), [.key(key)]) { columns in
            let values = names.enumerated().map { ($1, columns.value(Int32($0))) }
            return (values: values, size: Int(columns.integer(Int32(names.count))))
        }
        guard let row else { return nil }
        let parts = try statements.parts.flatMap { sql in
            try whole ? all(sql, [.key(key)]) { PayloadPart(name: $0.bytes(0), value: $0.value(1).bytes) } : nil
        }
        let isTooLong = statements.parts == nil && row.size > LayoutStatements.largestPayload
        return RowRecord(
            key: key, byteCount: row.size, missing: whole ? (isTooLong ? .tooLong : nil) : .notAsked,
            columns: Dictionary(row.values) { first, _ in first }, parts: parts ?? [])
    }

    /// Carries out one change; `false`: there is no such row, or it was changed since.
    fileprivate func apply(_ change: LayoutChange, _ statements: LayoutStatements) throws -> Bool {
        switch change {
        case .deleteRow(let key):
            // The other table's rows first: whether they go by themselves is the connection's affair.
            for sql in statements.deletions { try run(sql, [.key(key)]) }
        case .setColumns(let key, let columns):
            let values = columns.flatMap { [Value($0.new), Value($0.old)] }
            try run(statements.update(columns.map(\.name)), [.key(key)] + values)
        case .deleteKeys, .expireKey, .endSpring, .moveSpring:
            throw SessionsError(.unsupported, "an SQLite file has no keys that live for a time")
        }
        return changesCount > 0
    }
}

extension Columns {
    /// A column's value as a layout takes it.
    fileprivate func value(_ index: Int32) -> ColumnValue {
        switch sqlite3_column_type(statement, index) {
        case SQLITE_INTEGER: .integer(integer(index))
        case SQLITE_FLOAT: .real(sqlite3_column_double(statement, index))
        case SQLITE_TEXT: .text(bytes(index))
        case SQLITE_BLOB: .blob(bytes(index))
        default: .null
        }
    }
}

extension Value {
    /// A key, which is a text in every layout.
    fileprivate static func key(_ key: [UInt8]) -> Value { .text(String(decoding: key, as: UTF8.self)) }

    fileprivate init(_ value: ColumnValue) {
        switch value {
        case .null: self = .null
        case .integer(let number): self = .integer(number)
        case .real(let number): self = .real(number)
        case .text(let bytes): self = .text(String(decoding: bytes, as: UTF8.self))
        case .blob(let bytes): self = .bytes(bytes)
        }
    }
}
