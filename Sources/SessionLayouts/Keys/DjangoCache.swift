internal import Sessions

extension Layout {
    private static let pickled = PayloadEncoding.firstOf([.pickle, .json, .messagePack])
    private static let djangoID = IDShape(32...32, .lowerAlphanumeric)

    /// Django's sessions in its cache.
    static let djangoCache = Layout(
        "django-cache", "Django, the cache backend: pickles under *django.contrib.sessions.cache*",
        in: [.redis, .memcached], .keys(KeyPlace(.endingIn("django.contrib.sessions.cache"), djangoID)),
        payload: pickled,
        notes: LayoutNotes(
            comesBack: nil,
            afterExtend: "It stays until a request writes to the session; then SESSION_COOKIE_AGE counts again.")
    ).with { $0.users = [.path(["_auth_user_id"])] }

    /// The cache's part of Django's sessions that lie in a database, too.
    static let djangoCachedDatabase = Layout(
        "django-cached-db", "Django, the cached_db backend: the cache's part, read only", in: [.redis, .memcached],
        .keys(KeyPlace(.endingIn("django.contrib.sessions.cached_db"), djangoID)), payload: pickled,
        notes: LayoutNotes(comesBack: "the database gives the session again", afterExtend: "The database decides.")
    ).with {
        $0.users = [.path(["_auth_user_id"])]
        $0.revoke = .no(because: "the database holds the session, too, and gives it again: revoke it there first")
        $0.extend = .no(because: "the database holds the deadline that counts: extend it there")
    }
}
