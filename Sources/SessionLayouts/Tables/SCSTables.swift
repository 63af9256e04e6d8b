extension Layout {
    /// scs' sessions in PostgreSQL.
    static let scsPostgres = Layout(
        "scs-postgres", "scs (Go), postgresstore or pgxstore: sessions, gob", in: [.postgres],
        .table(TablePlace("sessions", key: "token", payload: "data", expiry: .column("expiry", .text))),
        payload: .gob, notes: .scs
    ).with { $0.readsSCS() }

    /// scs' sessions in an SQLite file.
    static let scsSQLite = Layout(
        "scs-sqlite", "scs (Go), sqlite3store: sessions, gob", in: [.sqlite],
        .table(TablePlace("sessions", key: "token", payload: "data", expiry: .column("expiry", .julianDay))),
        payload: .gob, notes: .scs
    ).with { $0.readsSCS() }

    mutating func readsSCS() {
        users = ["authenticatedUserID", "userID", "user_id", "userId"].map { .path(["Values", $0]) }
        embedded = .scs
    }
}

extension LayoutNotes {
    static let scs = LayoutNotes(
        comesBack: "a request that is being served writes the session again",
        afterExtend: "It stays, but where the application has an IdleTimeout the next request sets that again.")
}
