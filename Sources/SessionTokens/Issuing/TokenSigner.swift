public import Sessions

/// Signs claims, and encrypts the signed token where a key for that is given: sign first, encrypt then.
public struct TokenSigner: Sendable {
    private let signingKey: @Sendable () -> JSONWebKey
    private let type: String
    private let encryption: (key: JSONWebKey, transport: KeyTransport)?

    /// Makes a signer that always uses one key: for tests, and for commands that sign once.
    ///
    /// - Parameters:
    ///   - key: with its private part, and an `alg` where its type leaves a choice.
    ///   - type: `typ`.
    ///   - encryptTo: the recipient's key; `nil`: tokens are signed alone.
    /// - Throws: ``SessionsError`` with `invalidKey` where one of the keys can't do that.
    public init(key: JSONWebKey, type: String = "at+jwt", encryptTo: JSONWebKey? = nil) throws {
        try self.init(signingWith: { key }, type: type, encryptTo: encryptTo)
    }

    /// Makes a signer for a service: it signs with the key of a ring whose turn it is, so that a rotation needs no restart.
    ///
    /// - Parameters:
    ///   - keys: the ring; somebody must run ``SigningKeyFile/run(updating:every:rotating:)``.
    ///   - type: `typ`.
    ///   - encryptTo: the recipient's key; `nil`: tokens are signed alone.
    /// - Throws: ``SessionsError`` with `invalidKey` where one of the keys can't do that.
    public init(keys: SigningKeyFile, type: String = "at+jwt", encryptTo: JSONWebKey? = nil) throws {
        try self.init(signingWith: { keys.signingKey }, type: type, encryptTo: encryptTo)
    }

    private init(
        signingWith signingKey: @escaping @Sendable () -> JSONWebKey, type: String, encryptTo: JSONWebKey?
    ) throws {
        (self.signingKey, self.type) = (signingKey, type)
        _ = try signingKey().signingAlgorithm()
        encryption = try encryptTo.map { ($0, try $0.encryptingTransport()) }
    }

    /// Signs claims as they stand.
    ///
    /// - Parameter claims: an object. What verifiers demand of it is not looked at here: see ``TokenIssuer``.
    /// - Returns: the token: as good as a password for as long as it lives.
    /// - Throws: ``SessionsError`` with `usage` where it would be longer than 8 KiB, and no verifier would read it;
    ///   `invalidKey` where a key has come into the ring that can't sign.
    public func sign(_ claims: JSONValue) throws -> String {
        var payload: [UInt8] = []
        claims.write(to: &payload)
        let key = signingKey()
        var token = try JWS.sign(payload, by: key, key.signingAlgorithm(), type: type)
        if let (key, transport) = encryption {
            token = try JWE.encrypt(token, to: key, by: transport, contentType: "JWT")
        }
        guard token.count <= TokenLimits.byteCount else {
            throw SessionsError(.usage, "the token would be longer than \(TokenLimits.byteCount) bytes: claim less")
        }
        return String(decoding: token, as: UTF8.self)
    }
}
