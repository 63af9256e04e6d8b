import HTTPTypes
import Hummingbird
import SessionTokens
import Sessions
import SessionsHummingbird

extension Shop {
    private struct SignIn: Decodable {
        var user = ""
        var password = ""
    }

    private struct Refresh: Decodable {
        var refresh_token = ""
    }

    /// The shop for apps: signing in gives tokens, and every other request shows one.
    func addAPI(_ tokens: ShopTokens, to router: Router<ShopContext>) {
        router.get("/.well-known/jwks.json") { _, _ in Self.json(tokens.keys.current.publicJSON) }
        tokens.endpoints.addRoutes(to: router.group("oauth"))
        router.post("/api/sign-in") { [self] request, context in
            let body = String(buffer: try await request.body.collect(upTo: TokenForm.byteLimit))
            guard let form = try? URLEncodedFormDecoder().decode(SignIn.self, from: body),
                Account.accepts(form.user, form.password)
            else { throw HTTPError(.unauthorized, message: "That name and that password don't belong together.") }
            return try await signIn(form.user, tokens, sender(request, context))
        }
        router.post("/api/refresh") { [self] request, context in
            let body = String(buffer: try await request.body.collect(upTo: TokenForm.byteLimit))
            let form = try URLEncodedFormDecoder().decode(Refresh.self, from: body)
            return try await refresh(form.refresh_token, tokens, sender(request, context))
        }
        let api = router.group("api")
            .add(middleware: BearerMiddleware(tokens.service, settings: BearerSettings(attacks: settings.attacks)))
            .add(middleware: TokenSessionMiddleware(node, settings: settings))
        addBasket(to: api)
    }

    private func addBasket(to api: RouterGroup<ShopContext>) {
        api.get("account") { [node] _, context in
            let record = context.session.record
            return Self.json([
                "user": .string(try context.session.requireUser()), "node": .string(node.id),
                "session": record.map { .string("\($0.id.handle)") } ?? .null,
                "ends": record?.deadlines.nearest.map { .time($0.moment) } ?? .null,
            ])
        }
        api.get("basket") { [node] _, context in Self.json(try context.session.payload, at: node) }
        api.post("basket/:product/add") { [node] _, context in
            let product = try Self.product(context)
            try await context.session.update { $0.add(product) }
            return Self.json(try context.session.payload, at: node)
        }
        api.post("basket/:product/remove") { [node] _, context in
            let product = try Self.product(context)
            try await context.session.update { $0.remove(product) }
            return Self.json(try context.session.payload, at: node)
        }
        api.post("sign-out") { _, context in
            try await context.session.signOut()
            return HTTPResponse.Status.noContent
        }
    }

    // MARK: Tokens

    /// Begins a session with a basket in it, and a family of refresh tokens that ends with it.
    private func signIn(_ user: String, _ tokens: ShopTokens, _ sender: RequestInfo) async throws -> Response {
        let made = try await node.signIn(
            from: nil, user: user, client: ShopTokens.client, payload: try Basket().sessionBytes(), request: sender)
        let session = made.served.session
        let issued = try await tokens.service.families.issue(
            user: user, client: ShopTokens.client, data: ["session": .string(session.id.hexadecimal)],
            parent: session.id,
            request: sender)
        return try answer(session, issued.token, tokens)
    }

    /// Exchanges a refresh token, once: a second use of it by somebody else ends the family.
    private func refresh(_ text: String, _ tokens: ShopTokens, _ sender: RequestInfo) async throws -> Response {
        switch try await tokens.service.families.refresh(text, client: ShopTokens.client, request: sender) {
        case .exchanged(let family, let successor):
            guard case .string(let id)? = family.data["session"], let hash = IDHash(hexadecimal: id) else { break }
            switch await node.load(hash, request: sender) {
            case .live(let served): return try answer(served.session, successor, tokens)
            case .unavailable(let error): throw error
            case .refused, .suspicious: break
            }
        case .refused: break
        }
        return Self.json(["error": "invalid_grant"], status: .badRequest)
    }

    private func answer(_ session: Session, _ refresh: RefreshToken, _ tokens: ShopTokens) throws -> Response {
        let access = try tokens.service.access(boundTo: session, audience: [ShopTokens.audience])
        return Self.json([
            "access_token": .string(access.secretText), "token_type": "Bearer",
            "expires_in": .integer(tokens.service.issuer.lifetime.components.seconds),
            "refresh_token": .string(refresh.secretText),
        ])
    }

    private func sender(_ request: Request, _ context: ShopContext) -> RequestInfo {
        RequestInfo(request, from: context.peer, trusting: settings.trustedProxies)
    }

    // MARK: JSON

    private static func json(_ basket: Basket, at node: ServiceNode) -> Response {
        let items = basket.items.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .integer($0.value)) }
        return json(["items": .object(items), "cents": .integer(basket.price), "node": .string(node.id)])
    }

    private static func json(_ value: JSONValue, status: HTTPResponse.Status = .ok) -> Response {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        return Response(
            status: status, headers: [.contentType: "application/json"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}
