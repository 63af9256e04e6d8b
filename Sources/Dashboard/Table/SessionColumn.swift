/// What sessions can be listed and sorted by; each has one word, which orders, menus and headings share.
public enum SessionColumn: String, Sendable, CaseIterable {
    /// The handle.
    case handle
    /// The user.
    case user
    /// The address it was last used from: IPv4 before IPv6, by number.
    case ip
    /// The time left; what never ends has more than any.
    case ttl
    /// The time since it was last used.
    case idle
    /// When it began.
    case created = "age"
    /// The node that served it last.
    case node
    /// The node that a balancer sends it to.
    case pinned
    /// The user agent it was last used with.
    case agent
    /// The size of the payload as stored.
    case size
    /// Whether it is live, revoked or expired.
    case state
}

/// An order of rows: a column and a direction.
///
/// Ties are broken by id, so an order is always total. What isn't known comes last either way.
public struct SessionSort: Sendable, Hashable {
    /// The column.
    public var column: SessionColumn
    /// Greatest first.
    public var descending: Bool

    /// Makes an order.
    public init(column: SessionColumn, descending: Bool = false) {
        self.column = column
        self.descending = descending
    }
}
