extension Layout {
    /// Django's sessions in its database.
    static let djangoDatabase = Layout(
        "django-db", "Django, the db backend: django_session, signed JSON or pickle", in: [.sqlite, .postgres],
        .table(
            TablePlace(
                "django_session", key: "session_key", payload: "session_data", expiry: .column("expire_date", .text))),
        payload: .firstOf([.djangoSigned, .base64(.json)]),
        notes: LayoutNotes(
            comesBack: nil,
            afterExtend: "It stays until a request writes to the session; then SESSION_COOKIE_AGE counts again.",
            beyondRevoke: "With the cached_db backend the cache still serves the session: revoke it there, too.")
    ).with { $0.users = [.path(["_auth_user_id"])] }
}
