extension Layout {
    /// Flask-Session's sessions in a database.
    static let flaskSQLAlchemy = Layout(
        "flask-session-sqlalchemy", "Flask-Session, SQLAlchemy: sessions, msgpack or JSON", in: [.sqlite, .postgres],
        .table(
            TablePlace("sessions", key: "session_id", payload: "data", expiry: .column("expiry", .text)).with {
                $0.idPrefix = "session:"
                $0.others = ["id"]
            }),
        payload: .firstOf([.messagePack, .json, .pickle]), notes: .flask
    ).with { $0.users = UserRule.flask }

    /// Flask-Session's sessions in PostgreSQL, without SQLAlchemy.
    static let flaskPostgres = Layout(
        "flask-session-postgres", "Flask-Session, PostgreSQL: flask_sessions, msgpack or JSON", in: [.postgres],
        .table(
            TablePlace("flask_sessions", key: "session_id", payload: "data", expiry: .column("expiry", .text)).with {
                $0.idPrefix = "session:"
                $0.isServersTime = true
                $0.others = ["created"]
            }),
        payload: .firstOf([.messagePack, .json, .pickle]), notes: .flask
    ).with { $0.users = UserRule.flask }
}

extension UserRule {
    /// Flask-Login's, and what applications often use.
    static let flask: [UserRule] = [.path(["_user_id"]), .path(["user_id"])]
}

extension LayoutNotes {
    static let flask = LayoutNotes(
        comesBack: "a request that is being served writes the session again",
        afterExtend: "The next request sets PERMANENT_SESSION_LIFETIME again, unless it isn't to refresh each time.")
}
