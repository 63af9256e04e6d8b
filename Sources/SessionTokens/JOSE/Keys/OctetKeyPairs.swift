internal import Crypto

/// A key pair of Ed25519.
struct Ed25519Key: Sendable {
    let publicKey: Curve25519.Signing.PublicKey
    let privateKey: Curve25519.Signing.PrivateKey?

    init(_ key: Curve25519.Signing.PrivateKey) {
        (publicKey, privateKey) = (key.publicKey, key)
    }

    init(_ members: JWKMembers) throws {
        publicKey = try members.using("x") { try Curve25519.Signing.PublicKey(rawRepresentation: $0) }
        privateKey = try members.usingSecret("d") { try Curve25519.Signing.PrivateKey(rawRepresentation: $0) }
        guard privateKey.map({ $0.publicKey.rawRepresentation == publicKey.rawRepresentation }) ?? true else {
            throw JWKMembers.halvesDiffer
        }
    }
}

/// A key pair of X25519.
struct X25519Key: Sendable {
    let publicKey: Curve25519.KeyAgreement.PublicKey
    let privateKey: Curve25519.KeyAgreement.PrivateKey?

    init(_ key: Curve25519.KeyAgreement.PrivateKey) {
        (publicKey, privateKey) = (key.publicKey, key)
    }

    init(_ members: JWKMembers) throws {
        publicKey = try members.using("x") { try Curve25519.KeyAgreement.PublicKey(rawRepresentation: $0) }
        privateKey = try members.usingSecret("d") { try Curve25519.KeyAgreement.PrivateKey(rawRepresentation: $0) }
        guard privateKey.map({ $0.publicKey.rawRepresentation == publicKey.rawRepresentation }) ?? true else {
            throw JWKMembers.halvesDiffer
        }
    }
}
