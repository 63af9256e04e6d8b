internal import GRDB
internal import GRDBSQLite
internal import SessionLayouts
internal import Sessions

/// A layout's table in an SQLite file.
struct SQLiteLayoutSource: LayoutSource {
    /// Longer payloads aren't read: a list must stay quick.
    private static let largestPayload = 1 << 20

    let layout: Layout
    let readers: ReaderPool
    /// The file to write to; `nil`: nothing may be written.
    let file: ForeignFile?
    let path: String

    func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?) {
        let statements = try statements()
        let limit = max(1, limit)
        return try await readers.snapshot { db in
            let values: [Value] =
                [.integer(Int64(limit))] + (mark.map { [.text(String(decoding: $0, as: UTF8.self))] } ?? [])
            let keys = try db.all(mark == nil ? statements.firstKeys : statements.keys, values) { $0.bytes(0) }
            return (keys, keys.count < limit ? nil : keys.last)
        }
    }

    func records(_ keys: [[UInt8]]) async throws -> [LayoutRecord?] {
        let statements = try statements()
        return try await readers.snapshot { db in
            try keys.map { key in
                try db.first(statements.record, [.text(String(decoding: key, as: UTF8.self))]) { columns in
                    let values = statements.place.columns.enumerated().map { ($1, columns.value(Int32($0))) }
                    let size = columns.integer(Int32(values.count))
                    return .row(
                        RowRecord(key: key, byteCount: Int(size), columns: Dictionary(values) { first, _ in first }))
                }
            }
        }
    }

    func apply(_ changes: [LayoutChange]) async throws -> [Bool] {
        guard let file else { throw SessionsError.cannotWrite(path, because: "it was opened to be read") }
        do {
            let writer = try DatabaseQueue(path: path, configuration: file.configuration(readOnly: false))
            return try await writer.writeWithoutTransaction { db in
                var done: [Bool] = []
                try db.inTransaction(.immediate) {
                    done = try changes.map { try db.apply($0) }
                    return .commit
                }
                return done
            }
        } catch {
            throw SessionsError.translating(error, path: path)
        }
    }

    private func statements() throws -> TableStatements {
        guard case .table(let place) = layout.place else {
            throw SessionsError(.unsupported, "the layout \(layout.name) has no table: name another with --layout")
        }
        return TableStatements(place: place, largestPayload: Self.largestPayload)
    }
}

/// The statements that read a layout's table.
private struct TableStatements: Sendable {
    let place: TablePlace
    let largestPayload: Int

    var firstKeys: String { "SELECT \(key) FROM \(table) WHERE \(key) IS NOT NULL ORDER BY \(key) LIMIT ?1" }
    var keys: String { "SELECT \(key) FROM \(table) WHERE \(key) > ?2 ORDER BY \(key) LIMIT ?1" }
    /// The columns of the place in order, then the payload's length.
    var record: String {
        let size = "length(CAST(\(payload) AS BLOB))"
        let columns = place.columns.map { name in
            name == place.payload
                ? "CASE WHEN \(size) <= \(largestPayload) THEN \(payload) END" : Database.quoted(name)
        }
        return "SELECT \(columns.joined(separator: ", ")), \(size) FROM \(table) WHERE \(key) = ?1"
    }

    private var table: String { Database.quoted(place.table) }
    private var key: String { Database.quoted(place.key) }
    private var payload: String { Database.quoted(place.payload) }
}

extension Database {
    /// A name as SQL takes it, whatever is in it.
    fileprivate static func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    /// Carries out one change; `false`: there is no such row, or it was changed since.
    fileprivate func apply(_ change: LayoutChange) throws -> Bool {
        switch change {
        case .deleteRow(let table, let column, let key):
            let sql = "DELETE FROM \(Self.quoted(table)) WHERE \(Self.quoted(column)) = ?1"
            try run(sql, [.text(String(decoding: key, as: UTF8.self))])
        case .setColumns(let table, let column, let key, let columns):
            let names = columns.map { Self.quoted($0.name) }
            let set = names.enumerated().map { "\($1) = ?\(2 * $0 + 2)" }.joined(separator: ", ")
            let same = names.enumerated().map { "\($1) IS ?\(2 * $0 + 3)" }.joined(separator: " AND ")
            let sql = "UPDATE \(Self.quoted(table)) SET \(set) WHERE \(Self.quoted(column)) = ?1 AND \(same)"
            let values = columns.flatMap { [Value($0.new), Value($0.old)] }
            try run(sql, [.text(String(decoding: key, as: UTF8.self))] + values)
        case .deleteKeys, .expireKey:
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
