internal import Sessions
internal import SessionsTransport

/// Takes a Redis URL apart.
struct RedisURLReader {
    private enum Kind { case server, unixSocket, sentinel, cluster }

    private let kind: Kind
    private let isEncrypted: Bool
    /// `user:password`, still encoded.
    private let person: Substring?
    private let hosts: Substring
    private var path: [Substring]
    private static let url = URLText(of: "Redis")
    private var parameters = URLParameters(of: Self.url)

    /// - Throws: `SessionsError` with `usage`.
    init(_ url: String) throws {
        guard let colon = url.firstIndex(of: ":"), let (kind, isEncrypted) = Self.schemes[url[..<colon].lowercased()]
        else { throw Self.url.unusable("write it as redis://HOST, rediss://HOST or redis+unix:/PATH") }
        (self.kind, self.isEncrypted) = (kind, isEncrypted)
        let rest = url[url.index(after: colon)...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard !url.contains("#") else { throw Self.url.unusable("write # in it as %23") }
        var place = rest[0]
        let hasAuthority = place.hasPrefix("//")
        guard hasAuthority || kind == .unixSocket else { throw Self.url.unusable("put // before the host") }
        if hasAuthority { place = place.dropFirst(2) }
        // A path may have the character, too: there a person ends before it begins.
        let head = kind == .unixSocket ? place.prefix { $0 != "/" } : place
        let end = hasAuthority ? head.lastIndex(of: "@") : nil
        person = end.map { place[..<$0] }
        if let end { place = place[place.index(after: end)...] }
        hosts = kind == .unixSocket ? place : place.prefix { $0 != "/" }
        path = kind == .unixSocket ? [] : place.dropFirst(hosts.count + 1).split(separator: "/")
        if rest.count > 1 { parameters = try URLParameters(rest[1], of: Self.url) }
    }

    private static let schemes: [String: (Kind, Bool)] = {
        let plain: [(String, Kind, Bool)] = [
            ("", .server, false), ("s", .server, true), ("+unix", .unixSocket, false), ("-sentinel", .sentinel, false),
            ("s-sentinel", .sentinel, true), ("-cluster", .cluster, false), ("s-cluster", .cluster, true),
        ]
        var all: [String: (Kind, Bool)] = [:]
        for name in ["redis", "valkey"] { for (suffix, kind, tls) in plain { all[name + suffix] = (kind, tls) } }
        return all
    }()

    // MARK: Where

    /// The servers.
    ///
    /// - Throws: `SessionsError` with `usage`.
    mutating func topology() throws -> RedisConfiguration.Topology {
        switch kind {
        case .unixSocket:
            let path = try Self.url.decoded(hosts)
            guard path.hasPrefix("/") else { throw Self.url.unusable("give the socket's whole path: redis+unix:/PATH") }
            return .server(.unixSocket(path))
        case .server:
            let addresses = try addresses(port: 6379)
            guard addresses.count == 1 else { throw Self.url.unusable("name one host, or use redis-cluster://") }
            return .server(addresses[0])
        case .cluster: return .cluster(try addresses(port: 6379))
        case .sentinel:
            guard !path.isEmpty else {
                throw Self.url.unusable("name the primary as the sentinels do: redis-sentinel://HOST,HOST/NAME")
            }
            return .sentinel(try addresses(port: 26379), name: try Self.url.decoded(path.removeFirst()))
        }
    }

    private func addresses(port: Int) throws -> [RedisAddress] {
        try hosts.split(separator: ",", omittingEmptySubsequences: false).map { try Self.address($0, port: port) }
    }

    private static func address(_ text: Substring, port: Int) throws -> RedisAddress {
        var (host, rest) = (text.prefix { $0 != ":" }, text.drop { $0 != ":" })
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        }
        let hostName = try url.decoded(host)
        guard !hostName.isEmpty else { throw url.unusable("a host is missing: redis://HOST[:PORT]") }
        if rest.isEmpty { return .host(hostName, port: port) }
        guard rest.hasPrefix(":"), let number = UInt16(rest.dropFirst()), number > 0 else {
            throw url.unusable(
                "a host's port must be a number up to 65535; in a password write ? as %3F and # as %23")
        }
        return .host(hostName, port: Int(number))
    }

    // MARK: How

    /// Fills in the rest.
    ///
    /// - Throws: `SessionsError` with `usage`.
    mutating func finish(_ configuration: inout RedisConfiguration) throws {
        if let person {
            let parts = person.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            configuration.user = parts[0].isEmpty ? nil : try Self.url.decoded(parts[0])
            if parts.count > 1, !parts[1].isEmpty { configuration.password = try Self.url.decoded(parts[1]) }
        }
        configuration.database = try database()
        let isEncrypted = try parameters.flag("tls") || isEncrypted
        configuration.tls = try parameters.tls(
            isEncrypted: isEncrypted, advice: "write rediss:// or rediss-sentinel://")
        configuration.allowsPlaintext = try parameters.flag("plaintext")
        if kind == .sentinel {
            configuration.sentinelUser = parameters.take("sentineluser")
            configuration.sentinelPassword = parameters.take("sentinelpassword")
        }
        try parameters.finish(known: "cacert, cert, key, servername, verify and plaintext")
    }

    private mutating func database() throws -> Int {
        var text = path.isEmpty ? nil : String(path.removeFirst())
        if kind == .unixSocket { text = parameters.take("db") }
        guard path.isEmpty else { throw Self.url.unusable("too many slashes behind the host") }
        guard let text else { return 0 }
        guard let number = UInt16(text) else {
            throw Self.url.unusable("the database behind the host must be a number")
        }
        guard kind != .cluster || number == 0 else { throw Self.url.unusable("a cluster has no databases but 0") }
        return Int(number)
    }
}
