internal import Sessions
internal import SessionsTransport

/// Takes a memcached URL apart.
struct MemcachedURLReader {
    private let isEncrypted: Bool
    /// `user:password`, still encoded.
    private let person: Substring?
    private let hosts: Substring
    private var parameters: [String: String] = [:]

    /// - Throws: `SessionsError` with `usage`.
    init(_ url: String) throws {
        let schemes = ["memcached://": false, "memcacheds://": true]
        guard let (scheme, isEncrypted) = schemes.first(where: { url.lowercased().hasPrefix($0.key) }) else {
            throw SessionsError.memcachedURL("write it as memcached://HOST[:PORT],HOST… or memcacheds://…")
        }
        self.isEncrypted = isEncrypted
        guard !url.contains("#") else { throw SessionsError.memcachedURL("write # in it as %23") }
        let parts = url.dropFirst(scheme.count).split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        var place = parts[0]
        let end = place.lastIndex(of: "@")
        person = end.map { place[..<$0] }
        if let end { place = place[place.index(after: end)...] }
        if place.hasSuffix("/") { place.removeLast() }
        guard !place.contains("/") else {
            throw SessionsError.memcachedURL("nothing goes behind the hosts but ?NAME=VALUE")
        }
        hosts = place
        if parts.count > 1 { try readParameters(parts[1]) }
    }

    // MARK: Where

    /// The servers with their weights.
    ///
    /// - Throws: `SessionsError` with `usage`.
    mutating func servers() throws -> [MemcachedAddress] {
        var servers = try hosts.split(separator: ",", omittingEmptySubsequences: false).map(Self.address)
        if let text = parameters.removeValue(forKey: "weights") {
            let weights = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
            guard weights.count == servers.count else {
                throw SessionsError.memcachedURL("give as many weights as servers: weights=2,1")
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
        let name = try PercentEncoding.decode(host)
        guard !name.isEmpty else { throw SessionsError.memcachedURL("a host is missing: memcached://HOST[:PORT]") }
        if rest.isEmpty { return MemcachedAddress(host: name) }
        guard rest.hasPrefix(":"), let port = UInt64(decimal: rest.dropFirst().utf8), (1...65535).contains(port) else {
            throw SessionsError.memcachedURL(
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
            configuration.user = parts[0].isEmpty ? nil : try PercentEncoding.decode(parts[0])
            if parts.count > 1, !parts[1].isEmpty { configuration.password = try PercentEncoding.decode(parts[1]) }
        }
        configuration.tls = try encryption()
        configuration.allowsPlaintext = try flag("plaintext")
        if let unknown = parameters.keys.min() {
            let name = unknown.filter { $0.isASCII && $0.isLetter }.prefix(20)
            throw SessionsError.memcachedURL(
                "\(name) is no parameter here: see cacert, cert, key, servername, verify, weights and plaintext")
        }
    }

    private mutating func encryption() throws -> ClientTLS? {
        var tls = ClientTLS()
        tls.authorityFile = parameters.removeValue(forKey: "cacert")
        tls.certificateFile = parameters.removeValue(forKey: "cert")
        tls.keyFile = parameters.removeValue(forKey: "key")
        tls.serverName = parameters.removeValue(forKey: "servername")
        if let name = parameters.removeValue(forKey: "verify") {
            guard let verification = ClientTLS.Verification(rawValue: name) else {
                throw SessionsError.memcachedURL("verify must be full, ca or none")
            }
            tls.verification = verification
        }
        if isEncrypted { return tls }
        guard tls == ClientTLS() else {
            throw SessionsError.memcachedURL("files for TLS are of no use without it: write memcacheds://")
        }
        return nil
    }

    private mutating func flag(_ name: String) throws -> Bool {
        switch parameters.removeValue(forKey: name) {
        case nil, "no": return false
        case "yes": return true
        default: throw SessionsError.memcachedURL("\(name) must be yes or no")
        }
    }

    private mutating func readParameters(_ text: Substring) throws {
        for parameter in text.split(separator: "&") {
            let parts = parameter.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else { throw SessionsError.memcachedURL("parameters are written as NAME=VALUE") }
            let name = try PercentEncoding.decode(parts[0]).lowercased()
            guard parameters.updateValue(try PercentEncoding.decode(parts[1]), forKey: name) == nil else {
                throw SessionsError.memcachedURL("a parameter stands there twice")
            }
        }
    }
}

/// Percent-encoding of the parts of a URL.
enum PercentEncoding {
    /// Decodes text.
    ///
    /// - Throws: `SessionsError` with `usage` for what isn't UTF-8, or holds a zero.
    static func decode(_ text: some StringProtocol) throws -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            guard let high = rest.popFirst().flatMap(hexadecimal), let low = rest.popFirst().flatMap(hexadecimal) else {
                throw SessionsError.memcachedURL(
                    "% must be followed by two hexadecimal digits: write the sign itself as %25")
            }
            bytes.append(high << 4 | low)
        }
        guard let text = String(validating: bytes, as: UTF8.self), !bytes.contains(0) else {
            throw SessionsError.memcachedURL("what is percent-encoded must be UTF-8")
        }
        return text
    }

    /// The value of a hexadecimal digit; `nil` for anything else.
    static func hexadecimal(_ digit: UInt8) -> UInt8? {
        switch digit {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): digit - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): digit - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): digit - UInt8(ascii: "A") + 10
        default: nil
        }
    }
}
