internal import Crypto

/// A key pair on P-256: the same numbers sign and agree.
struct P256Key: Sendable {
    let verifying: P256.Signing.PublicKey
    let signing: P256.Signing.PrivateKey?
    let agreement: P256.KeyAgreement.PublicKey
    let agreeing: P256.KeyAgreement.PrivateKey?

    /// Takes a private number, as many bytes as the curve has.
    init(secret: [UInt8]) throws {
        let key = try P256.Signing.PrivateKey(rawRepresentation: secret)
        (signing, verifying) = (key, key.publicKey)
        let agreeing = try P256.KeyAgreement.PrivateKey(rawRepresentation: secret)
        (self.agreeing, agreement) = (agreeing, agreeing.publicKey)
    }

    /// Takes a point: both coordinates, as many bytes each as the curve has.
    ///
    /// One that isn't on the curve is refused.
    init(point: [UInt8]) throws {
        verifying = try P256.Signing.PublicKey(rawRepresentation: point)
        agreement = try P256.KeyAgreement.PublicKey(rawRepresentation: point)
        (signing, agreeing) = (nil, nil)
    }

    init(_ members: JWKMembers) throws {
        let point = try members.point(coordinateByteCount: 32)
        let half = try members.usingPoint { try P256Key(point: point) }
        let whole = try members.usingSecret("d") { try P256Key(secret: $0) }
        guard whole.map({ $0.verifying.rawRepresentation.elementsEqual(point) }) ?? true else {
            throw JWKMembers.halvesDiffer
        }
        self = whole ?? half
    }
}
