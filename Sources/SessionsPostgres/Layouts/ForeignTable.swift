internal import SessionLayouts
internal import Sessions

/// A table of another framework, and what the role may do with it.
struct ForeignTable: Sendable {
    /// Where it lies.
    let schema: String
    let name: String
    /// Its columns' types, as PostgreSQL names them.
    var types: [String: String] = [:]
    /// The columns that the role may not read.
    var hidden: Set<String> = []
    /// The columns that the role may not write.
    var fixed: Set<String> = []
    var mayDelete: Bool
    var isOfStandby: Bool
}

/// The tables that layouts name, those that are there.
struct ForeignTables: Sendable {
    private var all: [String: ForeignTable] = [:]
    /// Where those were looked for that have no schema of their own.
    let searched: String

    init(searched: String) { self.searched = searched }

    /// A table by its name, in a schema of its own or wherever the connection looks.
    subscript(_ name: String, in schema: String?) -> ForeignTable? {
        get { all[Self.key(name, schema)] }
        set { all[Self.key(name, schema)] = newValue }
    }

    /// A layout's table, and the one with its payloads where it needs another; `nil`: one isn't there.
    func tables(of place: TablePlace) -> (sessions: ForeignTable, parts: ForeignTable?)? {
        guard let sessions = self[place.table, in: place.schema] else { return nil }
        guard let parts = place.parts else { return (sessions, nil) }
        return self[parts.table, in: sessions.schema == place.schema ? place.schema : nil].map { (sessions, $0) }
    }

    private static func key(_ name: String, _ schema: String?) -> String { "\(schema ?? "")\0\(name)" }
}

extension Link {
    private static let foreignColumns = Statement(
        "foreign_columns",
        """
        SELECT wanted.schema, wanted.name, n.nspname::text, a.attname::text, t.typname::text,
            has_column_privilege(c.oid, a.attnum, 'SELECT'), has_column_privilege(c.oid, a.attnum, 'UPDATE'),
            has_table_privilege(c.oid, 'DELETE'), pg_is_in_recovery()
        FROM unnest($1::text[], $2::text[]) AS wanted (schema, name)
            JOIN pg_class AS c ON c.relname = wanted.name AND c.relkind IN ('r', 'p')
            JOIN pg_namespace AS n ON n.oid = c.relnamespace
            JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE CASE wanted.schema WHEN '' THEN pg_table_is_visible(c.oid) ELSE n.nspname = wanted.schema END
        """)
    private static let searched = Statement("searched", "SELECT array_to_string(current_schemas(false), ', ')")

    /// Those of some layouts' tables that are there.
    func foreignTables(of layouts: [Layout]) throws -> ForeignTables {
        let wanted = layouts.flatMap { layout -> [(schema: String, name: String)] in
            guard case .table(let place) = layout.place else { return [] }
            let schema = place.schema ?? ""
            return [(schema, place.table)] + (place.parts.map { [(schema, $0.table)] } ?? [])
        }
        let unique = Dictionary(wanted.map { ("\($0.schema)\0\($0.name)", $0) }) { first, _ in first }.values
        let answers = try run([
            Self.searched(), Self.foreignColumns(.texts(unique.map(\.schema)), .texts(unique.map(\.name))),
        ])
        var tables = ForeignTables(searched: answers[0].first { $0.text(0) } ?? "")
        _ = answers[1].map { row in
            let (name, schema) = (row.text(1), row.text(0).isEmpty ? nil : row.text(0))
            var table =
                tables[name, in: schema]
                ?? ForeignTable(schema: row.text(2), name: name, mayDelete: row.bool(7), isOfStandby: row.bool(8))
            let column = row.text(3)
            table.types[column] = row.text(4)
            if !row.bool(5) { table.hidden.insert(column) }
            if !row.bool(6) { table.fixed.insert(column) }
            tables[name, in: schema] = table
        }
        return tables
    }
}
