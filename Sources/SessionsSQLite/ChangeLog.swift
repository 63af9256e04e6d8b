internal import GRDB
internal import Sessions

/// The log of changes, as those see it who write.
///
/// A transaction adds a row or few to `changes`, however much it changed: the number of the last change, and for each
/// the `number` of the session, as eight bytes, the lowest first. So the change of a number is found by counting back. A
/// change that is no row's, a removal for one, has 0.
extension WriteTransaction {
    /// So many changes at least can be followed; whoever is further behind reads all rows again.
    static let keptChanges: Int64 = 1 << 20
    /// The log is trimmed each time that so many have been added.
    private static let trimStep: Int64 = 1 << 14
    /// So many changes share a row at most: more would not lie in a page beside others.
    private static let changesInARow = 100

    /// The number that the next change will have.
    var nextChange: Value { .integer(positions.changeEnd + 1) }

    /// Counts a change that was just made to a row.
    mutating func logChange(of number: Int64) {
        positions.changeEnd += 1
        changedRows.append(number)
    }

    /// Too much changed to say what: whoever follows the changes reads all rows again.
    mutating func mustReloadChanges() {
        logChange(of: 0)
        positions.changeStart = positions.changeEnd
    }

    /// Writes the log's rows for this transaction.
    mutating func writeChanges() throws {
        var last = before.changeEnd
        for start in stride(from: 0, to: changedRows.count, by: Self.changesInARow) {
            let rows = changedRows[start..<min(start + Self.changesInARow, changedRows.count)]
            last += Int64(rows.count)
            try db.run(
                "INSERT INTO changes(ns, last, rows) VALUES (?1, ?2, ?3)",
                [.integer(namespace), .integer(last), .bytes(Self.packed(rows))])
        }
        if last / Self.trimStep != before.changeEnd / Self.trimStep { try trimChanges() }
    }

    private static func packed(_ rows: ArraySlice<Int64>) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(rows.count * 8)
        for row in rows { withUnsafeBytes(of: row.littleEndian) { bytes.append(contentsOf: $0) } }
        return bytes
    }

    private mutating func trimChanges() throws {
        positions.changeStart = max(positions.changeStart, positions.changeEnd - Self.keptChanges)
        let values: [Value] = [.integer(namespace), .integer(positions.changeStart)]
        try db.run("DELETE FROM changes WHERE ns = ?1 AND last <= ?2", values)
    }
}

/// What a reader takes from the log of changes.
struct ChangedRows {
    /// The rows that changed, each once; 0 for what is no row's.
    private(set) var numbers: Set<Int64> = []
    /// The last change that was taken.
    private(set) var reached: Int64
    /// Whether changes are missing that the log should hold: a process of an older version wrote to the file.
    private(set) var hasGap = false
    private let limit: Int
    private var count = 0

    /// Whether the limit is reached.
    var isFull: Bool { count >= limit }

    fileprivate init(after position: Int64, limit: Int) {
        reached = position
        self.limit = limit
    }

    /// Takes what is new of a row of the log, up to the limit; answers whether to go on.
    fileprivate mutating func take(_ rows: UnsafeRawBufferPointer, last: Int64) -> Bool {
        guard !rows.isEmpty, rows.count % 8 == 0 else {
            hasGap = true
            return false
        }
        let first = last - Int64(rows.count / 8) + 1
        hasGap = first > reached + 1
        while !hasGap, !isFull, reached < last {
            let offset = Int(reached + 1 - first) * 8
            let number = Int64(littleEndian: rows.loadUnaligned(fromByteOffset: offset, as: Int64.self))
            if numbers.insert(number).inserted || number == 0 { count += 1 }
            reached += 1
        }
        return !hasGap && !isFull
    }
}

extension Database {
    /// Which rows changed after a position, as far as the limit; `nil` where the log can't say.
    func changedRows(after position: Int64, to end: Int64, limit: Int, in namespace: Int64) throws -> ChangedRows? {
        var changed = ChangedRows(after: position, limit: limit)
        try run(
            "SELECT last, rows FROM changes WHERE ns = ?1 AND last > ?2 ORDER BY last",
            [.integer(namespace), .integer(position)]
        ) { columns in
            let last = columns.integer(0)
            return columns.withBytes(1) { changed.take($0, last: last) } ?? false
        }
        return changed.hasGap || (changed.reached < end && !changed.isFull) ? nil : changed
    }
}
