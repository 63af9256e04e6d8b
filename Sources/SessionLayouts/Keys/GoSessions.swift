extension Layout {
    /// scs' sessions in Redis.
    static let scsRedis = Layout(
        "scs-redis", "scs (Go), redisstore: scs:session:TOKEN, gob", in: [.redis],
        .keys(KeyPlace(.exactly("scs:session:"), IDShape(43...43, .base64URL))), payload: .gob, notes: .scs
    ).with {
        $0.readsSCS()
        $0.proof = .member("Deadline")
    }

    /// gorilla's sessions in Redis.
    static let redistore = Layout(
        "redistore", "gorilla sessions, boj/redistore: session_ID, gob or JSON", in: [.redis],
        .keys(KeyPlace(.exactly("session_"), IDShape(52...52, .base32))), payload: .firstOf([.gob, .json]),
        notes: LayoutNotes(
            comesBack: "a request that is being served, and saves the session, writes it again",
            afterExtend: "The next request that saves the session sets MaxAge again.")
    ).with { $0.users = [.path(["user_id"]), .path(["userID"])] }
}
