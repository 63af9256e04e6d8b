internal import Crypto

/// A key pair on P-384: the same numbers sign and agree.
struct P384Key: Sendable {
    let verifying: P384.Signing.PublicKey
    let signing: P384.Signing.PrivateKey?
    let agreement: P384.KeyAgreement.PublicKey
    let agreeing: P384.KeyAgreement.PrivateKey?

    /// Takes a private number, as many bytes as the curve has.
    init(secret: [UInt8]) throws {
        let key = try P384.Signing.PrivateKey(rawRepresentation: secret)
        (signing, verifying) = (key, key.publicKey)
        let agreeing = try P384.KeyAgreement.PrivateKey(rawRepresentation: secret)
        (self.agreeing, agreement) = (agreeing, agreeing.publicKey)
    }

    /// Takes a point: both coordinates, as many bytes each as the curve has.
    ///
    /// One that isn't on the curve is refused.
    init(point: [UInt8]) throws {
        verifying = try P384.Signing.PublicKey(rawRepresentation: point)
        agreement = try P384.KeyAgreement.PublicKey(rawRepresentation: point)
        (signing, agreeing) = (nil, nil)
    }

    init(_ members: JWKMembers) throws {
        let point = try members.point(coordinateByteCount: 48)
        let half = try members.usingPoint { try P384Key(point: point) }
        let whole = try members.usingSecret("d") { try P384Key(secret: $0) }
        guard whole.map({ $0.verifying.rawRepresentation.elementsEqual(point) }) ?? true else {
            throw JWKMembers.halvesDiffer
        }
        self = whole ?? half
    }
}
