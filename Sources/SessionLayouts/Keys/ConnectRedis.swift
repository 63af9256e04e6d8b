extension Layout {
    /// express-session's sessions in Redis.
    static let connectRedis = Layout(
        "connect-redis", "express-session, connect-redis: sess:ID, JSON", in: [.redis],
        .keys(KeyPlace(.exactly("sess:"), IDShape(16...128, .base64URL))), payload: .json, notes: .express
    ).with { $0.readsExpress() }
}
