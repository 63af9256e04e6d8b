internal import Sessions

extension TokenExamination {
    /// Checks the claims; clocks are compared to the millisecond.
    mutating func check(_ payload: TokenPayload) throws(TokenRefusal) {
        for misfit in payload.misfits { try findings.refuse(.badClaim, TokenPayload.says(misfit)) }
        try checkPresence(payload)
        if let issuer = payload.claims.issuer, !issuer.hasBytes(of: rules.policy.issuer) {
            try findings.refuse(.issuerMismatch, "iss is another issuer than the one that is trusted here")
        }
        if !payload.claims.audience.isEmpty, !payload.claims.audience.contains(bytes: rules.policy.audience) {
            try findings.refuse(.audienceMismatch, "aud doesn't name this service")
        }
        try checkTimes(payload.claims)
        try demand.check(payload, &findings)
    }

    private mutating func checkPresence(_ payload: TokenPayload) throws(TokenRefusal) {
        for claim in TokenPolicy.alwaysRequired where !payload.has(claim) { try findings.refuseMissing(claim.name) }
        for name in rules.policy.requiredClaims where !payload.has(name) { try findings.refuseMissing(name) }
        // An empty array names nobody: it is there, and says nothing.
        if payload.has(.audience), payload.claims.audience.isEmpty, !payload.misfits.contains(.audience) {
            try findings.refuse(.audienceMismatch, "aud doesn't name this service")
        }
    }

    private mutating func checkTimes(_ claims: TokenClaims) throws(TokenRefusal) {
        let (leeway, now) = (rules.leeway, now.milliseconds)
        if let expires = claims.expires, now >= expires.milliseconds + leeway {
            try findings.refuse(.expired, "it has expired: exp was \(expires)")
        }
        if let notBefore = claims.notBefore, now < notBefore.milliseconds - leeway {
            try findings.refuse(.notYetValid, "it holds from nbf on, \(notBefore): are the clocks right?")
        }
        guard let issued = claims.issued else { return }
        if now < issued.milliseconds - leeway {
            try findings.refuse(.issuedInFuture, "iat lies in the future, \(issued): are the clocks right?")
        }
        if let expires = claims.expires, expires.milliseconds - issued.milliseconds > rules.lifetime {
            try findings.refuse(.livesTooLong, "from iat to exp it lives longer than the policy allows")
        }
    }
}

extension TokenPayload {
    /// What is wrong with a claim that was left out.
    static func says(_ misfit: TypedClaim) -> String { "\(misfit.name) has a value of the wrong kind, or is too long" }
}

extension TokenDemand {
    /// Checks what a request needs besides the policy.
    func check(_ payload: TokenPayload, _ findings: inout Findings) throws(TokenRefusal) {
        for name in claims where !payload.has(name) { try findings.refuseMissing(name) }
        for scope in scope where !payload.claims.scope.contains(bytes: scope) {
            try findings.refuse(.scopeMissing, "scope lacks what this request needs")
        }
    }

    /// Why a token that held doesn't do for this request.
    func refusal(of token: VerifiedToken) -> TokenRefusal? {
        var findings = Findings(stopsAtFirst: true)
        do throws(TokenRefusal) {
            if isEncrypted, !token.wasEncrypted { try findings.add(.notEncrypted) }
            try check(token.payload, &findings)
        } catch { return error }
        return nil
    }
}

extension TokenRefusal {
    /// It came in the clear.
    static var notEncrypted: TokenRefusal { TokenRefusal(.notEncrypted, "the token isn't encrypted, and must be") }
}

extension Findings {
    /// Refuses a token that lacks a claim.
    fileprivate mutating func refuseMissing(_ name: String) throws(TokenRefusal) {
        try refuse(.claimMissing, "the claim \(name) is missing")
    }
}

extension [String] {
    /// Whether a text is among them, byte for byte.
    func contains(bytes text: String) -> Bool { contains { $0.hasBytes(of: text) } }
}
