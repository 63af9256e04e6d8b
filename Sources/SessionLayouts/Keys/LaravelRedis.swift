extension Layout {
    /// Laravel's sessions in Redis.
    static let laravelRedis = Layout(
        "laravel-redis", "Laravel, the redis driver: PREFIX…ID, PHP serialized twice", in: [.redis],
        .keys(KeyPlace(.endingIn(""), IDShape(40...40, .alphanumeric))),
        payload: .firstOf([.phpText(.php), .phpText(.json), .php, .json, .phpText(.laravelSealed), .laravelSealed]),
        notes: LayoutNotes(
            comesBack: "a request that is being served writes the session again",
            afterExtend: "The next request sets the lifetime of config/session.php again.",
            beyondRevoke: LayoutNotes.laravelRecaller)
    ).with {
        $0.users = [.laravel]
        $0.proof = .member("_token")
    }
}
