public import Sessions

/// Sessions that lie in the rows of a table.
public struct TablePlace: Sendable, Equatable {
    /// Where a row keeps its expiry.
    public enum Expiry: Sendable, Equatable {
        /// In a column; a row that has nothing there never ends, or ends at once, as the framework has it.
        case column(String, ColumnClock)
        /// Nowhere: in a column is when it was last used, and its lifetime is the application's affair.
        case sinceUse(String, ColumnClock)
        /// In three columns, milliseconds, seconds, milliseconds: when it was last used, how long it lives without use
        /// (below zero: for ever), and the sum of both.
        case interval(seen: String, seconds: String, end: String)
        /// Nowhere at all.
        case never
    }

    /// Where a row's payload is.
    public enum Payload: Sendable, Equatable {
        /// In a column.
        case column(String)
        /// In rows of another table, a part in each.
        case parts(Parts)
    }

    /// The table with the parts of payloads.
    public struct Parts: Sendable, Equatable {
        /// Its name.
        public let table: String
        /// The column with the key of the session's row.
        public let owner: String
        /// The column with a part's name.
        public let name: String
        /// The column with a part's value.
        public let value: String

        init(_ table: String, owner: String, name: String, value: String) {
            self.table = table
            self.owner = owner
            self.name = name
            self.value = value
        }
    }

    /// The table's name, in small letters.
    public let table: String
    /// The schema that the framework makes for it; `nil`: whichever the connection looks in.
    public var schema: String?
    /// The column that a row is found by: unique, and never changed.
    public let key: String
    /// What stands before the id in that column.
    public var idPrefix = ""
    /// Where the payload is.
    public let payload: Payload
    /// Where the expiry is kept.
    public let expiry: Expiry
    /// A moment in the column of the expiry from which on it means never.
    public var never: Timestamp?
    /// Whether a moment without a zone is in the zone that the server's connections have, not in UTC.
    public var isServersTime = false
    /// The column that says whether a session is active: a revoke clears it, and the row stays.
    public var active: String?
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
        self.init(table, key: key, payload: .column(payload), expiry: expiry)
    }

    init(_ table: String, key: String, payload: Payload, expiry: Expiry) {
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

    /// The column with the payload; `nil`: it is in another table.
    public var payloadColumn: String? { if case .column(let name) = payload { name } else { nil } }

    /// The other table with the payload; `nil`: it is in a column.
    public var parts: Parts? { if case .parts(let parts) = payload { parts } else { nil } }

    /// The columns whose values an extend changes.
    public var deadlineColumns: [String] {
        switch expiry {
        case .column(let name, _), .sinceUse(let name, _): [name]
        case .interval(_, let seconds, let end): [seconds, end]
        case .never: []
        }
    }

    /// The columns that keep the deadline, in the order to show.
    var deadlines: [String] {
        switch expiry {
        case .column(let name, _), .sinceUse(let name, _): [name]
        case .interval(let seen, let seconds, let end): [seen, seconds, end]
        case .never: []
        }
    }

    /// Every column that is read, each once: the key first, the payload second, where it is in one.
    public var columns: [String] {
        var all = [key] + (payloadColumn.map { [$0] } ?? [])
        for name in deadlines + [active, user, address, agent, created?.name, seen?.name].compactMap({ $0 }) {
            if !all.contains(name) { all.append(name) }
        }
        return all
    }

    /// Every column that the table has for certain.
    public var knownColumns: [String] { columns + others }
}
