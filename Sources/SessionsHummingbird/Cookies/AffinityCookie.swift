public import Crypto
internal import HTTPTypes
internal import Sessions

/// A second cookie that says which node made the session, for a balancer that keeps clients at their node.
///
/// Its value is the node's name, a dot, and an HMAC-SHA256 over the session's identity and that name: a balancer reads the
/// name, and only a node can write one. So nobody chooses their node, and nobody crowds one with the sessions of others. A
/// forged one is counted, has no effect, and is replaced by the truth.
///
/// With HAProxy: `use-server web-01 if { req.cook(__Host-node) -m beg web-01. }`.
public struct AffinityCookie: Sendable {
    /// Its name.
    public let name: String
    /// The node that puts its own name there.
    public let node: String
    private let key: SymmetricKey
    private let proven = ProvenAffinity()

    /// The longest name of a node, in bytes.
    public static let longestNode = 64

    /// Describes the cookie of a node.
    ///
    /// - Parameters:
    ///   - name: the cookie's name.
    ///   - node: the name that the balancer knows the node by: 1 to 64 letters, digits, hyphens and underscores.
    ///   - key: 256 bits or more, the same at all nodes.
    /// - Throws: `SessionsError` with `usage` for names of any other form, with `invalidKey` for a shorter key.
    public init(name: String = "__Host-node", node: String, key: SymmetricKey) throws {
        guard CookieForm.isName(name), Self.isNode(node) else {
            throw SessionsError(
                .usage, "an affinity cookie needs a name, and a node of letters, digits, hyphens and underscores")
        }
        guard key.bitCount >= 256 else {
            throw SessionsError(.invalidKey, "the key of the affinity cookie is too short: use 32 random bytes")
        }
        self.name = name
        self.node = node
        self.key = key
    }

    /// What a request says of the node that made its session.
    enum Reading: Sendable, Equatable {
        case absent
        /// This node, and it is true.
        case made(by: String)
        case forged
    }

    var form: CookieForm { CookieForm(name: name, sameSite: .lax, isHTTPOnly: true) }

    /// What sets it, for a session that this node has made; or for another node, to which it was handed over.
    func field(for id: IDHash, at other: String? = nil) -> HTTPField {
        let node = other ?? node
        return form.field(
            "\(node).\(Base64URL.encode(Array(HMAC<SHA256>.authenticationCode(for: bound(id, node), using: key))))")
    }

    /// Reads it, for a session that is live.
    ///
    /// - Parameters:
    ///   - cookies: the values of the request's `Cookie` fields.
    ///   - id: the session.
    /// - Returns: what stands there, and whether it is true.
    func read(_ cookies: [String], for id: IDHash) -> Reading {
        switch FoundCookie(name, in: cookies) {
        case .none: return .absent
        case .several, .oversized: return .forged
        case .one(let value):
            if let node = proven.node(value, for: id) { return .made(by: node) }
            guard let dot = value.utf8.lastIndex(of: UInt8(ascii: ".")) else { return .forged }
            let node = String(value[..<dot])
            guard Self.isNode(node), let code = Base64URL.decode(value[dot...].utf8.dropFirst()),
                HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: bound(id, node), using: key)
            else { return .forged }
            proven.remember(value, of: node, for: id)
            return .made(by: node)
        }
    }

    private func bound(_ id: IDHash, _ node: String) -> [UInt8] {
        Array("sessiontop affinity 1".utf8) + id.bytes + Array(node.utf8)
    }

    private static func isNode(_ text: String) -> Bool { text.isName(upTo: longestNode, with: "-_") }
}
