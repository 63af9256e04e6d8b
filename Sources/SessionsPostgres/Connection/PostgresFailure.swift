/// What a server or libpq answered instead of done or rows.
///
/// The server's own words are not kept: they may quote the values of a row.
struct PostgresFailure: Error {
    /// What went wrong.
    enum Kind: Sendable, Equatable {
        /// The server refused a statement.
        case refused
        /// No connection came about; what libpq says of it, without control characters.
        case notConnected(String)
        /// The server asks for a password, and nobody gave one.
        case noPassword
        /// It would not be encrypted, and others could hear it: nothing secret was sent.
        case plaintext
        /// The connection is lost: nobody knows whether the last statement was done.
        case lost
        /// No answer in time: the same.
        case timedOut
    }

    let kind: Kind
    /// The five characters of the server's code; empty where no server said anything.
    let state: String

    init(_ kind: Kind, state: String = "") {
        self.kind = kind
        self.state = state
    }

    /// Two transactions were in each other's way, and this one was undone, or gave way: it may simply be done again.
    var isCollision: Bool { kind == .refused && ["40001", "40P01", "55P03"].contains(state) }
    /// A unique index refused a row.
    var isDuplicate: Bool { state == "23505" }
    /// The server turned out to be a standby, or is going away: another connection may reach another server.
    var condemnsConnection: Bool {
        kind != .refused || ["25006", "26000"].contains(state) || state.hasPrefix("57P") || state.hasPrefix("08")
    }
}
