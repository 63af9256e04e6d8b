internal import Sessions
public import SessionsTransport

/// Which nodes are asked, and how.
public struct NodesConfiguration: Sendable {
    /// The nodes.
    public var addresses: [NodeAddress]
    /// How connections are encrypted.
    public var tls = ClientTLS()
    /// The token that is shown to each node; `nil`: none.
    public var token: String?
    /// How long a connection may take to be made.
    public var connectLimit = Duration.seconds(3)
    /// How long an answer may take.
    public var answerLimit = Duration.seconds(10)

    /// The longest answer that is read, in bytes.
    static let longestAnswer = JSONValue.byteLimit
    /// The most nodes in one URL.
    static let mostNodes = 256

    /// Makes a configuration.
    public init(addresses: [NodeAddress]) { self.addresses = addresses }
}

extension NodesConfiguration {
    /// Reads `https://host[:port],https://host[:port]…[?cacert=FILE&cert=FILE&key=FILE&servername=NAME&verify=full|ca|none]`.
    ///
    /// `http` is for the loopback alone.
    ///
    /// - Throws: `SessionsError` with `usage`, in words without secrets.
    public init(url text: String) throws {
        let url = URLText(of: "node")
        let parts = text.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        let nodes = (parts.first ?? "").split(separator: ",", omittingEmptySubsequences: false)
        guard nodes.count <= Self.mostNodes else { throw url.unusable("it names more than \(Self.mostNodes) nodes") }
        self.init(addresses: try nodes.map { try NodeAddress($0, of: url) })
        var parameters = parts.count > 1 ? try URLParameters(parts[1], of: url) : URLParameters(of: url)
        let isEncrypted = addresses.contains(where: \.isEncrypted)
        let advice = "write https://"
        tls = try parameters.tls(isEncrypted: isEncrypted, advice: advice) ?? ClientTLS()
        try parameters.finish(known: "cacert, cert, key, servername and verify")
        guard Set(addresses).count == addresses.count else { throw url.unusable("it names a node twice") }
    }
}

extension NodeAddress {
    fileprivate init(_ text: Substring, of url: URLText) throws {
        let isEncrypted: Bool
        var rest = text
        if text.hasPrefix("https://") {
            (isEncrypted, rest) = (true, text.dropFirst(8))
        } else if text.hasPrefix("http://") {
            (isEncrypted, rest) = (false, text.dropFirst(7))
        } else {
            throw url.unusable("each node is written as https://HOST:PORT, with commas between them")
        }
        if rest.hasSuffix("/") { rest = rest.dropLast() }
        guard !rest.contains("@") else { throw url.unusable("the token belongs into SESSIONTOP_PASSWORD") }
        guard !rest.contains("/") else { throw url.unusable("nothing may follow the port: the paths are known") }
        let (host, port) = try Self.parts(rest, of: url)
        guard !host.isEmpty else { throw url.unusable("a host is missing") }
        self.init(host: host, port: port ?? (isEncrypted ? 443 : 80), isEncrypted: isEncrypted)
        guard isEncrypted || IPAddress.isLoopback(host: host) else {
            throw url.unusable("http is for this machine alone: write https:// for \(host.prefix(100))")
        }
    }

    private static func parts(_ text: Substring, of url: URLText) throws -> (host: String, port: Int?) {
        var host = text
        var port: Substring?
        if text.hasPrefix("["), let end = text.firstIndex(of: "]") {
            host = text[text.index(after: text.startIndex)..<end]
            let rest = text[text.index(after: end)...]
            guard rest.isEmpty || rest.hasPrefix(":") else { throw url.unusable("only a port may follow ]") }
            port = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = text.lastIndex(of: ":") {
            (host, port) = (text[..<colon], text[text.index(after: colon)...])
        }
        let isName = host.utf8.allSatisfy { (0x21...0x7E).contains($0) } && host.utf8.count <= 255
        guard isName else { throw url.unusable("a host has characters that no host has") }
        guard let port else { return (String(host), nil) }
        guard let number = Int(port), (1...65_535).contains(number) else {
            throw url.unusable("a port must be a number from 1 to 65535")
        }
        return (String(host), number)
    }
}
