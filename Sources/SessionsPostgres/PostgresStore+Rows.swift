public import Sessions

/// Listing.
extension PostgresStore {
    /// A page of all rows, in the order in which they were made.
    ///
    /// The server copies it out: while we take rows apart it is at the next, and never waits to be asked for them.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        let (limit, first) = (max(1, limit), cursor?.number ?? .min)
        return try await use { [context] link in
            let found = try link.run([.beginSnapshot, CutoffQuery.mark(context.ns)])
            let mark = try found[1].first { try $0.cutoffMark(0) }
            var reader = RowReader(cutoffs: try mark.map { try link.cutoffs(at: $0, context) } ?? Cutoffs())
            var end = first
            let query = """
                SELECT \(RowReader.columns) FROM sessions AS s
                WHERE s.ns = \(context.number) AND s.number > '\(first)'::bigint ORDER BY s.number LIMIT \(limit)
                """
            try link.copy(query, columnCount: RowReader.columnCount) { row in
                try reader.read(row)
                end = row.integer(RowReader.number)
            }
            _ = try link.run([.commit])
            try reader.explainCuts(link, context)
            return RowPage(rows: reader.rows, next: reader.rows.count < limit ? nil : RowCursor(number: end))
        }
    }

    /// The rows that changed since a position, each once, as it is now.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        let limit = max(1, limit)
        return try await use { [context] link in
            try ChangeReader(link: link, context: context, position: position.value, limit: limit).changes()
        }
    }

    /// Where the changes stand now.
    public func changePosition() async throws -> ChangePosition {
        try await use { [context] link in
            ChangePosition(ChangeLog.horizon(try link.run(context.log.look)[...]).settled)
        }
    }
}

extension RowCursor {
    fileprivate init(number: Int64) { self.init(mark: withUnsafeBytes(of: number.bigEndian) { Array($0) }) }

    fileprivate var number: Int64? {
        mark.count == 8 ? mark.reduce(0) { $0 << 8 | Int64($1) } : nil
    }
}
