internal import Sessions

extension Layout {
    /// Hummingbird's sessions in a database, by its Fluent driver.
    static let hummingbirdFluent = Layout(
        "hummingbird-fluent", "Hummingbird (Swift), Fluent: _hb_persist_, JSON", in: [.sqlite, .postgres],
        .table(
            TablePlace("_hb_persist_", key: "id", payload: "data", expiry: .column("expires", .text)).with {
                $0.idPrefix = "hbs."
            }),
        payload: .json, notes: .hummingbird
    ).with {
        $0.users = [.path(["userID"]), .path(["userId"]), .path(["user_id"])]
        $0.extend = .no(because: "how Fluent writes a moment depends on the database's driver")
    }
}
