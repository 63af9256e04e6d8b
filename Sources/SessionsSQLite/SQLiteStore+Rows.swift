internal import GRDB
public import Sessions

/// Listing.
extension SQLiteStore {
    /// A page of all rows, in the order in which they were made.
    public func rows(after cursor: Sessions.RowCursor?, limit: Int) async throws -> RowPage {
        let last = cursor?.rowid ?? .min
        let limit = max(1, limit)
        return try await readers.snapshot { [namespaceNumber] db in
            var reader = RowReader(cutoffs: Cutoffs(try db.cutoffs(in: namespaceNumber)))
            var rows: [SessionRow] = []
            rows.reserveCapacity(min(limit, 65_536))
            var rowid = last
            let values: [Value] = [.integer(namespaceNumber), .integer(last), .integer(Int64(limit))]
            // The plus keeps SQLite from an index on the namespace: it would sort all rows again for each page.
            try db.run("\(RowReader.columns) WHERE +ns = ?1 AND rowid > ?2 ORDER BY rowid LIMIT ?3", values) {
                rows.append(try reader.row($0))
                rowid = $0.integer(RowReader.rowid)
                return true
            }
            try db.explainCuts(of: reader.cut, in: &rows, namespace: namespaceNumber)
            return RowPage(rows: rows, next: rows.count < limit ? nil : Sessions.RowCursor(rowid: rowid))
        }
    }

    /// The rows that changed since a position, each once, as it is now.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        let limit = max(1, limit)
        return try await readers.snapshot { [namespaceNumber] db in
            let positions = try db.positions(of: namespaceNumber)
            let end = ChangePosition(positions.changeEnd)
            guard (positions.changeStart...positions.changeEnd).contains(position.value) else {
                return RowChanges(rows: [], position: end, mustReload: true)
            }
            return try db.changes(after: position, to: end, limit: limit, in: namespaceNumber)
        }
    }

    /// Where the changes stand now.
    public func changePosition() async throws -> ChangePosition {
        ChangePosition(try readers.one { try $0.positions(of: namespaceNumber).changeEnd })
    }
}

extension Database {
    fileprivate func changes(
        after position: ChangePosition, to end: ChangePosition, limit: Int, in namespace: Int64
    ) throws -> RowChanges {
        let values: [Value] = [.integer(namespace), .integer(position.value), .integer(Int64(limit))]
        let removals = try all(
            "SELECT change, id_hash FROM removals WHERE ns = ?1 AND change > ?2 ORDER BY change LIMIT ?3", values
        ) { (change: $0.integer(0), id: try $0.id(1)) }
        var reader = RowReader(cutoffs: Cutoffs(try cutoffs(in: namespace)))
        var rows: [SessionRow] = []
        var changes: [Int64] = []
        try run("\(RowReader.columns) WHERE ns = ?1 AND change > ?2 ORDER BY change LIMIT ?3", values) {
            rows.append(try reader.row($0))
            changes.append($0.integer(RowReader.change))
            return true
        }
        try explainCuts(of: reader.cut, in: &rows, namespace: namespace)
        // Either list may have been cut short: what lies past the shorter one's end waits for the next call.
        let isCutShort = rows.count == limit || removals.count == limit
        let ends = [rows.count == limit ? changes.last : nil, removals.count == limit ? removals.last?.change : nil]
        let reached = ends.compactMap { $0 }.min() ?? end.value
        return RowChanges(
            rows: Array(rows.prefix(changes.prefix { $0 <= reached }.count)),
            removed: removals.filter { $0.change <= reached }.map(\.id),
            position: ChangePosition(reached), hasMore: isCutShort)
    }

    /// Says when the rows that only a cut-off ended were ended.
    func explainCuts(of places: [Int], in rows: inout [SessionRow], namespace: Int64) throws {
        for place in places {
            rows[place].revokedAt = try session(rows[place].id, in: namespace)?.session.revocation?.at
        }
    }
}

extension Sessions.RowCursor {
    fileprivate init(rowid: Int64) { self.init(mark: withUnsafeBytes(of: rowid.bigEndian) { Array($0) }) }

    fileprivate var rowid: Int64? {
        mark.count == 8 ? mark.reduce(0) { $0 << 8 | Int64($1) } : nil
    }
}
