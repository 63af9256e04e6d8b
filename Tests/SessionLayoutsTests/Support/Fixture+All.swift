import SessionLayouts

extension Fixture {
    /// Each folder of sessions, and the layout that has to read it.
    static let all = real + constructed

    /// Each folder of sessions that the framework itself wrote.
    static let real = [
        Fixture("django-db-sqlite", "django-db", .sqlite),
        Fixture("django-db-pg", "django-db", .postgres),
        Fixture("django-cached_db", "django-db", .postgres),
        Fixture("django-cached_db", "django-cached-db", .redis),
        Fixture("django-cache-redis", "django-cache", .redis),
        Fixture("django-cache-pymemcache", "django-cache", .memcached),
        Fixture("flask-session-sqlalchemy-sqlite", "flask-session-sqlalchemy", .sqlite),
        Fixture("flask-session-redis-msgpack", "flask-session", .redis),
        Fixture("flask-session-memcached-pymemcache", "flask-session", .memcached),
        Fixture("laravel-database-sqlite", "laravel-database?lifetime=120m", .sqlite),
        Fixture("laravel-database-encrypt-sqlite", "laravel-database?lifetime=120m", .sqlite),
        Fixture("laravel-redis-phpredis", "laravel-redis", .redis),
        Fixture("ruby-activerecord-json-sqlite", "activerecord", .sqlite),
        Fixture("ruby-activerecord-marshal-pg", "activerecord", .postgres),
        Fixture("ruby-cachestore-redis", "rails-cache", .redis),
        Fixture("ruby-cachestore-memcached", "rails-cache", .memcached),
        Fixture("ruby-redis-rack", "rack-redis", .redis),
        Fixture("ruby-redis-actionpack", "rack-redis", .redis),
        Fixture("ruby-redis-session-store-json", "rack-redis", .redis),
        Fixture("ruby-redis-session-store-marshal", "rack-redis", .redis),
        Fixture("phpredis-redis-php", "phpredis", .redis),
        Fixture("phpredis-redis-php_serialize", "phpredis", .redis),
        Fixture("phpredis-redis-igbinary", "phpredis", .redis),
        Fixture("phpmemcached-memcached-php", "php-memcached", .memcached),
        Fixture("express-session-connect-redis", "connect-redis", .redis),
        Fixture("starsessions-redis-fixed", "starsessions", .redis),
        Fixture("go-scs-redis", "scs-redis", .redis),
        Fixture("go-scs-postgres", "scs-postgres", .postgres),
        Fixture("go-redistore-gob", "redistore", .redis),
    ]

    /// Each folder of sessions that were made by a framework's rules, as its sources have them: by no run of it.
    static let constructed = [
        Fixture("spring-redis-indexed", "spring-redis-indexed", .redis),
        Fixture("spring-redis", "spring-redis", .redis),
        Fixture("spring-redis-json", "spring-redis", .redis),
        Fixture("spring-jdbc-pg", "spring-jdbc", .postgres),
        Fixture("spring-jdbc-sqlite", "spring-jdbc", .sqlite),
        Fixture("express-connect-pg-simple", "connect-pg-simple", .postgres),
        Fixture("flask-session-postgres", "flask-session-postgres", .postgres),
        Fixture("hummingbird-redis", "hummingbird-redis", .redis),
        Fixture("hummingbird-fluent-sqlite", "hummingbird-fluent", .sqlite),
        Fixture("hummingbird-fluent-pg", "hummingbird-fluent", .postgres),
        Fixture("hummingbird-postgres", "hummingbird-postgres", .postgres),
        Fixture("vapor-redis", "vapor-redis", .redis, holds: .texts),
        Fixture("vapor-fluent-sqlite", "vapor-fluent", .sqlite, holds: .texts),
        Fixture("vapor-fluent-pg", "vapor-fluent", .postgres, holds: .texts),
        Fixture("kratos-sqlite", "kratos", .sqlite, holds: .nothing),
        Fixture("kratos-pg", "kratos", .postgres, holds: .nothing),
    ]
}
