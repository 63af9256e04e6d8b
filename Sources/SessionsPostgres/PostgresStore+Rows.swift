public import Sessions

/// Listing.
extension PostgresStore {
    private static let page = Statement(
        "page",
        """
        SELECT \(RowReader.columns) FROM sessions AS s WHERE s.ns = $1 AND s.number > $2 ORDER BY s.number LIMIT $3
        """)

    /// So many rows are asked for at once.
    private static let piece = 2500

    /// A page of all rows, in the order in which they were made.
    ///
    /// It is read in pieces: while the rows of one are taken apart, the server works on the next.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        let (limit, first) = (max(1, limit), cursor?.number ?? .min)
        return try await use { [context] link in
            func asking(_ count: Int, after number: Int64) -> Command {
                Self.page(context.ns, .integer(number), .limit(min(count, Self.piece)))
            }
            var found = try link.run([.beginSnapshot, CutoffQuery.all(context.ns), asking(limit, after: first)])
            var reader = RowReader(cutoffs: Cutoffs(try found[1].map { try $0.cutoff() }))
            var (left, end, isOver) = (limit, first, false)
            while !isOver, let piece = found.last {
                isOver = piece.count < min(left, Self.piece) || piece.count == left
                left -= piece.count
                end = piece.last { $0.integer(RowReader.number) } ?? end
                found = try link.run([isOver ? .commit : asking(left, after: end)]) {
                    for place in 0..<piece.count { try reader.read(piece[place]) }
                }.rows
            }
            try reader.explainCuts(link, context)
            return RowPage(rows: reader.rows, next: left > 0 ? nil : RowCursor(number: end))
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

extension Columns {
    /// A cut-off as ``CutoffQuery/all`` reads it.
    func cutoff() throws -> Cutoff { Cutoff(scope: try scope(0, 1), notBefore: moment(2), epoch: position(3)) }
}

extension RowCursor {
    fileprivate init(number: Int64) { self.init(mark: withUnsafeBytes(of: number.bigEndian) { Array($0) }) }

    fileprivate var number: Int64? {
        mark.count == 8 ? mark.reduce(0) { $0 << 8 | Int64($1) } : nil
    }
}
