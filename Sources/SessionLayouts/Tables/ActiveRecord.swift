internal import Sessions

extension Layout {
    /// Rails' sessions in a database, by activerecord-session_store.
    static let activeRecord = Layout(
        "activerecord", "Rails, activerecord-session_store: sessions, Marshal or JSON", in: [.sqlite, .postgres],
        .table(
            TablePlace("sessions", key: "session_id", payload: "data", expiry: .never).with {
                $0.created = .init("created_at", .text)
                $0.seen = .init("updated_at", .text)
                $0.others = ["id"]
            }),
        payload: .firstOf([.base64(.marshal), .member("value", of: .json)]),
        notes: LayoutNotes(
            comesBack: "a request that is being served writes the data again, under a new id",
            afterExtend: "The store keeps no expiry.")
    ).with {
        $0.users = UserRule.rails
        $0.extend = .no(because: "the store keeps no expiry: sessions end by rake db:sessions:trim alone")
    }
}

extension UserRule {
    /// Warden's, which Devise uses, and what applications often use.
    static let rails: [UserRule] = [.warden, .path(["user_id"])]
}
