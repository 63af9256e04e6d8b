extension Layout {
    /// Laravel's sessions in a database.
    static let laravelDatabase = Layout(
        "laravel-database", "Laravel, the database driver: sessions, serialized PHP or JSON", in: [.sqlite, .postgres],
        .table(
            TablePlace("sessions", key: "id", payload: "payload", expiry: .sinceUse("last_activity", .seconds)).with {
                $0.user = "user_id"
                $0.address = "ip_address"
                $0.agent = "user_agent"
                $0.seen = .init("last_activity", .seconds)
            }),
        payload: .firstOf([.base64(.php), .base64(.json), .base64(.laravelSealed), .laravelSealed]),
        notes: LayoutNotes(
            comesBack: nil, afterExtend: "The next request sets the lifetime of config/session.php again.",
            beyondRevoke: LayoutNotes.laravelRecaller)
    ).with { $0.users = [.laravel] }
}

extension LayoutNotes {
    static let laravelRecaller =
        "A remember-me cookie signs the user in again: change users.remember_token, too."
}
