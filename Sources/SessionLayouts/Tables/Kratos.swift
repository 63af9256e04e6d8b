extension Layout {
    /// Ory Kratos' sessions.
    static let kratos = Layout(
        "kratos", "Ory Kratos: sessions of identities, nothing encoded", in: [.sqlite, .postgres],
        .table(
            TablePlace("sessions", key: "id", payload: "authentication_methods", expiry: .column("expires_at", .text))
                .with {
                    $0.active = "active"
                    $0.user = "identity_id"
                    $0.created = .init("issued_at", .text)
                    $0.others = ["nid", "token", "authenticated_at"]
                }),
        payload: .json,
        notes: LayoutNotes(
            comesBack: nil, afterExtend: "It stays, until Kratos itself refreshes the session.",
            beyondRevoke: "A session that was changed into a JWT is good until that expires.")
    )
}
