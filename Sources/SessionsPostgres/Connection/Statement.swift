internal import Sessions

/// A statement that each connection prepares once, under its name.
///
/// Tables stand in it without their schema: each connection looks for them in the store's schema alone.
struct Statement: Sendable {
    /// Unique among all statements; empty for one that is run once.
    let name: String
    let sql: String

    init(_ name: String, _ sql: String) {
        self.name = name
        self.sql = sql
    }

    /// The statement with values for `$1`, `$2` and so on.
    func callAsFunction(_ values: Value...) -> Command { Command(statement: self, values: values) }
}

/// A statement with its values.
struct Command: Sendable {
    let statement: Statement
    let values: [Value]

    /// A statement that isn't worth preparing.
    static func once(_ sql: String) -> Command { Command(statement: Statement("", sql), values: []) }

    static let begin = Statement("begin", "BEGIN")()
    static let commit = Statement("commit", "COMMIT")()
    static let rollback = Statement("rollback", "ROLLBACK")()
    /// Several statements that see the same moment.
    static let beginSnapshot = Statement("snapshot", "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")()

    /// Lets each statement of this transaction take so long, and the client between two of them as well: it may have as
    /// many rows to take apart as the server had to find.
    static func limit(_ duration: Duration) -> Command {
        limits(.text("\(duration.wholeMilliseconds)"))
    }

    private static let limits = Statement(
        "limit",
        """
        SELECT set_config('statement_timeout', $1, true), set_config('idle_in_transaction_session_timeout', $1, true)
        """)

    /// Gives this transaction up where it doesn't get a lock within 300 ms; it is done again then.
    ///
    /// For what locks a few rows. An order that ends very many takes them as they come, and could wait for one of these
    /// while that waits for it: after a second PostgreSQL would undo either, and with the order the work of seconds.
    static let givingWay = Statement("give_way", "SELECT set_config('lock_timeout', '300', true)")()
}
