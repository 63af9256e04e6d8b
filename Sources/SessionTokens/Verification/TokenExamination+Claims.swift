internal import Sessions

extension TokenExamination {
    /// Checks the claims; clocks are compared to the millisecond.
    mutating func check(_ claims: TokenClaims, _ json: JSONValue) throws(TokenRefusal) {
        try checkPresence(claims, json)
        if let issuer = claims.issuer, !issuer.hasBytes(of: rules.policy.issuer) {
            try findings.refuse(.issuerMismatch, "iss is another issuer than the one that is trusted here")
        }
        if !claims.audience.isEmpty, !claims.audience.contains(bytes: rules.policy.audience) {
            try findings.refuse(.audienceMismatch, "aud doesn't name this service")
        }
        try checkTimes(claims)
        try demand.check(claims, json, &findings)
    }

    private mutating func checkPresence(_ claims: TokenClaims, _ json: JSONValue) throws(TokenRefusal) {
        if claims.isIncomplete { for name in TokenPolicy.alwaysRequired { try json.require(name, &findings) } }
        for name in rules.policy.requiredClaims { try json.require(name, &findings) }
        // An empty array names nobody: it is there, and says nothing.
        if claims.audience.isEmpty, case .array(let names)? = json["aud"], names.isEmpty {
            try findings.refuse(.audienceMismatch, "aud doesn't name this service")
        }
    }

    private mutating func checkTimes(_ claims: TokenClaims) throws(TokenRefusal) {
        if let expires = claims.expires, now >= expires + rules.policy.leeway {
            try findings.refuse(.expired, "it has expired: exp was \(expires)")
        }
        if let notBefore = claims.notBefore, now < notBefore - rules.policy.leeway {
            try findings.refuse(.notYetValid, "it holds from nbf on, \(notBefore): are the clocks right?")
        }
        guard let issued = claims.issued else { return }
        if now < issued - rules.policy.leeway {
            try findings.refuse(.issuedInFuture, "iat lies in the future, \(issued): are the clocks right?")
        }
        if let expires = claims.expires, expires - issued > rules.policy.lifetime {
            try findings.refuse(.livesTooLong, "from iat to exp it lives longer than the policy allows")
        }
    }
}

extension TokenClaims {
    /// Whether a claim that every token has is missing, or was of the wrong kind.
    fileprivate var isIncomplete: Bool {
        issuer == nil || subject == nil || audience.isEmpty || expires == nil || issued == nil
    }
}

extension TokenDemand {
    /// Checks what a request needs besides the policy.
    func check(_ claims: TokenClaims, _ json: JSONValue, _ findings: inout Findings) throws(TokenRefusal) {
        for name in self.claims { try json.require(name, &findings) }
        for scope in scope where !claims.scope.contains(bytes: scope) {
            try findings.refuse(.scopeMissing, "scope lacks what this request needs")
        }
    }

    /// Why a token that held doesn't do for this request.
    func refusal(of token: VerifiedToken) -> TokenRefusal? {
        var findings = Findings(stopsAtFirst: true)
        do throws(TokenRefusal) {
            if isEncrypted, !token.wasEncrypted { try findings.add(.notEncrypted) }
            try check(token.claims, token.json, &findings)
        } catch { return error }
        return nil
    }
}

extension TokenRefusal {
    /// It came in the clear.
    static var notEncrypted: TokenRefusal { TokenRefusal(.notEncrypted, "the token isn't encrypted, and must be") }
}

extension JSONValue {
    /// Demands that a claim is there: `null` says nothing.
    fileprivate func require(_ name: String, _ findings: inout Findings) throws(TokenRefusal) {
        if case .null = self[name] ?? .null { try findings.refuse(.claimMissing, "the claim \(name) is missing") }
    }
}

extension [String] {
    /// Whether a text is among them, byte for byte.
    func contains(bytes text: String) -> Bool { contains { $0.hasBytes(of: text) } }
}
