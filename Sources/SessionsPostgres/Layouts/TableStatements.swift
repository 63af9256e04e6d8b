internal import SessionLayouts
internal import Sessions

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
        Statement("", "SELECT \(key)::text FROM \(table) WHERE \(key) > \(keyed("$2::text")) ORDER BY \(key) LIMIT $1")
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
            "SELECT \(key)::text, \(size), \(columns.joined(separator: ", ")) FROM \(table) "
                + "WHERE \(key) = ANY(\(keyed("$1::text[]"))\(keyType == nil ? "" : "[]"))")
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
                statement: Statement("", "DELETE FROM \(table) WHERE \(self.key) = \(keyed("$1::text")) RETURNING 1"),
                values: [.bytes(key)])
        case .setColumns(_, _, let key, let columns):
            let set = columns.enumerated().map { "\(quoted($1.name)) = \(write($1.name, "$\(2 * $0 + 2)"))" }
            let same = columns.enumerated().map { index, column in
                let type = isBytes(column.name) ? "bytea" : "text"
                return "\(read(column.name)) IS NOT DISTINCT FROM $\(2 * index + 3)::\(type)"
            }
            let sql =
                "UPDATE \(table) SET \(set.joined(separator: ", ")) "
                + "WHERE \(self.key) = \(keyed("$1::text")) AND \(same.joined(separator: " AND ")) RETURNING 1"
            let values = columns.flatMap { [value($0.new), value($0.old)] }
            return Command(statement: Statement("", sql), values: [.bytes(key)] + values)
        case .deleteKeys, .expireKey:
            throw SessionsError(.unsupported, "PostgreSQL has no keys that live for a time")
        }
    }

    // MARK: Types

    private var table: String { quoted(place.table) }
    private var key: String { quoted(place.key) }
    private var payload: String { quoted(place.payload) }

    private func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    private var keyType: String? { types[place.key].map(quoted) }

    /// A parameter in the type of the key's column, without which its index could not be used.
    private func keyed(_ parameter: String) -> String { keyType.map { "\(parameter)::\($0)" } ?? parameter }

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
        case "bytea": return "\(parameter)::bytea"
        case "timestamptz": return "\(parameter)::text::timestamp AT TIME ZONE 'UTC'"
        case "timestamp" where isServersTime(name):
            return "\(parameter)::text::timestamp AT TIME ZONE 'UTC' AT TIME ZONE current_setting('TimeZone')"
        case let type?: return "\(parameter)::text::\(quoted(type))"
        case nil: return "\(parameter)::text"
        }
    }

    /// connect-pg-simple alone writes a column without a zone in the zone that its connection has, the others in UTC.
    private func isServersTime(_ name: String) -> Bool { writesServersTime && name != place.payload }

    /// A text's bytes are what PostgreSQL takes for it, too.
    private func value(_ value: ColumnValue) -> Value { value.bytes.map { .bytes($0) } ?? .null }
}
