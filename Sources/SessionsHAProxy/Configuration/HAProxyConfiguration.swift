internal import Sessions
internal import SessionsTransport

/// How a balancer is asked.
public struct HAProxyConfiguration: Sendable, Equatable {
    /// Where its runtime API is.
    public var address: HAProxyAddress
    /// The stick table that is looked at; `nil`: all that keep a server.
    public var table: String?
    /// Whether a connection that others can hear is taken.
    public var allowsPlaintext = false
    /// How long a connection may take to be made.
    public var connectLimit = Duration.seconds(5)
    /// How long HAProxy may say nothing while an answer is waited for.
    public var silenceLimit = Duration.seconds(10)

    /// Looks at all tables of a balancer.
    public init(address: HAProxyAddress) { self.address = address }

    /// Reads `haproxy:/PATH.sock` or `haproxy://HOST:PORT`, with `?table=NAME` and `plaintext=yes`.
    ///
    /// - Throws: `SessionsError` with `usage` for a URL that can't be used.
    public init(url: String) throws {
        let text = URLText(of: "HAProxy")
        guard let colon = url.firstIndex(of: ":"), url[..<colon].lowercased() == "haproxy" else {
            throw text.unusable("write it as haproxy:/PATH.sock or haproxy://HOST:PORT")
        }
        guard !url.contains("#") else { throw text.unusable("write # in it as %23") }
        let rest = url[url.index(after: colon)...].split(
            separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        self.init(address: try Self.address(rest[0], text))
        guard rest.count > 1 else { return }
        var parameters = try URLParameters(rest[1], of: text)
        table = parameters.take("table")
        if let table, table.isEmpty { throw text.unusable("table must name a stick table") }
        allowsPlaintext = try parameters.flag("plaintext")
        try parameters.finish(known: "table and plaintext")
    }

    /// The URL as people write it.
    var shownURL: String {
        let place =
            switch address {
            case .unixSocket(let path): "haproxy:\(path)"
            case .host: "haproxy://\(address)"
            }
        return place + (table.map { "?table=\($0)" } ?? "")
    }

    private static func address(_ place: Substring, _ text: URLText) throws -> HAProxyAddress {
        guard place.hasPrefix("//") else {
            let path = try text.decoded(place)
            guard path.hasPrefix("/") else { throw text.unusable("give the socket's whole path: haproxy:/PATH.sock") }
            return .unixSocket(path)
        }
        let authority = place.dropFirst(2)
        guard !authority.hasPrefix("/") else { throw text.unusable("write a socket's path as haproxy:/PATH.sock") }
        guard !authority.contains("@") else { throw text.unusable("its runtime API knows no users: leave out USER@") }
        var (host, port) = (authority.prefix { $0 != ":" }, authority.drop { $0 != ":" })
        if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
            host = authority[authority.index(after: authority.startIndex)..<end]
            port = authority[authority.index(after: end)...]
        }
        let name = try text.decoded(host)
        guard !name.isEmpty, port.hasPrefix(":"), let number = UInt16(port.dropFirst()), number > 0 else {
            throw text.unusable("name the host and the port of its runtime API: haproxy://HOST:PORT")
        }
        return .host(name, port: Int(number))
    }
}
