internal import Sessions

/// Introspection (RFC 7662) and revocation (RFC 7009): functions from a form to an answer, to be mounted by any HTTP layer,
/// under POST and TLS alone.
public struct TokenEndpoints: Sendable {
    /// What a client proves by who it is.
    public struct Attempt: Sendable {
        /// The request's `authorization` header, as it came; `nil`: none.
        public let authorization: String?
        /// The request's form, for `client_id`, `client_secret` and `client_assertion`.
        public let form: TokenForm
    }

    private let service: TokenService
    private let authenticate: @Sendable (Attempt) async throws -> String?

    /// Makes the endpoints of a service.
    ///
    /// - Parameters:
    ///   - service: whose tokens they are.
    ///   - authenticate: which client or resource server sends a request; `nil`: it hasn't proved it. What it throws is
    ///     answered as 503.
    public init(_ service: TokenService, authenticate: @escaping @Sendable (Attempt) async throws -> String?) {
        self.service = service
        self.authenticate = authenticate
    }

    /// Says whether a token is good, and what it says.
    ///
    /// A token that isn't good for whatever reason is answered with `{"active":false}`, and one of which nobody can tell
    /// with 503. Of a refresh token its own client alone learns anything.
    ///
    /// - Parameters:
    ///   - form: the body of the request, of any form.
    ///   - authorization: its `authorization` header.
    /// - Returns: what to answer.
    public func introspect(_ form: [UInt8], authorization: String?) async -> EndpointAnswer {
        await answer(form, authorization) { text, client in
            if RefreshToken(text: text) != nil {
                guard let family = try await service.families.family(of: text),
                    family.client.hasBytes(of: client)
                else { return .inactive }
                return EndpointAnswer(200, Self.json(of: family))
            }
            return await told(text)
        }
    }

    private func told(_ text: String) async -> EndpointAnswer {
        do throws(TokenRefusal) {
            return EndpointAnswer(200, Self.json(of: try await service.verify(text)))
        } catch {
            return error.code == .revocationUnknown ? .unavailable : .inactive
        }
    }

    /// Revokes a token because its client asks: a refresh token with its whole family, an access token alone.
    ///
    /// A token that the issuer has signed is denied whatever else is wrong with it here: it may be good at another service,
    /// or later. One that isn't the issuer's, or has expired, is answered with 200: there is nothing left to do. While
    /// nobody can tell whose it is, the answer is 503.
    ///
    /// - Parameters:
    ///   - form: the body of the request, of any form.
    ///   - authorization: its `authorization` header.
    /// - Returns: what to answer.
    public func revoke(_ form: [UInt8], authorization: String?) async -> EndpointAnswer {
        await answer(form, authorization) { text, client in
            if RefreshToken(text: text) != nil { return try await signOut(text, client) }
            switch try await service.plainVerifier.origin(of: text) {
            case .issuer(let claims): return try await deny(claims, client)
            case .another: return .done
            case .sealed:
                return .bad(
                    "unsupported_token_type", "an encrypted token that can't be read here can't be revoked here")
            }
        }
    }

    private func deny(_ claims: TokenClaims, _ client: String) async throws -> EndpointAnswer {
        // Another service may grant more leeway than this one.
        if let expires = claims.expires, service.time.wall() >= expires + TokenPolicy.greatestLeeway { return .done }
        guard claims.client.map({ $0.hasBytes(of: client) }) ?? false else { return .another }
        guard let id = claims.id else {
            return .bad("unsupported_token_type", "an access token without a jti can't be revoked by itself")
        }
        let denial = TokenDenial(issuer: service.issuer.issuer, tokenID: id)
        try await service.revoke(.token(denial), by: client, reason: nil)
        return .done
    }

    private func signOut(_ text: String, _ client: String) async throws -> EndpointAnswer {
        switch try await service.families.signOut(text, client: client) {
        case .wrongClient: return .another
        case .unknown, .ended: return .done
        }
    }

    /// What both have in common: the form, the client, the token, and a store that may be away.
    private func answer(
        _ form: [UInt8], _ authorization: String?,
        _ work: (_ token: String, _ client: String) async throws -> EndpointAnswer
    ) async -> EndpointAnswer {
        guard let form = TokenForm(form) else {
            return .bad("invalid_request", "the form can't be read, or has a parameter twice")
        }
        do {
            guard let client = try await authenticate(Attempt(authorization: authorization, form: form)) else {
                return .unauthorized
            }
            guard let token = form["token"] else { return .bad("invalid_request", "the parameter token is missing") }
            return try await work(token, client)
        } catch {
            return .unavailable
        }
    }
}

extension EndpointAnswer {
    /// RFC 7009, 2.1: the token was issued to another client.
    fileprivate static let another = bad("unauthorized_client", "the token was issued to another client")
}

extension TokenEndpoints {
    private static func json(of token: VerifiedToken) -> JSONValue {
        guard case .object(let members) = token.json else { return ["active": .bool(false)] }
        let own = members.filter { !["active", "token_type"].contains($0.name) }
        return .object([.init("active", .bool(true)), .init("token_type", "Bearer")] + own)
    }

    private static func json(of family: RefreshFamily) -> JSONValue {
        func seconds(_ moment: Timestamp) -> JSONValue { .integer(moment.milliseconds / 1000) }
        var members: [JSONValue.Member] = [
            .init("active", .bool(true)), .init("client_id", .string(family.client)),
            .init("sub", .string(family.user ?? family.client)),
        ]
        if let tenant = family.tenant { members.append(.init("tenant", .string(tenant))) }
        if let end = family.deadlines.nearest?.moment { members.append(.init("exp", seconds(end))) }
        if let grant = TokenGrant(family.data), !grant.scope.isEmpty {
            members.append(.init("scope", .string(grant.scope.joined(separator: " "))))
        }
        return .object(members)
    }
}
