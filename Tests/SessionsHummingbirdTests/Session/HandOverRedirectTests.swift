import Crypto
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import SessionTesting
import Sessions
import SessionsHummingbird
import Testing

@Suite("A session that was handed over to another node")
struct HandOverRedirectTests {
    private let key = SymmetricKey(size: .bits256)

    private func settings(_ node: String) throws -> SessionSettings {
        var settings = SessionSettings()
        settings.affinity = try AffinityCookie(node: node, key: key)
        return settings
    }

    private func router(_ node: StickyNode, _ settings: SessionSettings) -> Router<ShopContext> {
        let router = Router(context: ShopContext.self)
        let shop = router.group().add(middleware: SessionMiddleware(node.node, settings: settings))
        shop.post("/sign-in") { _, context in
            try await context.session.signIn("alice")
            return "welcome"
        }
        for method in [HTTPRequest.Method.get, .post] {
            shop.on("/**", method: method) { _, context in context.session.user ?? "nobody" }
        }
        return router
    }

    /// Two nodes with sessions in their memory; the first has handed the browser's over when the test begins.
    private func moved(
        _ test: @escaping @Sendable (_ old: Browser, _ new: Browser) async throws -> Void
    ) async throws {
        let sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test")
        let nodes = ["web-1", "web-2"].map { name in
            let store = MemoryStore(limits: MemoryLimits())
            return StickyNode(ServiceNode(id: name, store: store, policy: .sticky(), sealer: sealer), store: store)
        }
        let applications = try nodes.map { Application(router: router($0, try settings($0.node.id))) }
        try await applications[0].test(.router) { first in
            try await applications[1].test(.router) { second in
                let (old, new) = (Browser(first), Browser(second))
                try await old.post("/sign-in")
                #expect(try await old.get("/me").text == "alice")
                try await nodes[0].drain(DrainPlan(limit: .zero, peers: ["web-2"])) { _, sessions in
                    nodes[1].adopt(sessions)
                }
                try await test(old, new)
            }
        }
    }

    @Test("Its client is sent after it: the same request once more, with a cookie that a balancer goes by")
    func followed() async throws {
        try await moved { old, new in
            let answer = try await old.get("/me?a=1")
            #expect(answer.status == .temporaryRedirect && answer.headers[.location] == "/me?a=1")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(old["__Host-node"]?.hasPrefix("web-2.") == true && answer.cookies().isEmpty)
            for name in ["__Host-node", "__Host-session"] { new[name] = old[name] }
            #expect(try await new.get("/me").text == "alice")
            #expect(new["__Host-node"] == old["__Host-node"], "the other node finds it true")
        }
    }

    @Test("Where the balancer brings it back all the same: 503, no ring of redirects, and the cookie stays")
    func notFollowed() async throws {
        try await moved { old, _ in
            #expect(try await old.get("/me").status == .temporaryRedirect)
            let answer = try await old.get("/me")
            #expect(answer.status == .serviceUnavailable && answer.cookies().isEmpty)
        }
    }

    @Test("A form goes along, with its method; nobody is sent to another host")
    func hostile() async throws {
        try await moved { old, _ in
            let node = old["__Host-node"]
            #expect(try await old.post("/add", body: "tea").status == .temporaryRedirect, "307 keeps method and body")
            for path in ["//evil.example/me", "/\\evil.example"] {
                old["__Host-node"] = node
                let answer = try await old.get(path)
                #expect(answer.status != .temporaryRedirect && answer.headers[.location] == nil, "\(path)")
            }
        }
    }
}
