extension Layout {
    private static let swiftID = IDShape(44...44, .base64)

    /// Hummingbird's sessions in Redis or Valkey.
    static let hummingbirdRedis = Layout(
        "hummingbird-redis", "Hummingbird (Swift), Redis or Valkey: hbs.ID, JSON", in: [.redis],
        .keys(KeyPlace(.exactly("hbs."), swiftID)), payload: .json, notes: .hummingbird
    ).with { $0.users = UserRule.hummingbird }

    /// Vapor's sessions in Redis.
    static let vaporRedis = Layout(
        "vapor-redis", "Vapor (Swift), Redis: vrs-ID, JSON without an expiry", in: [.redis],
        .keys(KeyPlace(.exactly("vrs-"), swiftID)), payload: .json,
        notes: LayoutNotes(
            comesBack: "a request that is being served writes the session again",
            afterExtend: "The store keeps no expiry.")
    ).with { $0.readsVapor() }
}

extension LayoutNotes {
    static let hummingbird = LayoutNotes(
        comesBack: "a request that is being served, and edits the session, writes it again without any expiry",
        afterExtend: "It stays: later edits keep the expiry.")
}
