import Foundation
import SessionTesting
import Subprocess
import Testing

/// The shop as it is built, in real processes behind a real balancer, used by a real client.
@Suite("Storefront", .serialized)
struct StorefrontTests {
    /// The shop on PostgreSQL, with Redis in front.
    func withStores(
        _ body: (Storefronts, _ url: String, PostgresServer) async throws -> Void
    ) async throws {
        try await PostgresServer.with { postgres in
            try await RedisServer.with { redis in
                try await Storefronts.with(["--store", postgres.url(), "--cache", redis.url]) { shop in
                    try await body(shop, postgres.url(), postgres)
                }
            }
        }
    }

    @Test("An instance that is killed takes nothing along: signed in, and the basket is there, at the next request")
    func killed() async throws {
        try await withStores { shop, _, _ in
            let alice = shop.shopper("alice")
            #expect(try await alice.signIn("alice").status == 303)
            #expect(try await alice.post("/basket/tea/add").status == 303)
            let before = try await alice.get("/basket")
            #expect(before.text.contains("Assam tea"))
            #expect(try await alice.get("/basket").node == before.node, "the balancer keeps her at her node")
            let victim = try #require(shop.number(of: before.node))
            try await shop.instances[victim].end(by: .kill)
            let after = try await alice.get("/basket")
            #expect(after.status == 200)
            #expect(after.text.contains("Assam tea"))
            #expect(after.node != before.node)
            #expect(after.handle == before.handle)
            #expect(try await alice.get("/account").text.contains("Welcome, alice"))
        }
    }

    @Test("A user whom sessiontop revokes is refused at every instance, at the next request, and sent to sign in")
    func revoked() async throws {
        try await withStores { shop, url, _ in
            let (alice, bob) = (shop.shopper("alice"), shop.shopper("bob"))
            try await alice.signIn("alice")
            try await bob.signIn("bob")
            // Every instance has a copy in its memory.
            for port in shop.ports { #expect(try await alice.at(port).get("/account").status == 200) }
            let jar = try #require(try alice.cookie("__Host-session"))
            let said = try await Tool.run(
                BuiltProgram.path("sessiontop"),
                ["revoke", url, "--user", "alice", "--reason", "a drill", "--yes", "--format", "json"])
            #expect(said.contains("\"outcome\":\"revoked\""))
            for port in shop.ports {
                let stolen = Shopper("thief-\(port)", in: shop.folder, port: port)
                let page = try await stolen.get("/account", "-H", "Cookie: __Host-session=\(jar)")
                #expect(page.status == 303, "a redirect to the sign-in page")
            }
            let refused = try await alice.get("/account")
            #expect(refused.status == 303 && refused.removesSession)
            #expect(try await bob.get("/account").text.contains("Welcome, bob"))
        }
    }

    @Test("While the database is away nobody is signed out, and afterwards everything is there")
    func outage() async throws {
        try await withStores { shop, _, postgres in
            let alice = shop.shopper("alice")
            try await alice.signIn("alice")
            try await alice.post("/basket/honey/add")
            let cookie = try alice.cookie("__Host-session")
            try await postgres.process.end(by: .kill)
            try await Waiting.until("memory to stop deciding") {
                let page = try await alice.get("/account")
                #expect(page.status == 200 || page.status == 503, "never 401, and never a redirect to sign in")
                return page.status == 503
            }
            #expect(try await alice.get("/health").status == 200)
            try await postgres.restart()
            try await Waiting.until("the shop to find the database again") {
                let page = try await alice.get("/account")
                #expect(page.status == 200 || page.status == 503)
                return page.status == 200
            }
            #expect(try alice.cookie("__Host-session") == cookie)
            #expect(try await alice.get("/basket").text.contains("Heather honey"))
        }
    }

    @Test("Sessions in the memory of an instance are lost with it, and their client starts anew")
    func memory() async throws {
        try await Storefronts.with(["--mode", "memory"]) { shop in
            let alice = shop.shopper("alice")
            try await alice.signIn("alice")
            try await alice.post("/basket/tea/add")
            let before = try await alice.get("/basket")
            #expect(before.text.contains("Assam tea"))
            let victim = try #require(shop.number(of: before.node))
            try await shop.instances[victim].end(by: .kill)
            let after = try await alice.get("/basket")
            #expect(after.status == 200)
            #expect(!after.text.contains("Assam tea"))
            #expect(after.removesSession)
            try await alice.signIn("alice")
            #expect(try await alice.get("/account").text.contains("Welcome, alice"))
        }
    }

    @Test("The address in a session's record is the proxy's word, never the client's own")
    func address() async throws {
        try await ScratchFolder.with { folder in
            let url = "sqlite:\(folder)/shop.db"
            try await Storefronts.with(["--store", url]) { shop in
                let mallory = shop.shopper("mallory")
                let proof = try #require(try await mallory.get("/sign-in").proof)
                let page = try await mallory.get(
                    "/sign-in", "-H", "X-Forwarded-For: 203.0.113.99", "-d", "user=bob", "-d", "csrf=\(proof)",
                    "--data-urlencode", "password=open sesame")
                #expect(page.status == 303)
                let listed = try await Tool.run(BuiltProgram.path("sessiontop"), ["list", url, "--format", "json"])
                #expect(listed.contains("\"user\":\"bob\""))
                #expect(listed.contains("\"ip\":\"127.0.0.1\""))
                #expect(!listed.contains("203.0.113.99"))
            }
        }
    }

    @Test("What people type becomes text on a page, and a form without a proof is refused")
    func hostile() async throws {
        try await Storefronts.with(["--mode", "memory"]) { shop in
            let mallory = shop.shopper("mallory")
            let agent = "<script>alert(1)</script>"
            try await mallory.signIn("bob")
            let page = try await mallory.get("/account", "-A", agent)
            #expect(!page.text.contains("<script"))
            #expect(try await mallory.get("/basket/tea/add", "-X", "POST").status == 403)
            #expect(try await mallory.get("/admin").status == 404)
            let head = try await mallory.get("/", "-i")
            #expect(head.text.contains("default-src 'none'; style-src 'sha256-"))
            #expect(head.text.lowercased().contains("cache-control: no-store"))
        }
    }

    @Test("Told to stop, an instance first lets the balancer know, answers what comes meanwhile, and says goodbye")
    func drained() async throws {
        try await ScratchFolder.with { folder in
            let url = "sqlite:\(folder)/shop.db"
            let port = FreePort.take()
            let command = Storefronts.command(
                "web-01", port: port, ["--store", url, "--keys", "\(folder)/keys", "--drain", "3"])
            try await ServerProcess.with(command) { instance in
                let alice = Shopper("alice", in: folder, port: port)
                try await alice.signIn("alice")
                try instance.send(.terminate)
                try await Waiting.until("the health check to fail") {
                    try await alice.get("/health").status == 503
                }
                #expect(try await alice.get("/account").status == 200)
                try await instance.end()
                let database = "\(folder)/shop.db"
                let status = try await Tool.run(
                    "sqlite3", [database, "SELECT count(*) FROM nodes WHERE status='stopped'"])
                #expect(status == "1\n")
            }
        }
    }

    @Test(
        "One command starts the whole in each mode, one signal ends it, and nothing stays behind",
        arguments: [
            ["--mode", "cookie"], ["--mode", "cookie", "--round-robin"], ["--mode", "token"], ["--mode", "memory"],
        ])
    func script(_ options: [String]) async throws {
        try await ScratchFolder.with { folder in
            let port = FreePort.take()
            let shopper = Shopper("alice", in: folder, port: port)
            let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
                .appendingPathComponent("storefront").path
            let binaries = URL(fileURLWithPath: BuiltProgram.path("Storefront")).deletingLastPathComponent().path
            // Servers that refuse root reach their folder through this one.
            let rooms = "\(folder)/rooms"
            try FileManager.default.createDirectory(atPath: rooms, withIntermediateDirectories: false)
            let command = ServerProcess.Command(
                "env",
                [
                    "TMPDIR=\(rooms)", "STOREFRONT_BINARIES=\(binaries)", "bash", script, "--no-build", "--port",
                    "\(port)",
                ] + options
            ) { (try? await shopper.get("/health").status) == 200 }
            try await ServerProcess.with(command) { whole in
                if !options.contains("token") {
                    try await shopper.signIn("alice")
                    #expect(try await shopper.get("/account").text.contains("Welcome, alice"))
                }
                let room = try #require(try FileManager.default.contentsOfDirectory(atPath: rooms).first)
                let pids = try (1...3).map { number in
                    let text = try String(contentsOfFile: "\(rooms)/\(room)/web-0\(number).pid", encoding: .utf8)
                    return try #require(pid_t(text.trimmingCharacters(in: .whitespacesAndNewlines)))
                }
                try await whole.end()
                for pid in pids { #expect(kill(pid, 0) != 0) }
                #expect(!LoopbackPort.isOpen(port))
                #expect(try FileManager.default.contentsOfDirectory(atPath: rooms).isEmpty)
            }
        }
    }
}
