internal import Sessions

/// A table of another framework, and what the role may do with it.
struct ForeignTable: Sendable {
    let name: String
    /// Its columns' types, as PostgreSQL names them.
    var types: [String: String] = [:]
    /// The columns that the role may not read.
    var hidden: Set<String> = []
    var mayDelete: Bool
    var mayUpdate: Bool
    var isOfStandby: Bool
}

extension Link {
    private static let foreignColumns = Statement(
        "foreign_columns",
        """
        SELECT c.relname::text, a.attname::text, t.typname::text, has_column_privilege(c.oid, a.attnum, 'SELECT'),
            has_table_privilege(c.oid, 'DELETE'), has_any_column_privilege(c.oid, 'UPDATE'), pg_is_in_recovery()
        FROM pg_class AS c
            JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
            JOIN pg_type AS t ON t.oid = a.atttypid
        WHERE c.relnamespace = (SELECT oid FROM pg_namespace WHERE nspname = current_schema())
            AND c.relkind IN ('r', 'p') AND c.relname = ANY($1::text[])
        """)

    /// Those of some tables that the schema has, by their names.
    func foreignTables(_ names: [String]) throws -> [String: ForeignTable] {
        var tables: [String: ForeignTable] = [:]
        _ = try run([Self.foreignColumns(.texts(names))])[0].map { row in
            let name = row.text(0)
            var table =
                tables[name]
                ?? ForeignTable(name: name, mayDelete: row.bool(4), mayUpdate: row.bool(5), isOfStandby: row.bool(6))
            table.types[row.text(1)] = row.text(2)
            if !row.bool(3) { table.hidden.insert(row.text(1)) }
            tables[name] = table
        }
        return tables
    }
}
