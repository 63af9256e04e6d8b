#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import CLibPQ
internal import Sessions

/// One of libpq's keywords with its value.
struct Parameter: Sendable, Equatable {
    let keyword: String
    let value: String
}

/// How the servers of a URL are reached: libpq's own words, with what it leaves open filled in.
struct ConnectionSettings: Sendable {
    /// The servers in the order to try; one entry where libpq itself must choose among several.
    let servers: [[Parameter]]
    /// The URL as it may be shown: without a password, whatever form it was written in.
    let shown: String

    /// Reads a URL or a string of libpq's keywords.
    ///
    /// - Parameters:
    ///   - url: as libpq takes it.
    ///   - password: used instead of the URL's, the environment's and the password file's.
    ///   - isReadOnly: a standby will do.
    /// - Throws: ``SessionsError`` with `usage` where libpq can't read it.
    init(url: String, password: String?, isReadOnly: Bool) throws {
        var given = try Self.parse(url)
        try Self.check(given)
        if let password { given["password"] = password }
        shown = Self.shown(given)
        let hosts = Self.hosts(of: given)
        if hosts.count > 1, !isReadOnly, given["target_session_attrs"] == nil {
            given["target_session_attrs"] = "read-write"
        }
        // `prefer-standby` needs all hosts at once, to know that there is no standby among them.
        let mustBeTogether = given["target_session_attrs"] == "prefer-standby"
        servers = (mustBeTogether ? [[:]] : hosts).map { host in
            Self.completed(given.merging(host) { $1 })
        }
    }

    /// What libpq leaves open and a service shouldn't.
    private static func completed(_ given: [String: String]) -> [Parameter] {
        var all = [
            "client_encoding": "UTF8", "fallback_application_name": "sessions", "keepalives_idle": "30",
            "keepalives_interval": "10", "keepalives_count": "3", "tcp_user_timeout": "10000",
        ]
        if mustVerify(given) { all["sslmode"] = "verify-full" }
        all.merge(given) { $1 }
        all["client_encoding"] = "UTF8"
        return all.map { Parameter(keyword: $0.key, value: $0.value) }.sorted { $0.keyword < $1.keyword }
    }

    /// Whether TLS is up to us: to an address that isn't this machine, where nobody said anything about it.
    private static func mustVerify(_ given: [String: String]) -> Bool {
        guard given["sslmode"] == nil, given["service"] == nil, getenv("PGSSLMODE") == nil, getenv("PGSERVICE") == nil
        else { return false }
        guard let host = given["hostaddr"] ?? given["host"] ?? getenv("PGHOST").map({ String(cString: $0) }) else {
            return false
        }
        return !host.split(separator: ",").allSatisfy {
            $0.hasPrefix("/") || $0.hasPrefix("@") || IPAddress.isLoopback(host: $0)
        }
    }

    /// Each host by itself, so that one that doesn't answer costs its own time only: libpq would wait for it until the
    /// deadline of all.
    private static func hosts(of given: [String: String]) -> [[String: String]] {
        let keywords = ["host", "hostaddr", "port"]
        let lists = keywords.map { keyword in
            given[keyword].map { $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init) } ?? []
        }
        let count = max(lists[0].count, lists[1].count)
        // One port may stand for all; any other mismatch is libpq's to explain.
        let fits = zip(keywords, lists).allSatisfy { keyword, list in
            list.isEmpty || list.count == count || (keyword == "port" && list.count == 1)
        }
        guard count > 1, fits else { return [[:]] }
        return (0..<count).map { place in
            var host: [String: String] = [:]
            for (keyword, list) in zip(keywords, lists) {
                host[keyword] = list.count > 1 ? list[place] : list.first
            }
            return host
        }
    }

    private static func parse(_ url: String) throws -> [String: String] {
        var words: UnsafeMutablePointer<CChar>?
        guard let options = PQconninfoParse(url, &words) else {
            // What libpq says would quote the URL, and with it a password.
            PQfreemem(words)
            throw SessionsError(
                .usage,
                "the URL can't be read: write postgres://USER@HOST:PORT/DATABASE?sslmode=verify-full, with %XX for "
                    + "special characters, and each parameter as libpq names it")
        }
        defer { PQconninfoFree(options) }
        var given: [String: String] = [:]
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { given[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        return given
    }

    /// The values that libpq knows for what has only a few, which it looks at no sooner than when it connects.
    private static let values = [
        "sslmode": ["disable", "allow", "prefer", "require", "verify-ca", "verify-full"],
        "target_session_attrs": ["any", "read-write", "read-only", "primary", "standby", "prefer-standby"],
        "channel_binding": ["disable", "prefer", "require"], "gssencmode": ["disable", "prefer", "require"],
    ]

    /// - Throws: ``SessionsError`` with `usage` for a value that can't be.
    private static func check(_ given: [String: String]) throws {
        for (keyword, known) in values {
            // What is empty is as if it weren't there.
            guard let value = given[keyword], !value.isEmpty, !known.contains(value) else { continue }
            throw SessionsError(
                .usage, "the URL can't be used: \(keyword) must be one of \(known.joined(separator: ", "))")
        }
        let ports = (given["port"] ?? "").split(separator: ",")
        guard ports.allSatisfy({ (UInt16($0.filter { $0 != " " }) ?? 0) > 0 }) else {
            throw SessionsError(.usage, "the URL can't be used: a port is a number up to 65535")
        }
    }

    private static func shown(_ given: [String: String]) -> String {
        let ports = given["port"].map { $0.split(separator: ",").map { ":\($0)" } } ?? []
        let names = (given["host"] ?? given["hostaddr"] ?? "").split(separator: ",")
        let hosts = names.enumerated().map { place, name in
            let port = ports.count == 1 ? ports[0] : ports.indices.contains(place) ? ports[place] : ""
            let host = name.hasPrefix("/") ? name.split(separator: "/").joined(separator: "%2F") : String(name)
            return (name.hasPrefix("/") ? "%2F" : "") + (host.contains(":") ? "[\(host)]" : host) + port
        }
        let user = given["user"].map { "\($0)@" } ?? ""
        let service = given["service"].map { "?service=\($0)" } ?? ""
        return "postgres://\(user)\(hosts.joined(separator: ","))/\(given["dbname"] ?? "")\(service)"
    }
}
