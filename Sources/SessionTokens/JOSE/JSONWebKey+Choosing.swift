internal import Sessions

extension JSONWebKey {
    /// The algorithm that a signature by this key is checked with: the key's own, and one that is accepted.
    ///
    /// - Throws: `keyUnsuitable`, `keyAmbiguous`, `algorithmNotAccepted`.
    func verifyingAlgorithm(among accepted: Set<SignatureAlgorithm>) throws(TokenRefusal) -> SignatureAlgorithm {
        guard allows("verify", "sign") else { throw Self.unsuitable("verify") }
        return try choose(signatureChoices, accepted, to: "verify")
    }

    /// The transport that a token to this key is decrypted with: the key's own, and one that is accepted.
    ///
    /// - Throws: `keyUnsuitable`, `keyAmbiguous`, `algorithmNotAccepted`.
    func decryptingTransport(among accepted: Set<KeyTransport>) throws(TokenRefusal) -> KeyTransport {
        guard isPrivate, allows("decrypt", "unwrapKey", "deriveKey", "deriveBits") else {
            throw Self.unsuitable("decrypt")
        }
        return try choose(transportChoices, accepted, to: "decrypt")
    }

    private func choose<Algorithm: Hashable>(
        _ choices: [Algorithm], _ accepted: Set<Algorithm>, to verb: String
    ) throws(TokenRefusal) -> Algorithm {
        guard let first = choices.first else { throw Self.unsuitable(verb) }
        if choices.count == 1 {
            guard accepted.contains(first) else { throw Self.notAccepted }
            return first
        }
        let rest = choices.filter(accepted.contains)
        guard let only = rest.first else { throw Self.notAccepted }
        guard rest.count == 1 else {
            throw TokenRefusal(.keyAmbiguous, "several algorithms fit the key: give it an alg, or accept just one")
        }
        return only
    }

    private static func unsuitable(_ verb: String) -> TokenRefusal {
        TokenRefusal(.keyUnsuitable, "the key can't \(verb): its type, use, key_ops, length or lack of a private part")
    }

    private static var notAccepted: TokenRefusal {
        TokenRefusal(.algorithmNotAccepted, "the policy doesn't accept the algorithm of the key")
    }

    /// The algorithm that this key signs with.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` where it can't sign, or where several algorithms fit.
    func signingAlgorithm() throws -> SignatureAlgorithm {
        guard isPrivate, allows("sign"), let algorithm = signatureChoices.first, signatureChoices.count == 1 else {
            throw JWKMembers.unusable(
                "this key can't sign: it needs its private part, and an alg where several algorithms fit its type")
        }
        return algorithm
    }

    /// The transport that tokens are encrypted to this key with.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` where that can't be, or where several fit.
    func encryptingTransport() throws -> KeyTransport {
        guard allows("encrypt", "wrapKey", "deriveKey", "deriveBits") || !isSymmetric,
            let transport = transportChoices.first, transportChoices.count == 1
        else {
            throw JWKMembers.unusable(
                "tokens can't be encrypted to this key: it needs an alg where several fit its type, such as ECDH-ES")
        }
        return transport
    }
}
