public import Sessions

/// The sessions that a dashboard holds, and which of them it shows in which order.
///
/// Rows lie in columns, about 130 bytes each with their texts and their place in the order; only those on the screen
/// are made into ``Sessions/SessionRow``. A row is told by its id: an index is its place in the order as it is now, and
/// good until the next change.
///
/// It is about live sessions. A row that ends while it is held stays for ``lingering(_:expired:)``, and then goes, unless the filter
/// mentions states: then every row that is applied is held.
public struct SessionTable: Sendable {
    var columns = SessionColumns()
    /// All rows, in order.
    var order: [SessionColumns.Slot] = []
    /// Those that are shown, in order.
    var shown: [SessionColumns.Slot] = []
    /// Which rows the filter matches.
    var matched = SlotSet(capacity: 0)
    /// When the rows ended that are only shown because they did so a moment ago.
    var endings: [IDHash: Timestamp] = [:]
    /// Whether a row in the order may have another place by now: it was held still.
    var isDisordered = false
    var isScanning = false

    /// The layout of the store, for `layout:` in filters.
    public let layout: String
    /// The most rows that are held; more are left out, and ``leftOut`` says so.
    public let capacity: Int
    /// The moment that the rows stand at.
    public internal(set) var now: Timestamp
    /// What is shown; `nil`: nothing, because the text was no filter.
    public internal(set) var filter: Filter? = .everything
    /// The order.
    public internal(set) var sort: SessionSort
    /// Whether rows keep their places, because somebody is choosing one.
    public internal(set) var isHeldStill = false
    /// Whether some rows were left out because the table was full.
    public internal(set) var leftOut = false
    /// Whether ended rows were left out, or dropped, that the filter now asks for: read all rows again.
    public internal(set) var lacksEnded = false

    /// So long a row stays that ended while it was held.
    ///
    /// One that ran out goes soon, and at once where many did: they would fill the top of a list by the time that is left.
    ///
    /// - Parameters:
    ///   - state: how it ended.
    ///   - expired: how many stay that ran out, this one with them.
    /// - Returns: the time from its end.
    public static func lingering(_ state: SessionState, expired: Int) -> Duration {
        guard state == .expired else { return .seconds(10) }
        return expired > 5 ? .zero : .seconds(3)
    }
    /// What a dashboard holds at most, unless it is told otherwise.
    public static let defaultCapacity = 2_000_000

    /// An empty table.
    ///
    /// - Parameters:
    ///   - layout: the layout of the store.
    ///   - capacity: the most rows to hold.
    ///   - sort: the order.
    ///   - now: the moment that rows stand at.
    public init(
        layout: String = "native", capacity: Int = SessionTable.defaultCapacity,
        sort: SessionSort = SessionSort(column: .ttl), now: Timestamp = Timestamp(milliseconds: 0)
    ) {
        self.layout = layout
        self.capacity = min(max(capacity, 0), Int(Int32.max) - 1)
        self.sort = sort
        self.now = now
    }
}

extension SessionTable {
    /// The number of rows shown.
    public var count: Int { shown.count }
    /// The number of rows held, shown or not, ended ones too.
    public var heldCount: Int { columns.count }
    /// Whether nothing is shown.
    public var isEmpty: Bool { shown.isEmpty }

    /// The row at a place of the order; `nil` outside.
    public func row(at index: Int) -> SessionRow? { shown.indices.contains(index) ? columns.row(shown[index]) : nil }

    /// The id at a place of the order; `nil` outside.
    public func id(at index: Int) -> IDHash? {
        shown.indices.contains(index) ? columns.ids[Int(shown[index])] : nil
    }

    /// The row with an id, shown or not; `nil` where it isn't held.
    public func row(of id: IDHash) -> SessionRow? { columns.slot(of: id).map { columns.row($0) } }

    /// Whether a row is held, shown or not.
    public func holds(_ id: IDHash) -> Bool { columns.slot(of: id) != nil }

    /// Whether a row is shown.
    public func shows(_ id: IDHash) -> Bool { columns.slot(of: id).map(matched.contains) ?? false }

    /// The place of a row in the order; `nil` where it isn't shown.
    public func index(of id: IDHash) -> Int? {
        guard let slot = columns.slot(of: id), matched.contains(slot) else { return nil }
        return shown.firstIndex(of: slot)
    }

    /// The ids shown, in order: for a dialog, which acts on the set that it showed.
    ///
    /// - Parameter range: places of the order; what is outside is left out. All of them by default.
    /// - Returns: the ids.
    public func ids(in range: Range<Int>? = nil) -> [IDHash] {
        let range = (range ?? shown.indices).clamped(to: shown.indices)
        return shown[range].map { columns.ids[Int($0)] }
    }

    /// Where the cursor goes.
    ///
    /// - Parameter row: the row under the cursor as it was last seen.
    /// - Returns: its place while it is shown; after it has gone, the place of the next one in order, or else of the
    ///   last; `nil` where nothing is shown.
    public func place(of row: SessionRow) -> Int? {
        if let index = index(of: row.id) { return index }
        guard !shown.isEmpty else { return nil }
        return min(columns.place(of: row, among: shown, sort, at: now), shown.count - 1)
    }

    /// How a row stands, and whether it is only shown because it ended a moment ago.
    public func isLingering(_ id: IDHash) -> Bool {
        columns.slot(of: id).map { columns.flags[Int($0)].contains(.lingering) } ?? false
    }
}
