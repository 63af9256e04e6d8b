internal import Sessions

extension TokenExamination {
    /// The key that a signature is checked with, and its algorithm, which must be the one that the header names.
    mutating func verifyingKey(
        _ header: JOSEHeader, _ name: String
    ) throws(TokenRefusal) -> HeaderMemory.Way? {
        guard let known = SignatureAlgorithm(name: name) else {
            try refuseUnknown(name)
            return nil
        }
        if let id = header.keyID, keys.key(id) == nil { missingKeyID = id }
        guard let key = try key(header, in: keys, fits: { $0.signatureChoices.contains(known) }),
            let algorithm = try findings.attempt({ () throws(TokenRefusal) in
                try key.verifyingAlgorithm(among: rules.policy.algorithms)
            })
        else { return nil }
        guard algorithm == known else {
            try refuseMismatch()
            return nil
        }
        return HeaderMemory.Way(key: key.material, algorithm: algorithm, keysVersion: keysVersion)
    }

    /// The key that a token is decrypted with, and its way of transport, which must be the one that the header names.
    mutating func decryptionKey(
        _ header: JOSEHeader, _ name: String
    ) throws(TokenRefusal) -> (JSONWebKey, KeyTransport)? {
        guard let known = KeyTransport(name: name) else {
            try refuseUnknown(name)
            return nil
        }
        guard let decryptionKeys = rules.decryptionKeys else {
            try findings.refuse(.decryptionKeyMissing, "the token is encrypted, and there is no key to decrypt it with")
            return nil
        }
        guard let key = try key(header, in: decryptionKeys, fits: { $0.transportChoices.contains(known) }),
            let transport = try findings.attempt({ () throws(TokenRefusal) in
                try key.decryptingTransport(among: rules.policy.transports)
            })
        else { return nil }
        guard transport == known else {
            try refuseMismatch()
            return nil
        }
        return (key, transport)
    }

    /// The key that the header names; or, where it names none, the only one that fits.
    private mutating func key(
        _ header: JOSEHeader, in set: JSONWebKeySet, fits: (JSONWebKey) -> Bool
    ) throws(TokenRefusal) -> JSONWebKey? {
        if let id = header.keyID {
            if let key = set.key(id) { return key }
            try findings.refuse(.keyUnknown, "no key has the token's kid")
            return nil
        }
        let fitting = set.keys.filter(fits)
        // A key alone is named by being alone: what is wrong with it is then told.
        if let only = set.keys.count == 1 ? set.keys.first : fitting.first, fitting.count < 2 { return only }
        try findings.refuse(.keyMissing, "the token has no kid, and \(fitting.count) keys could be meant")
        return nil
    }

    /// What the header's own check has named already isn't named again.
    private mutating func refuseUnknown(_ name: String) throws(TokenRefusal) {
        let isNamed = findings.refusals.contains {
            [.algorithmNone, .algorithmRSA15, .algorithmPBES2].contains($0.code)
        }
        if !isNamed { try findings.refuse(.algorithmUnknown, "alg is none that is known here") }
    }

    private mutating func refuseMismatch() throws(TokenRefusal) {
        try findings.refuse(.algorithmMismatch, "alg isn't the algorithm of the key: the key decides, not the token")
    }
}
