internal import SessionLayouts
internal import Sessions

/// A layout's table in PostgreSQL.
struct PostgresLayoutSource: LayoutSource {
    let pool: ConnectionPool
    let statements: TableStatements

    func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?) {
        let limit = max(1, limit)
        let command = mark.map { Command(statement: statements.keys, values: [.limit(limit), .foreign($0)]) }
        let query = command ?? Command(statement: statements.firstKeys, values: [.limit(limit)])
        let keys = try await use { try $0.run([query])[0].map { $0.bytes(0) } }
        return (keys, keys.count < limit ? nil : keys.last)
    }

    func records(_ keys: [[UInt8]]) async throws -> [LayoutRecord?] {
        guard !keys.isEmpty else { return [] }
        let query = Command(
            statement: statements.records, values: [.texts(keys.map { String(decoding: $0, as: UTF8.self) })])
        let found = try await use { [statements] link in
            try link.run([query])[0].map { statements.record($0) }
        }
        let byKey = Dictionary(found.map { ($0.key, $0) }) { first, _ in first }
        return keys.map { byKey[$0].map { .row($0) } }
    }

    func apply(_ changes: [LayoutChange]) async throws -> [Bool] {
        let commands = try changes.map { try statements.command($0) }
        return try await use { link in
            let answers = try link.run([.begin] + commands + [.commit])
            return answers.dropFirst().dropLast().map { $0.count > 0 }
        }
    }

    private func use<Result: Sendable>(_ work: @escaping @Sendable (Link) throws -> Result) async throws -> Result {
        try await pool.use(for: pool.limits.statement + .seconds(2), work)
    }
}

/// The statements that read and change a layout's table, whose columns may have any types.
struct TableStatements: Sendable {
    /// Longer payloads aren't read: a list must stay quick.
    private static let largestPayload = 1 << 20

    let place: TablePlace
    /// The columns' types, as PostgreSQL names them.
    let types: [String: String]
    /// Whether moments without a zone are in the server's.
    let writesServersTime: Bool

    var firstKeys: Statement {
        Statement("", "SELECT \(key)::text FROM \(table) WHERE \(key) IS NOT NULL ORDER BY \(key) LIMIT $1")
    }
    var keys: Statement {
        Statement("", "SELECT \(key)::text FROM \(table) WHERE \(key) > $2 ORDER BY \(key) LIMIT $1")
    }
    /// The key, the payload's length, then the columns of the place in order.
    var records: Statement {
        let size = "octet_length(\(isBytes(place.payload) ? payload : "\(payload)::text"))::bigint"
        let columns = place.columns.map { name in
            name == place.payload
                ? "CASE WHEN \(size) <= \(Self.largestPayload) THEN \(read(name)) END" : read(name)
        }
        return Statement(
            "",
            "SELECT \(key)::text, \(size), \(columns.joined(separator: ", ")) FROM \(table) WHERE \(key) = ANY($1::text[])"
        )
    }

    /// Reads a row of ``records``.
    func record(_ row: Columns) -> RowRecord {
        var values: [String: ColumnValue] = [:]
        for (index, name) in place.columns.enumerated() {
            let place = Int32(index + 2)
            let bytes = row.isNull(place) ? nil : row.bytes(place)
            values[name] = bytes.map { isBytes(name) ? .blob($0) : .text($0) } ?? .null
        }
        return RowRecord(key: row.bytes(0), byteCount: Int(row.integer(1)), columns: values)
    }

    /// What carries out a change, and answers a row where it was done.
    func command(_ change: LayoutChange) throws -> Command {
        switch change {
        case .deleteRow(_, _, let key):
            return Command(
                statement: Statement("", "DELETE FROM \(table) WHERE \(self.key) = $1 RETURNING 1"),
                values: [.foreign(key)])
        case .setColumns(_, _, let key, let columns):
            let set = columns.enumerated().map { "\(quoted($1.name)) = \(write($1.name, "$\(2 * $0 + 2)"))" }
            let same = columns.enumerated().map { index, column in
                "\(read(column.name)) IS NOT DISTINCT FROM $\(2 * index + 3)\(isBytes(column.name) ? "" : "::text")"
            }
            let sql =
                "UPDATE \(table) SET \(set.joined(separator: ", ")) "
                + "WHERE \(self.key) = $1 AND \(same.joined(separator: " AND ")) RETURNING 1"
            let values = columns.flatMap { [value($0.new, $0.name), value($0.old, $0.name)] }
            return Command(statement: Statement("", sql), values: [.foreign(key)] + values)
        case .deleteKeys, .expireKey:
            throw SessionsError(.unsupported, "PostgreSQL has no keys that live for a time")
        }
    }

    // MARK: Types

    private var table: String { quoted(place.table) }
    private var key: String { quoted(place.key) }
    private var payload: String { quoted(place.payload) }

    private func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    private func isBytes(_ name: String) -> Bool { types[name] == "bytea" }

    /// A column as the layout reads it: bytes, a moment in UTC, or text.
    private func read(_ name: String) -> String {
        let column = quoted(name)
        let form = "'YYYY-MM-DD HH24:MI:SS.US'"
        switch types[name] {
        case "bytea": return column
        case "timestamptz": return "to_char(\(column) AT TIME ZONE 'UTC', \(form))"
        case "timestamp" where isServersTime(name):
            return "to_char(\(column) AT TIME ZONE current_setting('TimeZone') AT TIME ZONE 'UTC', \(form))"
        case "timestamp": return "to_char(\(column), \(form))"
        default: return "\(column)::text"
        }
    }

    /// A parameter as the column takes it: the other way round.
    private func write(_ name: String, _ parameter: String) -> String {
        switch types[name] {
        case "bytea": return parameter
        case "timestamptz": return "\(parameter)::text::timestamp AT TIME ZONE 'UTC'"
        case "timestamp" where isServersTime(name):
            return "\(parameter)::text::timestamp AT TIME ZONE 'UTC' AT TIME ZONE current_setting('TimeZone')"
        case let type?: return "\(parameter)::text::\(quoted(type))"
        case nil: return "\(parameter)::text"
        }
    }

    /// connect-pg-simple alone writes a column without a zone in the zone that its connection has, the others in UTC.
    private func isServersTime(_ name: String) -> Bool { writesServersTime && name != place.payload }

    private func value(_ value: ColumnValue, _ name: String) -> Value {
        switch value.bytes {
        case nil: .null
        case let bytes? where isBytes(name): .bytes(bytes)
        case let bytes?: .foreign(bytes)
        }
    }
}

extension Value {
    /// A text that another framework wrote.
    static func foreign(_ bytes: [UInt8]) -> Value { .text(String(decoding: bytes, as: UTF8.self)) }
}
