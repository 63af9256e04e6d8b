internal import Sessions
internal import SessionsTransport

/// Takes a memcached URL apart.
struct MemcachedURLReader {
    private let isEncrypted: Bool
    /// `user:password`, still encoded.
    private let person: Substring?
    private let hosts: Substring
    private static let url = URLText(of: "memcached")
    private var parameters = URLParameters(of: Self.url)

    /// - Throws: `SessionsError` with `usage`.
    init(_ url: String) throws {
        let schemes = ["memcached://": false, "memcacheds://": true]
        guard let (scheme, isEncrypted) = schemes.first(where: { url.lowercased().hasPrefix($0.key) }) else {
            throw Self.url.unusable("write it as memcached://HOST[:PORT],HOST… or memcacheds://…")
        }
        self.isEncrypted = isEncrypted
        guard !url.contains("#") else { throw Self.url.unusable("write # in it as %23") }
        let parts = url.dropFirst(scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var place = parts[0]
        let end = place.lastIndex(of: "@")
        person = end.map { place[..<$0] }
        if let end { place = place[place.index(after: end)...] }
        if place.hasSuffix("/") { place.removeLast() }
        guard !place.contains("/") else {
            throw Self.url.unusable("nothing goes behind the hosts but ?NAME=VALUE")
        }
        hosts = place
        if parts.count > 1 { parameters = try URLParameters(parts[1], of: Self.url) }
    }

    // MARK: Where

    /// The servers with their weights.
    ///
    /// - Throws: `SessionsError` with `usage`.
    mutating func servers() throws -> [MemcachedAddress] {
        var servers = try hosts.split(separator: ",", omittingEmptySubsequences: false).map(Self.address)
        if let text = parameters.take("weights") {
            let weights = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard weights.count == servers.count else {
                throw Self.url.unusable("give as many weights as servers: weights=2,1")
            }
            for index in servers.indices { servers[index].weight = weights[index] }
        }
        return servers
    }

    private static func address(_ text: Substring) throws -> MemcachedAddress {
        var (host, rest) = (text.prefix { $0 != ":" }, text.drop { $0 != ":" })
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            rest = text[text.index(after: end)...]
        }
        let name = try Self.url.decoded(host)
        guard !name.isEmpty else { throw Self.url.unusable("a host is missing: memcached://HOST[:PORT]") }
        if rest.isEmpty { return MemcachedAddress(host: name) }
        guard rest.hasPrefix(":"), let port = UInt64(decimal: rest.dropFirst().utf8), (1...65535).contains(port) else {
            throw Self.url.unusable(
                "a host's port must be a number up to 65535; in a password write @ as %40")
        }
        return MemcachedAddress(host: name, port: Int(port))
    }

    // MARK: How

    /// Fills in the rest.
    ///
    /// - Throws: `SessionsError` with `usage`.
    mutating func finish(_ configuration: inout MemcachedConfiguration) throws {
        if let person {
            let parts = person.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            configuration.user = parts[0].isEmpty ? nil : try Self.url.decoded(parts[0])
            if parts.count > 1, !parts[1].isEmpty { configuration.password = try Self.url.decoded(parts[1]) }
        }
        configuration.tls = try parameters.tls(isEncrypted: isEncrypted, advice: "write memcacheds://")
        configuration.allowsPlaintext = try parameters.flag("plaintext")
        try parameters.finish(known: "cacert, cert, key, servername, verify, weights and plaintext")
    }
}
