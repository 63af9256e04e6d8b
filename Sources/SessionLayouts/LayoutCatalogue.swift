internal import Sessions

/// Every layout that is known.
public enum LayoutCatalogue {
    /// All of them: a layout is one line here, the more particular before those that would take its sessions, too.
    public static let all: [Layout] = [
        .springRedis,
        .springIndexed,
        .springJDBC,
        .djangoDatabase,
        .djangoCache,
        .djangoCachedDatabase,
        .flaskSQLAlchemy,
        .flaskPostgres,
        .flaskSession,
        .laravelDatabase,
        .laravelRedis,
        .activeRecord,
        .railsCache,
        .rackRedis,
        .phpRedis,
        .phpMemcached,
        .connectRedis,
        .connectPGSimple,
        .starsessions,
        .scsRedis,
        .scsPostgres,
        .scsSQLite,
        .redistore,
        .hummingbirdRedis,
        .hummingbirdFluent,
        .hummingbirdPostgres,
        .vaporRedis,
        .vaporFluent,
        .kratos,
    ]

    /// The layouts of a kind of store.
    public static func layouts(in store: StoreKind) -> [Layout] { all.filter { $0.stores.contains(store) } }

    /// The layout that somebody named: `django-db`, or `laravel-database?lifetime=120m`.
    ///
    /// - Throws: ``SessionsError`` with `usage` for a name that isn't known, or not in this kind of store, and for a
    ///   setting that can't be used.
    public static func layout(named text: String, in store: StoreKind) throws -> Layout {
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard let layout = layouts(in: store).first(where: { $0.name == parts[0] }) else {
            let known = layouts(in: store).map(\.name).joined(separator: ", ")
            throw SessionsError(.usage, "there is no layout of that name for \(store.rawValue): use native, \(known)")
        }
        guard parts.count == 2 else { return layout }
        let setting = parts[1].split(separator: "=", maxSplits: 1)
        guard setting.count == 2, setting[0] == "lifetime", let life = DurationText.parse(String(setting[1])),
            life > .zero
        else { throw SessionsError(.usage, "a layout takes one setting: \(layout.name)?lifetime=120m") }
        return layout.with { $0.lifetime = life }
    }
}
