extension Layout {
    /// express-session's sessions in PostgreSQL.
    static let connectPGSimple = Layout(
        "connect-pg-simple", "express-session, connect-pg-simple: session, JSON", in: [.postgres],
        .table(
            TablePlace("session", key: "sid", payload: "sess", expiry: .column("expire", .text)).with {
                $0.isServersTime = true
            }),
        payload: .json, notes: .express
    ).with { $0.readsExpress() }

    mutating func readsExpress() {
        users = [.path(["passport", "user"]), .path(["userId"]), .path(["user", "id"])]
        proof = .member("cookie")
        embedded = .expressCookie
    }
}

extension LayoutNotes {
    static let express = LayoutNotes(
        comesBack: "a request that is being served, and changes the session, writes it again",
        afterExtend: "The next request sets the cookie's maxAge again.")
}
