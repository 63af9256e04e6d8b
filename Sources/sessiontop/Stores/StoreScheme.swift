import Sessions
import SessionsSQLite

/// A kind of store, and how it is opened.
struct StoreScheme: Sendable {
    /// What its URLs begin with.
    let names: [String]
    /// The form of its URLs, for help.
    let form: String
    /// Opens a store of this kind; `nil`: this build has no such store.
    let open: (@Sendable (StoreURL, StoreAccess) throws -> any SessionDirectory)?

    /// Every kind: a store is one line here.
    static let all = [
        StoreScheme("sqlite", form: "sqlite:PATH") { try SQLiteStore.attach($0, $1) },
        StoreScheme("redis", "rediss", "redis+unix", "valkey", "valkeys", "valkey+unix", form: "redis://HOST"),
        StoreScheme("redis-sentinel", "redis-cluster", form: "redis-sentinel://HOST,HOST/NAME"),
        StoreScheme("postgres", "postgresql", form: "postgres://HOST/DATABASE"),
        StoreScheme("memcached", "memcacheds", form: "memcached://HOST"),
        StoreScheme("https", "http", form: "https://NODE"),
        StoreScheme("haproxy", form: "haproxy:/PATH.sock"),
    ]

    /// The kind that a URL names.
    ///
    /// - Throws: ``SessionsError`` with `usage` for a kind that isn't known, or isn't in this build.
    static func opener(of url: StoreURL) throws -> @Sendable (StoreURL, StoreAccess) throws -> any SessionDirectory {
        guard let scheme = all.first(where: { $0.names.contains(url.scheme) }) else {
            let known = all.map(\.form).joined(separator: ", ")
            throw SessionsError(.usage, "\(url) is no store: write it as one of \(known), or name a context")
        }
        guard let open = scheme.open else {
            throw SessionsError(.usage, "\(url.scheme): stores are not in this build: use sqlite:PATH")
        }
        return open
    }

    private init(
        _ names: String..., form: String,
        open: (@Sendable (StoreURL, StoreAccess) throws -> any SessionDirectory)? = nil
    ) {
        self.names = names
        self.form = form
        self.open = open
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
}

extension SessionsError.Code {
    /// The arguments can't be used.
    static let usage = SessionsError.Code("usage")
}
