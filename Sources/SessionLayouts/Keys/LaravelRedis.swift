extension Layout {
    private static let laravelText = PayloadEncoding.firstOf([.php, .json, .laravelSealed])
    /// Laravel serializes the session's text again, or leaves that to phpredis, which does it as the connection says.
    private static let laravelTexts: [PayloadEncoding] = [PayloadEncoding.php, .igbinary, .messagePack, .json]
        .map { .text(of: $0, holding: laravelText) }

    /// Laravel's sessions in Redis.
    static let laravelRedis = Layout(
        "laravel-redis", "Laravel, the redis driver: PREFIX…ID, PHP or JSON serialized twice", in: [.redis],
        .keys(KeyPlace(.endingIn(""), IDShape(40...40, .alphanumeric))),
        payload: .firstOf(laravelTexts + [laravelText]),
        notes: LayoutNotes(
            comesBack: "a request that is being served writes the session again",
            afterExtend: "The next request sets the lifetime of config/session.php again.",
            beyondRevoke: LayoutNotes.laravelRecaller)
    ).with {
        $0.users = [.laravel]
        $0.proof = .member("_token")
    }
}
