internal import GRDB
internal import Sessions

/// The positions that a namespace gives out, as its row keeps them.
struct Positions: Equatable {
    /// The feed's entries up to here are no longer kept.
    var feedStart = FeedPosition.start
    /// The feed's last entry.
    var feedEnd = FeedPosition.start
    /// The epoch of the latest cut-off.
    var cutoffEnd = FeedPosition.start
    /// Whoever followed the changes to an earlier point than this must read all rows again.
    var changeStart: Int64 = 0
    /// The last change.
    var changeEnd: Int64 = 0
    /// Which past of the store this is.
    var generation: Int64 = 0
}

extension Positions {
    static let query = """
        SELECT feed_start, feed_end, cutoff_end, change_start, change_end, generation FROM namespaces WHERE id = ?1
        """

    /// Nothing is ever counted further: a million a second take 70,000 years.
    private static let highest = Int64.max / 4

    /// - Throws: `corrupt` where they can't have been given out like this: nobody could count on from there.
    init(_ columns: Columns) throws {
        feedStart = columns.position(0)
        feedEnd = columns.position(1)
        cutoffEnd = columns.position(2)
        changeStart = columns.integer(3)
        changeEnd = columns.integer(4)
        generation = columns.integer(5)
        guard 0 <= feedStart.value, feedStart <= feedEnd, feedEnd.value <= Self.highest, 0 <= changeStart,
            changeStart <= changeEnd, changeEnd <= Self.highest
        else { throw SessionsError.badPosition }
    }
}

/// One transaction of the writer lane, as each of the callers that share it sees it.
struct WriteTransaction {
    let db: Database
    /// The namespace's number.
    let namespace: Int64
    /// The positions as this transaction leaves them; written before it commits.
    var positions: Positions
    /// The positions as this transaction found them.
    let before: Positions
    /// The row that each change since then was made to.
    var changedRows: [Int64] = []

    init(_ db: Database, namespace: Int64) throws {
        self.db = db
        self.namespace = namespace
        positions = try db.positions(of: namespace)
        before = positions
    }

    /// Whether it has added to the feed.
    var hasFedFeed: Bool { positions.feedEnd != before.feedEnd }

    /// Runs one caller's work: if it fails, it alone is undone.
    mutating func isolate<Result>(_ work: (inout WriteTransaction) throws -> Result) throws -> Result {
        let old = (positions: positions, changes: changedRows.count)
        try db.run("SAVEPOINT work")
        do {
            let result = try work(&self)
            try db.run("RELEASE work")
            return result
        } catch {
            positions = old.positions
            changedRows.removeLast(changedRows.count - old.changes)
            // SQLite may have ended the whole transaction already; the lane looks for that itself.
            if db.isInTransaction {
                try db.run("ROLLBACK TO work")
                try db.run("RELEASE work")
            }
            throw error
        }
    }

    /// Writes the log of changes and the positions, where they have moved.
    mutating func finish() throws {
        guard positions != before else { return }
        try writeChanges()
        try db.run(
            """
            UPDATE namespaces SET feed_start = ?2, feed_end = ?3, cutoff_end = ?4, change_start = ?5, change_end = ?6,
                generation = ?7 WHERE id = ?1
            """,
            [
                .integer(namespace), .position(positions.feedStart), .position(positions.feedEnd),
                .position(positions.cutoffEnd), .integer(positions.changeStart), .integer(positions.changeEnd),
                .integer(positions.generation),
            ])
    }
}
