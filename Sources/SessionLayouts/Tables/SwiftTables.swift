internal import Sessions

extension Layout {
    /// Hummingbird's sessions in a database, by its Fluent driver.
    static let hummingbirdFluent = Layout(
        "hummingbird-fluent", "Hummingbird (Swift), Fluent: _hb_persist_, JSON", in: [.sqlite, .postgres],
        .table(
            TablePlace("_hb_persist_", key: "id", payload: "data", expiry: .column("expires", .fluent)).with {
                $0.isHummingbird()
            }),
        payload: .json, notes: .hummingbird
    ).with { $0.users = UserRule.hummingbird }

    /// Hummingbird's sessions in PostgreSQL.
    static let hummingbirdPostgres = Layout(
        "hummingbird-postgres", "Hummingbird (Swift), PostgreSQL: hb_persist.storage, JSON", in: [.postgres],
        .table(
            TablePlace("storage", key: "id", payload: "data", expiry: .column("expires", .text)).with {
                $0.schema = "hb_persist"
                $0.isHummingbird()
            }),
        payload: .json, notes: .hummingbird
    ).with { $0.users = UserRule.hummingbird }

    /// Vapor's sessions in a database.
    static let vaporFluent = Layout(
        "vapor-fluent", "Vapor (Swift), Fluent: _fluent_sessions, JSON without an expiry", in: [.sqlite, .postgres],
        .table(
            TablePlace("_fluent_sessions", key: "key", payload: "data", expiry: .never).with { $0.others = ["id"] }),
        payload: .json,
        notes: LayoutNotes(comesBack: nil, afterExtend: "The store keeps no expiry.")
    ).with { $0.readsVapor() }

    mutating func readsVapor() {
        users = [.enclosed("_", "Session")]
        extend = .no(because: "Vapor keeps no expiry in the store")
    }
}

extension TablePlace {
    /// The table is one for anything; and what has no expiry has `Date.distantFuture`.
    fileprivate mutating func isHummingbird() {
        idPrefix = "hbs."
        never = Timestamp(milliseconds: 64_092_211_200_000)
    }
}

extension UserRule {
    /// What applications often use: the payload is a type of theirs, perhaps the user's id alone.
    static let hummingbird: [UserRule] = [.path(["userID"]), .path(["userId"]), .path(["user_id"]), .path([])]
}
