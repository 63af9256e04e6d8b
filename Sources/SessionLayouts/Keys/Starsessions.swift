extension Layout {
    /// starsessions' sessions in Redis.
    static let starsessions = Layout(
        "starsessions", "Starlette, starsessions: starsessions.ID, JSON", in: [.redis],
        .keys(KeyPlace(.exactly("starsessions."), IDShape(32...32, .hexadecimal))), payload: .json,
        notes: LayoutNotes(
            comesBack: "a request that is being served writes the session again, under the old id",
            afterExtend: "It stays where sessions aren't rolling; where they are, the next request sets lifetime again."
        )
    ).with {
        $0.users = [.path(["user_id"]), .path(["user", "id"])]
        $0.proof = .member("__metadata__")
        $0.embedded = .starsessions
    }
}
