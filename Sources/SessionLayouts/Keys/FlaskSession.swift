extension Layout {
    /// Flask-Session's sessions in a cache.
    static let flaskSession = Layout(
        "flask-session", "Flask-Session: session:ID, msgpack, JSON or pickle", in: [.redis, .memcached],
        .keys(KeyPlace(.exactly("session:"), IDShape(22...128, .base64URL))),
        payload: .firstOf([.messagePack, .json, .pickle]), notes: .flask
    ).with {
        $0.users = UserRule.flask
        // `_permanent` is there only where the application wants it.
        $0.proof = .object
    }
}
