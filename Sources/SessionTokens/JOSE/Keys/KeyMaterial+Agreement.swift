internal import Crypto
internal import Sessions

extension KeyMaterial {
    /// Whether a secret can be agreed on with it.
    var canAgree: Bool {
        switch self {
        case .x25519, .p256, .p384: true
        case .ed25519, .rsa, .octets: false
        }
    }

    /// Agrees with the owner of this key, by a new key of the same curve.
    ///
    /// - Returns: the secret, and the `epk` that tells the owner.
    func agreeAsSender() throws -> (secret: SharedSecret, ephemeral: JSONValue.Member) {
        let ephemeral = try ephemeralKey()
        let secret = try ephemeral.agreeAsRecipient(self)
        return (secret, .init("epk", .object(ephemeral.publicMembers)))
    }

    /// Agrees with the owner of another key of the same curve; throws where it is of another, or no point of it.
    func agreeAsRecipient(_ other: KeyMaterial) throws -> SharedSecret {
        switch (self, other) {
        case (.x25519(let own), .x25519(let other)):
            if let key = own.privateKey {
                return try key.sharedSecretFromKeyAgreement(with: other.publicKey).unlessZero()
            }
        case (.p256(let own), .p256(let other)):
            if let key = own.agreeing { return try key.sharedSecretFromKeyAgreement(with: other.agreement) }
        case (.p384(let own), .p384(let other)):
            if let key = own.agreeing { return try key.sharedSecretFromKeyAgreement(with: other.agreement) }
        default: break
        }
        throw JWKMembers.notForEncryption
    }

    private func ephemeralKey() throws -> KeyMaterial {
        switch self {
        case .x25519: .x25519(X25519Key(Curve25519.KeyAgreement.PrivateKey()))
        case .p256: try SignatureAlgorithm.es256.makeKey()
        case .p384: try SignatureAlgorithm.es384.makeKey()
        case .ed25519, .rsa, .octets: throw JWKMembers.notForEncryption
        }
    }
}

extension SharedSecret {
    /// Refuses the secret that every key agrees on with a point of small order (RFC 7748, section 6.1).
    fileprivate func unlessZero() throws -> SharedSecret {
        guard withUnsafeBytes({ $0.contains { $0 != 0 } }) else { throw JWKMembers.notForEncryption }
        return self
    }
}
