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
    private var parameters: [String: String] = [:]

    /// - Throws: `SessionsError` with `usage`.
    init(_ url: String) throws {
        guard let colon = url.firstIndex(of: ":"), let (kind, isEncrypted) = Self.schemes[url[..<colon].lowercased()]
        else { throw Self.unusable("write it as redis://HOST, rediss://HOST or redis+unix:/PATH") }
        (self.kind, self.isEncrypted) = (kind, isEncrypted)
        let rest = url[url.index(after: colon)...].split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        guard !url.contains("#") else { throw Self.unusable("write # in it as %23") }
        var place = rest[0]
        let hasAuthority = place.hasPrefix("//")
        guard hasAuthority || kind == .unixSocket else { throw Self.unusable("put // before the host") }
        if hasAuthority { place = place.dropFirst(2) }
        // A path may have the character, too: there a person ends before it begins.
        let head = kind == .unixSocket ? place.prefix { $0 != "/" } : place
        let end = hasAuthority ? head.lastIndex(of: "@") : nil
        person = end.map { place[..<$0] }
        if let end { place = place[place.index(after: end)...] }
        hosts = kind == .unixSocket ? place : place.prefix { $0 != "/" }
        path = kind == .unixSocket ? [] : place.dropFirst(hosts.count + 1).split(separator: "/")
        if rest.count > 1 { try readParameters(rest[1]) }
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
            let path = try Self.decoded(hosts)
            guard path.hasPrefix("/") else { throw Self.unusable("give the socket's whole path: redis+unix:/PATH") }
            return .server(.unixSocket(path))
        case .server:
            let addresses = try addresses(port: 6379)
            guard addresses.count == 1 else { throw Self.unusable("name one host, or use redis-cluster://") }
            return .server(addresses[0])
        case .cluster: return .cluster(try addresses(port: 6379))
        case .sentinel:
            guard !path.isEmpty else {
                throw Self.unusable("name the primary as the sentinels do: redis-sentinel://HOST,HOST/NAME")
            }
            return .sentinel(try addresses(port: 26379), name: try Self.decoded(path.removeFirst()))
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
        let hostName = try decoded(host)
        guard !hostName.isEmpty else { throw unusable("a host is missing: redis://HOST[:PORT]") }
        if rest.isEmpty { return .host(hostName, port: port) }
        guard rest.hasPrefix(":"), let number = UInt16(rest.dropFirst()), number > 0 else {
            throw unusable(
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
            configuration.user = parts[0].isEmpty ? nil : try Self.decoded(parts[0])
            if parts.count > 1, !parts[1].isEmpty { configuration.password = try Self.decoded(parts[1]) }
        }
        configuration.database = try database()
        configuration.tls = try encryption()
        configuration.allowsPlaintext = try flag("plaintext")
        if kind == .sentinel {
            configuration.sentinelUser = parameters.removeValue(forKey: "sentineluser")
            configuration.sentinelPassword = parameters.removeValue(forKey: "sentinelpassword")
        }
        if let unknown = parameters.keys.min() {
            let name = unknown.filter { $0.isASCII && $0.isLetter }.prefix(20)
            throw Self.unusable("\(name) is no parameter here: see cacert, cert, key, servername, verify and plaintext")
        }
    }

    private mutating func database() throws -> Int {
        var text = path.isEmpty ? nil : String(path.removeFirst())
        if kind == .unixSocket { text = parameters.removeValue(forKey: "db") }
        guard path.isEmpty else { throw Self.unusable("too many slashes behind the host") }
        guard let text else { return 0 }
        guard let number = UInt16(text) else { throw Self.unusable("the database behind the host must be a number") }
        guard kind != .cluster || number == 0 else { throw Self.unusable("a cluster has no databases but 0") }
        return Int(number)
    }

    private mutating func encryption() throws -> ClientTLS? {
        var tls = ClientTLS()
        tls.authorityFile = parameters.removeValue(forKey: "cacert")
        tls.certificateFile = parameters.removeValue(forKey: "cert")
        tls.keyFile = parameters.removeValue(forKey: "key")
        tls.serverName = parameters.removeValue(forKey: "servername")
        if let name = parameters.removeValue(forKey: "verify") {
            guard let verification = ClientTLS.Verification(rawValue: name) else {
                throw Self.unusable("verify must be full, ca or none")
            }
            tls.verification = verification
        }
        if try flag("tls") || isEncrypted { return tls }
        guard tls == ClientTLS() else {
            throw Self.unusable("files for TLS are of no use without it: write rediss:// or rediss-sentinel://")
        }
        return nil
    }

    private mutating func flag(_ name: String) throws -> Bool {
        switch parameters.removeValue(forKey: name) {
        case nil, "no": return false
        case "yes": return true
        default: throw Self.unusable("\(name) must be yes or no")
        }
    }

    private mutating func readParameters(_ text: Substring) throws {
        for parameter in text.split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw Self.unusable("parameters are written as NAME=VALUE") }
            let name = try Self.decoded(parts[0]).lowercased()
            guard parameters.updateValue(try Self.decoded(parts[1]), forKey: name) == nil else {
                throw Self.unusable("a parameter stands there twice")
            }
        }
    }

    // MARK: Text

    private static func decoded(_ text: some StringProtocol) throws -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2)
            guard digits.count == 2, let value = UInt8(String(decoding: digits, as: UTF8.self), radix: 16),
                digits.first != UInt8(ascii: "+")
            else { throw unusable("% must be followed by two hexadecimal digits: write the sign itself as %25") }
            bytes.append(value)
            rest.removeFirst(2)
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw unusable("what is percent-encoded must be UTF-8")
        }
        return text
    }

    private static func unusable(_ what: String) -> SessionsError {
        SessionsError(.usage, "the Redis URL can't be used: \(what)")
    }
}
