public import Sessions

/// One look at a token: the rules in the order in which they are asked, for the fast path and for the diagnosis alike.
struct TokenExamination {
    let rules: TokenVerifier.Rules
    let demand: TokenDemand
    let now: Timestamp
    /// The issuer's keys, and which of the sets that it had they are.
    let keys: JSONWebKeySet, keysVersion: Int
    var findings: Findings
    /// What could be decoded, true or not.
    private(set) var decoded = DecodedToken()
    /// The `kid` that signed it, where no key of the issuer has that; never one that it was encrypted to.
    var missingKeyID: String?
    /// What it says, where the signature holds, whatever else is wrong with it; kept where all reasons are gathered.
    private(set) var signedClaims: TokenClaims?

    init(_ verifier: TokenVerifier, _ demand: TokenDemand, stopsAtFirst: Bool) {
        (rules, self.demand) = (verifier.rules, demand)
        now = rules.time.wall()
        (keys, keysVersion) = rules.keys.currentVersion
        findings = Findings(stopsAtFirst: stopsAtFirst)
    }

    /// Looks at a token; `nil`: it is refused, for the reasons in ``findings``.
    mutating func examine(_ token: [UInt8]) throws(TokenRefusal) -> VerifiedToken? {
        guard let compact = try findings.attempt({ () throws(TokenRefusal) in try CompactToken(token) }) else {
            return nil
        }
        guard compact.isEncrypted else {
            if rules.policy.requiresEncryption || demand.isEncrypted {
                try findings.add(.notEncrypted)
            }
            return try examineSigned(compact, wasEncrypted: false)
        }
        guard let inner = try open(compact) else { return nil }
        return try examineSigned(inner, wasEncrypted: true)
    }

    /// Decrypts a token, and takes the signed one out.
    private mutating func open(_ token: CompactToken) throws(TokenRefusal) -> CompactToken? {
        guard let json = try findings.attempt({ () throws(TokenRefusal) in try token.object(0) }) else { return nil }
        decoded.encryptionHeader = json
        let header = try JOSEHeader(json, &findings)
        try checkEncryption(header)
        guard let algorithm = header.algorithm, let (key, transport) = try decryptionKey(header, algorithm),
            header.encryption == ContentEncryption.a256GCM.name,
            let content = try findings.attempt({ () throws(TokenRefusal) in
                try JWE.decrypt(token, header, by: key, transport)
            })
        else { return nil }
        // Claims alone may have two dots, too; no part of a token has a brace.
        guard content.first != UInt8(ascii: "{"), let inner = try? CompactToken(content), !inner.isEncrypted else {
            try findings.refuse(.badNesting, "an encrypted token must hold a signed one")
            return nil
        }
        return inner
    }

    private mutating func checkEncryption(_ header: JOSEHeader) throws(TokenRefusal) {
        if header.encryption != ContentEncryption.a256GCM.name {
            try findings.refuse(.encryptionUnknown, "enc isn't A256GCM")
        }
        if header.contentType != "jwt" {
            try findings.refuse(.contentTypeNotAccepted, "cty of an encrypted token must be JWT: a signed one within")
        }
    }

    private mutating func examineSigned(
        _ token: CompactToken, wasEncrypted: Bool
    ) throws(TokenRefusal) -> VerifiedToken? {
        guard let known = try header(of: token) else { return nil }
        // People look at it, requests don't.
        if !findings.stopsAtFirst { decoded.header = known.json }
        // A header that held does so again, by the same policy and keys.
        var way = known.way
        if way?.keysVersion != keysVersion {
            try checkType(known.header)
            way = if let name = known.header.algorithm { try verifyingKey(known.header, name) } else { nil }
        }
        let holds = if let way { try checkSignature(of: token, way) } else { false }
        guard
            let payload = try findings.attempt({ () throws(TokenRefusal) in
                try token.payload(likely: rules.likely)
            })
        else { return nil }
        if !findings.stopsAtFirst {
            decoded.claims = payload.json
            if holds { signedClaims = payload.claims }
        }
        try check(payload)
        guard holds, let way, findings.refusals.isEmpty else { return nil }
        if known.way?.keysVersion != keysVersion { rules.headers.remember(known, way) }
        return VerifiedToken(payload, known.header, algorithm: way.algorithm.name, wasEncrypted: wasEncrypted)
    }

    private mutating func header(of token: CompactToken) throws(TokenRefusal) -> HeaderMemory.Known? {
        if let known = rules.headers.recall(token.headerPart) { return known }
        guard let json = try findings.attempt({ () throws(TokenRefusal) in try token.object(0) }) else { return nil }
        let header = try JOSEHeader(json, &findings)
        return HeaderMemory.Known(part: Array(token.headerPart), json: json, header: header)
    }

    private mutating func checkType(_ header: JOSEHeader) throws(TokenRefusal) {
        guard let type = header.type, rules.policy.types.contains(bytes: type) else {
            return try findings.refuse(.typeNotAccepted, "typ must be \(rules.policy.types.joined(separator: " or "))")
        }
        guard header.contentType == nil else {
            return try findings.refuse(.contentTypeNotAccepted, "a signed token holds claims alone: no cty")
        }
    }

    /// Checks the signature.
    private mutating func checkSignature(
        of token: CompactToken, _ way: HeaderMemory.Way
    ) throws(TokenRefusal) -> Bool {
        guard let signature = try findings.attempt({ () throws(TokenRefusal) in try token.decoded(2) }) else {
            return false
        }
        guard way.algorithm.verify(way.key, signature, token.signedPart) else {
            try findings.refuse(.badSignature, "the signature doesn't hold: it was changed, or signed by another key")
            return false
        }
        return true
    }
}

/// What could be decoded of a token, whether any of it is true or not.
public struct DecodedToken: Sendable {
    /// The header of the encryption, where there is one.
    public internal(set) var encryptionHeader: JSONValue?
    /// The header of the signature.
    public internal(set) var header: JSONValue?
    /// The claims.
    public internal(set) var claims: JSONValue?
}
