internal import SessionLayouts
internal import Sessions

/// The statements that read and change a layout's table, whose columns may have any types.
struct TableStatements: Sendable {
    /// Longer payloads aren't read: a list must stay quick.
    static let largestPayload = 1 << 20
    /// So many parts of payloads are read at most.
    private static let mostParts = 20_000

    let place: TablePlace
    let table: ForeignTable
    /// The table with the parts of payloads, where they aren't in a column.
    let partsTable: ForeignTable?

    var firstKeys: Statement {
        Statement("", "SELECT \(key)::text FROM \(rows) WHERE \(key) IS NOT NULL ORDER BY \(key) LIMIT $1")
    }
    var keys: Statement {
        Statement("", "SELECT \(key)::text FROM \(rows) WHERE \(key) > \(keyed("$2::text")) ORDER BY \(key) LIMIT $1")
    }

    // MARK: Reading

    /// Each key with how long its payload is.
    var sizes: Statement { Statement("", "SELECT \(key)::text, \(size) FROM \(rows) WHERE \(isAsked(key))") }

    /// The key, the payload's length, then the columns of the place in order.
    func records(whole: Bool) -> Statement {
        let columns = place.columns.map { name in
            guard name == place.payloadColumn else { return read(name) }
            return whole ? "CASE WHEN \(size) <= \(Self.largestPayload) THEN \(read(name)) END" : "NULL"
        }
        return Statement(
            "",
            "SELECT \(key)::text, \(mayReadPayload ? size : "NULL::bigint"), \(columns.joined(separator: ", ")) "
                + "FROM \(rows) WHERE \(isAsked(key))")
    }

    /// The parts of payloads: the key of the row, the name, and the value as long as a session's fit; `nil`: payloads are
    /// in a column.
    var parts: Statement? {
        place.parts.map { parts in
            let (owner, name, value) = (quoted(parts.owner), quoted(parts.name), quoted(parts.value))
            let sum = "sum(octet_length(\(value))) OVER (PARTITION BY \(owner) ORDER BY \(name))"
            return Statement(
                "",
                "SELECT \(owner)::text, \(name)::text, CASE WHEN \(sum) <= \(Self.largestPayload) THEN \(value) END "
                    + "FROM \(partRows) WHERE \(isAsked(owner)) ORDER BY 1, 2 LIMIT \(Self.mostParts)")
        }
    }

    /// Reads a row of ``records(whole:)``.
    ///
    /// - Parameters:
    ///   - row: the row.
    ///   - wanted: whether its payload was asked for.
    ///   - parts: the parts of payloads by the keys of their rows.
    /// - Returns: the record.
    func record(_ row: Columns, wanted: Bool, parts: [[UInt8]: [PayloadPart]]) -> RowRecord {
        var values: [String: ColumnValue] = [:]
        for (index, name) in place.columns.enumerated() {
            let place = Int32(index + 2)
            let bytes = row.isNull(place) ? nil : row.bytes(place)
            values[name] = bytes.map { isBytes(name) ? .blob($0) : .text($0) } ?? .null
        }
        let (key, size) = (row.bytes(0), row.isNull(1) ? nil : Int(row.integer(1)))
        let isTooLong = place.parts == nil && size ?? 0 > Self.largestPayload
        let missing: MissingPayload? =
            !wanted ? .notAsked : !mayReadPayload ? .forbidden : isTooLong ? .tooLong : nil
        return RowRecord(key: key, byteCount: size, missing: missing, columns: values, parts: parts[key] ?? [])
    }

    /// Reads a row of ``parts``.
    func part(_ row: Columns) -> PayloadPart {
        PayloadPart(name: row.bytes(1), value: row.isNull(2) ? nil : row.bytes(2))
    }

    // MARK: Changing

    /// What carries out a change, and answers a row where it was done.
    func command(_ change: LayoutChange) throws -> Command {
        switch change {
        case .deleteRow(let key):
            let own = "DELETE FROM \(rows) WHERE \(self.key) = \(keyed("$1::text")) RETURNING 1"
            let parts = place.parts.map { parts in
                "WITH gone AS (DELETE FROM \(partRows) WHERE \(quoted(parts.owner)) = \(keyed("$1::text"))) "
            }
            return Command(statement: Statement("", (parts ?? "") + own), values: [.bytes(key)])
        case .setColumns(let key, let columns):
            let set = columns.enumerated().map { "\(quoted($1.name)) = \(write($1.name, "$\(2 * $0 + 2)"))" }
            let same = columns.enumerated().map { index, column in
                let type = isBytes(column.name) ? "bytea" : "text"
                return "\(read(column.name)) IS NOT DISTINCT FROM $\(2 * index + 3)::\(type)"
            }
            let sql =
                "UPDATE \(rows) SET \(set.joined(separator: ", ")) "
                + "WHERE \(self.key) = \(keyed("$1::text")) AND \(same.joined(separator: " AND ")) RETURNING 1"
            let values = columns.flatMap { [value($0.new), value($0.old)] }
            return Command(statement: Statement("", sql), values: [.bytes(key)] + values)
        case .deleteKeys, .expireKey, .endSpring, .moveSpring:
            throw SessionsError(.unsupported, "PostgreSQL has no keys that live for a time")
        }
    }

    /// A text's bytes are what PostgreSQL takes for it, too.
    private func value(_ value: ColumnValue) -> Value { value.bytes.map { .bytes($0) } ?? .null }

    // MARK: Names and types

    private var rows: String { "\(quoted(table.schema)).\(quoted(table.name))" }
    private var partRows: String { partsTable.map { "\(quoted($0.schema)).\(quoted($0.name))" } ?? rows }
    private var key: String { quoted(place.key) }

    private func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }

    /// How long the payload is.
    private var size: String {
        switch place.payload {
        case .column(let name):
            "octet_length(\(isBytes(name) ? quoted(name) : "\(quoted(name))::text"))::bigint"
        case .parts(let parts):
            "(SELECT COALESCE(sum(octet_length(part.\(quoted(parts.value)))), 0)::bigint FROM \(partRows) AS part "
                + "WHERE part.\(quoted(parts.owner)) = \(rows).\(key))"
        }
    }

    private var keyType: String? { table.types[place.key].map(quoted) }

    /// A parameter in the type of the key's column, without which its index could not be used.
    private func keyed(_ parameter: String) -> String { keyType.map { "\(parameter)::\($0)" } ?? parameter }

    private func isAsked(_ column: String) -> String {
        "\(column) = ANY(\(keyed("$1::text[]"))\(keyType == nil ? "" : "[]"))"
    }

    private func isBytes(_ name: String) -> Bool { table.types[name] == "bytea" }

    /// A column as the layout reads it: bytes, a moment in UTC, or text.
    private func read(_ name: String) -> String {
        let column = quoted(name)
        let form = "'YYYY-MM-DD HH24:MI:SS.US'"
        switch table.types[name] {
        case "bytea": return column
        case "timestamptz": return "to_char(\(column) AT TIME ZONE 'UTC', \(form))"
        case "timestamp" where place.isServersTime:
            return "to_char(\(column) AT TIME ZONE current_setting('TimeZone') AT TIME ZONE 'UTC', \(form))"
        case "timestamp": return "to_char(\(column), \(form))"
        default: return "\(column)::text"
        }
    }

    /// A parameter as the column takes it: the other way round.
    private func write(_ name: String, _ parameter: String) -> String {
        switch table.types[name] {
        case "bytea": return "\(parameter)::bytea"
        case "timestamptz": return "\(parameter)::text::timestamp AT TIME ZONE 'UTC'"
        case "timestamp" where place.isServersTime:
            return "\(parameter)::text::timestamp AT TIME ZONE 'UTC' AT TIME ZONE current_setting('TimeZone')"
        case let type?: return "\(parameter)::text::\(quoted(type))"
        case nil: return "\(parameter)::text"
        }
    }
}
