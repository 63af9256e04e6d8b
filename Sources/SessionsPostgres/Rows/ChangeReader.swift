internal import Sessions

/// Reads what changed past a position.
struct ChangeReader {
    let link: Link
    let context: StoreContext
    let position: Int64
    let limit: Int

    private static let start = Statement(
        "change_start",
        """
        SELECT n.change_start, \(CutoffQuery.markColumns) FROM namespaces AS n \(CutoffQuery.joinLatest) WHERE n.id = $1
        """)
    private static let entries = Statement(
        "changes",
        """
        SELECT \(RowReader.columns), c.change, c.removed FROM changes AS c
            LEFT JOIN sessions AS s ON s.ns = c.ns AND s.number = c.session
        WHERE c.ns = $1 AND c.change > $2 AND c.change <= $3 ORDER BY c.change LIMIT $4
        """)
    private static let change: Int32 = 16
    private static let removed: Int32 = 17

    /// The changes, each row once; a row that changed again beyond the limit is told again by the next call.
    func changes() throws -> RowChanges {
        let horizon = ChangeLog.horizon(try link.run(context.log.look)[...])
        let found = try link.run([
            .beginSnapshot, Self.start(context.ns),
            Self.entries(context.ns, .integer(position), .integer(horizon.settled), .limit(limit)),
        ])
        let namespace = try found[1].first { (start: $0.integer(0), cutoffs: try $0.cutoffMark(1)) }
        let cutoffs = try namespace.map { try link.cutoffs(at: $0.cutoffs, context) }
        _ = try link.run([.commit])
        guard let namespace, let cutoffs, horizon.isKnown, position >= namespace.start, position <= horizon.last else {
            return RowChanges(rows: [], position: ChangePosition(horizon.settled), mustReload: true)
        }
        return try read(found[2], cutoffs, horizon)
    }

    private func read(_ entries: Rows, _ cutoffs: Cutoffs, _ horizon: ChangeLog.Horizon) throws -> RowChanges {
        var reader = RowReader(cutoffs: cutoffs)
        var removed: [IDHash] = []
        var told: Set<Int64> = []
        var reached = position
        _ = try entries.map { columns in
            reached = columns.integer(Self.change)
            if !columns.isNull(Self.removed) {
                removed.append(try columns.id(Self.removed))
            } else if !columns.isNull(RowReader.number), told.insert(columns.integer(RowReader.number)).inserted {
                // A row that isn't there any more is told by its removal.
                try reader.read(columns)
            }
        }
        let hasMore = entries.count == limit
        // Writers may have announced a number that this position has passed already: it stays.
        let end = hasMore ? reached : max(position, horizon.settled)
        try reader.explainCuts(link, context)
        return RowChanges(rows: reader.rows, removed: removed, position: ChangePosition(end), hasMore: hasMore)
    }
}
