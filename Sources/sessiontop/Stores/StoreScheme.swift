import Sessions
import SessionsHAProxy
import SessionsMemcached
import SessionsNodes
import SessionsPostgres
import SessionsRedis
import SessionsSQLite

/// A kind of store, and how it is opened.
struct StoreScheme: Sendable {
    /// A store that a service can use, and an operator can look at.
    typealias ServiceStore = any SessionStore & SessionDirectory
    /// How a store is opened that is there.
    typealias Attach = @Sendable (StoreURL, StoreAccess) async throws -> any SessionDirectory
    /// How a store is opened for a service, and made where it is missing.
    typealias Serve = @Sendable (StoreURL) async throws -> ServiceStore
    /// How a shared cache in front of a store is opened.
    typealias Share = @Sendable (StoreURL) async throws -> any SharedCache

    /// What its URLs begin with.
    let names: [String]
    /// The form of its URLs, for help.
    let form: String
    /// The layout that its sessions have.
    let ownLayout: String
    /// Whether other frameworks' layouts are known there too.
    let hasForeignLayouts: Bool
    /// Opens a store of this kind for an operator; `nil`: this build has no such store.
    let attach: Attach?
    /// Opens a store of this kind for a service; `nil`: a service can't keep its sessions there.
    let serve: Serve?
    /// Opens a shared cache of this kind; `nil`: it can't be one.
    let share: Share?

    /// Every kind: a store is one line here.
    static let all = [
        StoreScheme(
            "sqlite", form: "sqlite:PATH", hasForeignLayouts: true, attach: { try await SQLiteStore.attach($0, $1) },
            serve: { try SQLiteStore.serve($0) }),
        StoreScheme(
            "redis", "rediss", "redis+unix", "valkey", "valkeys", "valkey+unix", form: "redis://HOST",
            hasForeignLayouts: true, attach: { try await RedisStore.attach($0, $1) },
            serve: { try await RedisStore.serve($0) },
            share: { try RedisSharedCache.share($0) }),
        StoreScheme(
            "redis-sentinel", "rediss-sentinel", form: "redis-sentinel://HOST,HOST/NAME",
            hasForeignLayouts: true, attach: { try await RedisStore.attach($0, $1) },
            serve: { try await RedisStore.serve($0) },
            share: { try RedisSharedCache.share($0) }),
        StoreScheme(
            "redis-cluster", "rediss-cluster", form: "redis-cluster://HOST,HOST",
            hasForeignLayouts: true, attach: { try await RedisStore.attach($0, $1) },
            serve: { try await RedisStore.serve($0) },
            share: { try RedisSharedCache.share($0) }),
        StoreScheme(
            "postgres", "postgresql", form: "postgres://HOST/DATABASE", hasForeignLayouts: true,
            attach: { try await PostgresStore.attach($0, $1) }, serve: { try await PostgresStore.serve($0) }),
        StoreScheme(
            "memcached", "memcacheds", form: "memcached://HOST", hasForeignLayouts: true,
            attach: { try await MemcachedStore.attach($0, $1) }, serve: { try await MemcachedStore.serve($0) },
            share: { try MemcachedSharedCache.share($0) }),
        StoreScheme(
            "https", "http", form: "https://NODE,https://NODE", attach: { try await NodesDirectory.attach($0, $1) }),
        StoreScheme(
            "haproxy", form: "haproxy:/PATH.sock", ownLayout: "haproxy",
            attach: { try await HAProxySource.attach($0, $1) }),
    ]

    /// The forms of all URLs, for people.
    static var forms: String { all.map(\.form).joined(separator: ", ") }

    /// The kind that a URL names.
    ///
    /// - Throws: ``SessionsError`` with `usage` for a kind that isn't known.
    static func of(_ url: StoreURL) throws -> StoreScheme {
        guard let scheme = all.first(where: { $0.names.contains(url.scheme) }) else {
            throw SessionsError(.usage, "\(url) is no store: write it as one of \(forms), or name a context")
        }
        return scheme
    }

    /// Opens the store of a URL for an operator.
    ///
    /// - Throws: ``SessionsError`` with `usage` for a kind or a layout that isn't known or isn't in this build, and
    ///   whatever the store throws.
    static func attach(_ url: StoreURL, _ access: StoreAccess) async throws -> any SessionDirectory {
        let scheme = try of(url)
        guard let attach = scheme.attach else {
            throw SessionsError(.usage, "\(url.scheme): stores are not in this build: use \(possible(\.attach))")
        }
        if let layout = access.layout, layout != scheme.ownLayout, !scheme.hasForeignLayouts {
            throw SessionsError(
                .usage, "there is no layout \(layout) for \(url.scheme): in this build: see sessiontop layouts")
        }
        return try await attach(url, access)
    }

    /// Opens the store of a URL for a service, and makes it where it is missing.
    ///
    /// - Throws: ``SessionsError`` with `usage` for a kind that a service can't use, and whatever the store throws.
    static func serve(_ url: StoreURL) async throws -> ServiceStore {
        guard let serve = try of(url).serve else {
            throw SessionsError(
                .usage, "a service can't keep its sessions in \(url.scheme): use \(possible(\.serve))")
        }
        return try await serve(url)
    }

    /// Opens the shared cache of a URL.
    ///
    /// - Throws: ``SessionsError`` with `usage` for a kind that is no shared cache, and whatever the cache throws.
    static func share(_ url: StoreURL) async throws -> any SharedCache {
        guard let share = try of(url).share else {
            throw SessionsError(.usage, "\(url.scheme) is no shared cache: use \(possible(\.share))")
        }
        return try await share(url)
    }

    private static func possible<Way>(_ way: KeyPath<StoreScheme, Way?>) -> String {
        all.filter { $0[keyPath: way] != nil }.map(\.form).joined(separator: " or ")
    }

    private init(
        _ names: String..., form: String, ownLayout: String = "native", hasForeignLayouts: Bool = false,
        attach: Attach? = nil, serve: Serve? = nil, share: Share? = nil
    ) {
        self.names = names
        self.form = form
        self.ownLayout = ownLayout
        self.hasForeignLayouts = hasForeignLayouts
        self.attach = attach
        self.serve = serve
        self.share = share
    }
}

/// What a store is opened for.
struct StoreAccess: Sendable {
    /// Nothing may be changed.
    var isReadOnly: Bool
    /// The layout that was asked for; `nil`: whatever is found.
    var layout: String?
    /// The clocks to use.
    var time: TimeSource
    /// Looks up a variable of the environment.
    var variable: @Sendable (String) -> String?
    /// What tells the password where neither the URL nor the environment does.
    var passwordCommand: PasswordCommand?

    /// The store's password, where its URL doesn't have it: `$SESSIONTOP_PASSWORD`, else what the context's command says.
    ///
    /// - Throws: ``SessionsError`` where the command gives none.
    func password() throws -> String? {
        if let password = variable("SESSIONTOP_PASSWORD"), !password.isEmpty { return password }
        return try passwordCommand?.password()
    }

    /// The other framework's layout that was asked for; `nil`: our own, or whatever is found.
    var foreignLayout: String? { layout == "native" ? nil : layout }
    /// Whether another framework's layout may be found out.
    var mayDetect: Bool { layout == nil }
}
