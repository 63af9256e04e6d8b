internal import Sessions

/// A session as its item holds it.
struct StoredItem: Sendable, Equatable {
    /// The run of the namespace that it belongs to.
    var run: Int64
    /// It holds the place of a rotation's successor, and is nobody's session yet.
    var isPending = false
    /// Revoked, while nobody knows whether the feed tells it: where it does, behind this position.
    var toldAfter: FeedPosition?
    /// All but the payload.
    var row: StoredRow
    /// The payload, with its key's name before it.
    var payload: [UInt8]

    /// Makes an item.
    init(run: Int64, row: StoredRow, payload: [UInt8]) { (self.run, self.row, self.payload) = (run, row, payload) }
}

extension StoredItem {
    /// Reads an item; values that a newer version adds at the end are passed over.
    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        let (run, isPending, told) = (try reader.integer(), try reader.integer() != 0, try reader.optionalInteger())
        self.init(run: run, row: try StoredRow(try reader.data()), payload: try reader.data())
        self.isPending = isPending
        toldAfter = told.map { FeedPosition($0) }
    }

    /// The item as it is kept.
    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(run)
        writer.add(isPending ? 1 : 0)
        if let toldAfter { writer.add(toldAfter.value) } else { writer.addNothing() }
        writer.add(row.packed)
        writer.add(payload)
        return writer.bytes
    }
}
