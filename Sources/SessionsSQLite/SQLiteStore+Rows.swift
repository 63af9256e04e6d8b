internal import GRDB
public import Sessions

/// Listing.
extension SQLiteStore {
    /// A page of all rows, in the order in which they were made.
    public func rows(after cursor: Sessions.RowCursor?, limit: Int) async throws -> RowPage {
        let last = cursor?.number ?? .min
        let limit = max(1, limit)
        return try await readers.snapshot { [namespaceNumber, knownCutoffs] db in
            var reader = RowReader(cutoffs: try db.cutoffs(in: namespaceNumber, knownCutoffs))
            var rows: [SessionRow] = []
            rows.reserveCapacity(min(limit, 65_536))
            var number = last
            let values: [Value] = [.integer(namespaceNumber), .integer(last), .integer(Int64(limit))]
            // The plus keeps SQLite from an index on the namespace: it would sort all rows again for each page.
            try db.run("\(RowReader.columns) WHERE +ns = ?1 AND number > ?2 ORDER BY number LIMIT ?3", values) {
                rows.append(try reader.row($0))
                number = $0.integer(RowReader.number)
                return true
            }
            try db.explainCuts(of: reader.cut, in: &rows, namespace: namespaceNumber)
            return RowPage(rows: rows, next: rows.count < limit ? nil : Sessions.RowCursor(number: number))
        }
    }

    /// The rows that changed since a position, each once, as it is now.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        let limit = max(1, limit)
        return try await readers.snapshot { [namespaceNumber, knownCutoffs] db in
            let positions = try db.positions(of: namespaceNumber)
            let end = ChangePosition(positions.changeEnd)
            guard (positions.changeStart...positions.changeEnd).contains(position.value) else {
                return RowChanges(rows: [], position: end, mustReload: true)
            }
            let cutoffs = try db.cutoffs(in: namespaceNumber, knownCutoffs)
            return try db.changes(after: position, to: end, limit: limit, judgedBy: cutoffs, in: namespaceNumber)
        }
    }

    /// Where the changes stand now.
    public func changePosition() async throws -> ChangePosition {
        ChangePosition(try readers.one { try $0.positions(of: namespaceNumber).changeEnd })
    }
}

extension Database {
    fileprivate func changes(
        after position: ChangePosition, to end: ChangePosition, limit: Int, judgedBy cutoffs: Cutoffs,
        in namespace: Int64
    ) throws -> RowChanges {
        guard let changed = try changedRows(after: position.value, to: end.value, limit: limit, in: namespace) else {
            return RowChanges(rows: [], position: end, mustReload: true)
        }
        let removed = try all(
            "SELECT id_hash FROM removals WHERE ns = ?1 AND change > ?2 AND change <= ?3 ORDER BY change",
            [.integer(namespace), .integer(position.value), .integer(changed.reached)]
        ) { try $0.id(0) }
        var reader = RowReader(cutoffs: cutoffs)
        var rows: [SessionRow] = []
        for number in changed.numbers.sorted() {
            // What changed once more after these is met again.
            let values: [Value] = [.integer(number), .integer(namespace), .integer(changed.reached)]
            try run("\(RowReader.columns) WHERE number = ?1 AND ns = ?2 AND change <= ?3", values) {
                rows.append(try reader.row($0))
                return true
            }
        }
        try explainCuts(of: reader.cut, in: &rows, namespace: namespace)
        return RowChanges(
            rows: rows, removed: removed, position: ChangePosition(changed.reached),
            hasMore: changed.reached < end.value)
    }

    /// Says when the rows that only a cut-off ended were ended.
    func explainCuts(of places: [Int], in rows: inout [SessionRow], namespace: Int64) throws {
        for place in places {
            rows[place].revokedAt = try session(rows[place].id, in: namespace)?.session.revocation?.at
        }
    }
}

extension Sessions.RowCursor {
    fileprivate init(number: Int64) { self.init(mark: withUnsafeBytes(of: number.bigEndian) { Array($0) }) }

    fileprivate var number: Int64? {
        mark.count == 8 ? mark.reduce(0) { $0 << 8 | Int64($1) } : nil
    }
}
