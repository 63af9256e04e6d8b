/// Sessions that lie in the rows of a table.
public struct TablePlace: Sendable, Equatable {
    /// Where a row keeps its expiry.
    public enum Expiry: Sendable, Equatable {
        /// In a column; a row that has nothing there never ends, or ends at once, as the framework has it.
        case column(String, ColumnClock)
        /// Nowhere: in a column is when it was last used, and its lifetime is the application's affair.
        case sinceUse(String, ColumnClock)
        /// Nowhere at all.
        case never
    }

    /// The table's name.
    public let table: String
    /// The column that a row is found by: unique, and never changed.
    public let key: String
    /// What stands before the id in that column.
    public var idPrefix = ""
    /// The column with the payload.
    public let payload: String
    /// Where the expiry is kept.
    public let expiry: Expiry
    /// The column with the user.
    public var user: String?
    /// The column with the address.
    public var address: String?
    /// The column with the user agent.
    public var agent: String?
    /// The column with the beginning, and how it is written.
    public var created: TimeColumn?
    /// The column with the last use, and how it is written.
    public var seen: TimeColumn?
    /// More columns that the table has, by which it is told from others.
    public var others: [String] = []

    /// A column with a moment.
    public struct TimeColumn: Sendable, Equatable {
        /// Its name.
        public let name: String
        /// How the moment is written.
        public let clock: ColumnClock

        init(_ name: String, _ clock: ColumnClock) {
            self.name = name
            self.clock = clock
        }
    }

    init(_ table: String, key: String, payload: String, expiry: Expiry) {
        self.table = table
        self.key = key
        self.payload = payload
        self.expiry = expiry
    }

    func with(_ change: (inout TablePlace) -> Void) -> TablePlace {
        var place = self
        change(&place)
        return place
    }

    /// The column whose value an extend changes, and how it is written.
    var deadline: TimeColumn? {
        switch expiry {
        case .column(let name, let clock), .sinceUse(let name, let clock): TimeColumn(name, clock)
        case .never: nil
        }
    }

    /// Every column that is read, each once: the key first, the payload second.
    public var columns: [String] {
        var all = [key, payload]
        for name in [deadline?.name, user, address, agent, created?.name, seen?.name].compactMap({ $0 }) {
            if !all.contains(name) { all.append(name) }
        }
        return all
    }

    /// Every column that the table has for certain.
    public var knownColumns: [String] { columns + others }
}
