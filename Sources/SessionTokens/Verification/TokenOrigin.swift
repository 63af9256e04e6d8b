internal import Sessions

/// Whose a token is: what a revoke of it goes by.
enum TokenOrigin: Sendable {
    /// The issuer's: it has signed these claims, whatever else is wrong with the token.
    case issuer(TokenClaims)
    /// Not the issuer's, as far as its keys tell.
    case another
    /// It is encrypted, and can't be read here.
    case sealed
}

extension TokenVerifier {
    /// Whose a token is, be it good here and now or not; the keys' source is asked where the `kid` isn't known.
    ///
    /// - Parameter token: the text that came; any may.
    /// - Returns: whose it is.
    /// - Throws: ``SessionsError`` with `unavailable` where the `kid` isn't known, and the source can't be asked now.
    func origin(of token: String) async throws -> TokenOrigin {
        let token = Array(token.utf8)
        var examination = wholeExamination(of: token)
        if let id = examination.missingKeyID {
            if await keys.lookUp(id) {
                examination = wholeExamination(of: token)
            } else if !keys.isMissing(id) {
                throw SessionsError(
                    .unavailable, "the token's key isn't known, and the issuer's keys can't be read now: try again")
            }
        }
        if let claims = examination.signedClaims {
            let isIssuer = claims.issuer.map { $0.hasBytes(of: policy.issuer) } ?? false
            return isIssuer ? .issuer(claims) : .another
        }
        let decoded = examination.decoded
        return decoded.encryptionHeader != nil && decoded.header == nil ? .sealed : .another
    }

    private func wholeExamination(of token: [UInt8]) -> TokenExamination {
        var examination = TokenExamination(self, .none, stopsAtFirst: false)
        // It gathers: nothing is thrown.
        _ = try? examination.examine(token)
        return examination
    }
}
