import ArgumentParser
import Sessions

/// A column to sort by, each in its natural direction; rows that lack the value come last.
enum RowOrder: String, CaseIterable, ExpressibleByArgument, Sendable {
    case ttl, expires, idle, lastSeen, created, absoluteExpires, bytes, user, handle, ip, node, agent, state

    /// What a row is sorted by; `nil`: it isn't known.
    func key(_ row: SessionRow, at now: Timestamp) -> Key? {
        switch self {
        case .ttl, .expires: row.deadlines.nearest.map { .number($0.moment.milliseconds) }
        // The longest idle, the latest seen and created, and the largest are what one looks for.
        case .idle: row.seen.map { .number($0.milliseconds) }
        case .lastSeen: row.seen.map { .number(-max(-Int64.max, $0.milliseconds)) }
        case .created: row.created.map { .number(-max(-Int64.max, $0.milliseconds)) }
        case .absoluteExpires: row.deadlines.absolute.map { .number($0.milliseconds) }
        case .bytes: row.byteCount.map { .number(-Int64(max(0, $0))) }
        case .user: row.user.map { .text($0) }
        case .handle: .number(0)
        case .ip: row.ip.map { .text($0) }
        case .node: row.node.map { .text($0) }
        case .agent: row.agent.map { .text($0) }
        case .state: .text(row.standing(at: now).rawValue)
        }
    }

    /// What rows are compared by.
    enum Key: Comparable {
        case number(Int64)
        case text(String)

        /// Texts go by their bytes: the order of a language would be slow, and nobody's.
        static func < (a: Key, b: Key) -> Bool {
            switch (a, b) {
            case (.number(let a), .number(let b)): a < b
            case (.text(let a), .text(let b)): a.utf8.lexicographicallyPrecedes(b.utf8)
            case (.number, .text): true
            case (.text, .number): false
            }
        }
    }
}

/// The first rows by an order, of however many are offered.
struct TopRows {
    private let order: RowOrder
    private let isReversed: Bool
    private let limit: Int?
    private let now: Timestamp
    private var entries: [(key: RowOrder.Key?, row: SessionRow)] = []

    /// Keeps the first `limit` rows; `nil`: all.
    init(by order: RowOrder, reversed isReversed: Bool = false, limit: Int?, at now: Timestamp) {
        self.order = order
        self.isReversed = isReversed
        self.limit = limit
        self.now = now
    }

    /// Offers a row.
    mutating func offer(_ row: SessionRow) {
        entries.append((order.key(row, at: now), row))
        // Sorting seldom and cutting costs less than keeping a heap, and holds twice the limit at most, or 1024 rows.
        if let limit, entries.count / 2 >= max(limit, 512) { cut(to: limit) }
    }

    /// The rows that were kept, in order.
    mutating func take() -> [SessionRow] {
        cut(to: limit ?? entries.count)
        defer { entries = [] }
        return entries.map(\.row)
    }

    private mutating func cut(to limit: Int) {
        entries.sort { a, b in
            switch (a.key, b.key) {
            case (let first?, let second?) where first != second: (first < second) != isReversed
            case (_?, nil): true
            case (nil, _?): false
            default: (a.row.id < b.row.id) != isReversed
            }
        }
        entries.removeLast(max(0, entries.count - limit))
    }
}
