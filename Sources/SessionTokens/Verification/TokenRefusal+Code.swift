extension TokenRefusal {
    /// The rules that a token may break, each with the name that logs and JSON show.
    ///
    /// A name never changes its meaning. More may come: always handle the rest.
    public enum Code: String, CaseIterable, Sendable, CustomStringConvertible {
        // The form.

        /// It is longer than 8 KiB.
        case tooLong
        /// It has neither three parts nor five, or one that must not be empty is.
        case malformed
        /// A part is no base64url in its one spelling: padding, a foreign character, spare bits that aren't zero.
        case badBase64
        /// A text of the header or the claims is no UTF-8.
        case badText
        /// The header or the claims are no object of JSON.
        case badJSON
        /// JSON lies deeper than 16.
        case tooDeep
        /// The header or the claims name a member twice, at any level.
        case duplicateMember

        // The header.

        /// A parameter of the header is missing or has a value of the wrong kind.
        case badHeader
        /// `alg` is `none`, in whatever spelling.
        case algorithmNone
        /// `alg` is RSA1_5.
        case algorithmRSA15
        /// `alg` is of the PBES2 family: whoever sends the token would choose how long it takes.
        case algorithmPBES2
        /// `alg` is none that is known here.
        case algorithmUnknown
        /// `alg` is known, but the policy doesn't accept it.
        case algorithmNotAccepted
        /// `alg` isn't the algorithm of the key.
        case algorithmMismatch
        /// `enc` isn't A256GCM.
        case encryptionUnknown
        /// `zip`: compressed.
        case compressed
        /// `crit` names what isn't known here, or is malformed.
        case criticalUnknown
        /// `b64` is false: the payload isn't encoded.
        case unencodedPayload
        /// `typ` is missing, or none that the policy accepts.
        case typeNotAccepted
        /// `cty` says that there is something else in it than there must be.
        case contentTypeNotAccepted
        /// An encrypted token holds no signed one, or a signed one holds another.
        case badNesting
        /// It must be encrypted, and isn't.
        case notEncrypted

        // The key.

        /// `kid` is longer than 128 bytes, or empty.
        case badKeyID
        /// There is no `kid`, and more than one key, or none, that it could be.
        case keyMissing
        /// No key has this `kid`.
        case keyUnknown
        /// The key is for something else: its `use`, its `key_ops`, its type or its length.
        case keyUnsuitable
        /// The key has no `alg`, and its type leaves a choice that the policy doesn't end.
        case keyAmbiguous
        /// It is encrypted, and there is no key to decrypt it with.
        case decryptionKeyMissing
        /// The ephemeral key is no point of the curve.
        case badEphemeralKey
        /// It doesn't decrypt: changed, or meant for another key.
        case decryptionFailed
        /// The signature doesn't hold.
        case badSignature

        // The claims.

        /// A claim that must be there is missing.
        case claimMissing
        /// A claim has a value of the wrong kind.
        case badClaim
        /// `iss` is another issuer.
        case issuerMismatch
        /// `aud` doesn't name this service.
        case audienceMismatch
        /// `exp` has passed.
        case expired
        /// `nbf` hasn't come yet.
        case notYetValid
        /// `iat` lies in the future.
        case issuedInFuture
        /// It lives longer than the policy lets any token live.
        case livesTooLong
        /// `scope` lacks what the request needs.
        case scopeMissing

        // The feed.

        /// It was denied by its `jti`.
        case denied
        /// The session or refresh family that it belongs to was ended.
        case sessionEnded
        /// A cut-off of its user, client, tenant or of everyone is younger than it.
        case cutOff
        /// Nobody can tell now whether it was revoked: the feed isn't fresh. Try again, and keep the token.
        case revocationUnknown

        /// The name.
        public var description: String { rawValue }
    }
}
