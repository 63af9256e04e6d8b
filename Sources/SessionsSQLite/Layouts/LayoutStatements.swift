internal import SessionLayouts

/// The statements that read and change a layout's table.
struct LayoutStatements: Sendable {
    /// Longer payloads aren't read: a list must stay quick.
    static let largestPayload = 1 << 20
    /// So many parts of a payload are read at most.
    private static let mostParts = 1000

    let place: TablePlace

    var firstKeys: String { "SELECT \(key) FROM \(table) WHERE \(key) IS NOT NULL ORDER BY \(key) LIMIT ?1" }
    var keys: String { "SELECT \(key) FROM \(table) WHERE \(key) > ?2 ORDER BY \(key) LIMIT ?1" }

    /// The columns of the place in order, then the payload's length.
    func record(whole: Bool) -> String {
        let columns = place.columns.map { name in
            guard name == place.payloadColumn else { return quoted(name) }
            return whole ? "CASE WHEN \(size) <= \(Self.largestPayload) THEN \(quoted(name)) END" : "NULL"
        }
        return "SELECT \(columns.joined(separator: ", ")), \(size) FROM \(table) WHERE \(key) = ?1"
    }

    /// The parts of a payload, their names and values, as long as they fit; `nil`: the payload is in a column.
    var parts: String? {
        place.parts.map { parts in
            let (name, value) = (quoted(parts.name), quoted(parts.value))
            return """
                SELECT \(name), CASE WHEN sum(\(length(of: value))) OVER (ORDER BY \(name)) <= \(Self.largestPayload)
                    THEN \(value) END
                FROM \(quoted(parts.table)) WHERE \(quoted(parts.owner)) = ?1 ORDER BY \(name) LIMIT \(Self.mostParts)
                """
        }
    }

    /// What deletes a session: the last one its own row.
    var deletions: [String] {
        (place.parts.map { ["DELETE FROM \(quoted($0.table)) WHERE \(quoted($0.owner)) = ?1"] } ?? [])
            + ["DELETE FROM \(table) WHERE \(key) = ?1"]
    }

    /// What gives columns other values, where all still have those that were read: new and old by turns behind the key.
    func update(_ names: [String]) -> String {
        let set = names.enumerated().map { "\(quoted($1)) = ?\(2 * $0 + 2)" }
        let same = names.enumerated().map { "\(quoted($1)) IS ?\(2 * $0 + 3)" }
        return "UPDATE \(table) SET \(set.joined(separator: ", ")) "
            + "WHERE \(key) = ?1 AND \(same.joined(separator: " AND "))"
    }

    private var table: String { quoted(place.table) }
    private var key: String { quoted(place.key) }

    /// How long the payload is.
    private var size: String {
        switch place.payload {
        case .column(let name): length(of: quoted(name))
        case .parts(let parts):
            "(SELECT COALESCE(sum(\(length(of: quoted(parts.value)))), 0) FROM \(quoted(parts.table)) AS part "
                + "WHERE part.\(quoted(parts.owner)) = \(table).\(key))"
        }
    }

    private func length(of column: String) -> String { "length(CAST(\(column) AS BLOB))" }

    /// A name as SQL takes it, whatever is in it.
    private func quoted(_ name: String) -> String { "\"\(name.replacing("\"", with: "\"\""))\"" }
}
