import Foundation
import SessionTesting
import Subprocess
import Testing

extension StorefrontTests {
    /// What signing in and refreshing give.
    private struct Tokens: Decodable {
        let access_token: String
        let refresh_token: String
        let expires_in: Int
    }

    private func send(
        _ path: String, _ port: Int, _ fields: [String] = [], token: String? = nil, method: String? = nil
    ) async throws -> (status: Int, body: String) {
        var arguments = ["-s", "-S", "--max-time", "30", "-w", "\n%{http_code}"]
        for field in fields { arguments += ["--data-urlencode", field] }
        if let token { arguments += ["-H", "Authorization: Bearer \(token)"] }
        if let method { arguments += ["-X", method] }
        let said = try await Tool.run("curl", arguments + ["http://localhost:\(port)\(path)"])
        let lines = said.split(separator: "\n", omittingEmptySubsequences: false)
        return (Int(lines.last ?? "") ?? 0, lines.dropLast().joined(separator: "\n"))
    }

    private func tokens(_ body: String) throws -> Tokens {
        try JSONDecoder().decode(Tokens.self, from: Data(body.utf8))
    }

    @Test("By bearer token any instance answers, a killed one takes nothing along, and a revoke is known to all")
    func byToken() async throws {
        try await ScratchFolder.with { folder in
            let url = "sqlite:\(folder)/shop.db"
            try await Storefronts.with(["--mode", "token", "--store", url], isSticky: false) { shop in
                let credentials = ["user=alice", "password=open sesame"]
                #expect(try await send("/api/sign-in", shop.port, ["user=alice", "password=x"]).status == 401)
                let alice = try tokens(try await send("/api/sign-in", shop.port, credentials).body)
                #expect(alice.expires_in == 300)
                for (number, port) in shop.ports.enumerated() {
                    let answer = try await send("/api/basket/tea/add", port, token: alice.access_token, method: "POST")
                    #expect(answer.body.hasPrefix("{\"items\":{\"tea\":\(number + 1)},"), "\(answer)")
                }
                try await shop.instances[0].end(by: .kill)
                let basket = try await send("/api/basket", shop.port, token: alice.access_token)
                #expect(basket.status == 200 && basket.body.hasPrefix("{\"items\":{\"tea\":3},"))
                let next = try tokens(
                    try await send("/api/refresh", shop.port, ["refresh_token=\(alice.refresh_token)"]).body)
                #expect(try await send("/api/account", shop.port, token: next.access_token).status == 200)
                #expect(try await send("/api/account", shop.port).status == 401)
                #expect(try await send("/api/account", shop.port, token: next.access_token + "x").status == 401)
                try await Tool.run(
                    BuiltProgram.path("sessiontop"), ["revoke", url, "--user", "alice", "--reason", "a drill", "--yes"])
                for port in shop.ports.dropFirst() {
                    #expect(try await send("/api/basket", port, token: next.access_token).status == 401)
                }
                let refused = try await send("/api/refresh", shop.port, ["refresh_token=\(next.refresh_token)"])
                #expect(refused.status == 400 && refused.body.contains("invalid_grant"))
            }
        }
    }

    @Test("With round robin each request is answered by another instance, and it is the same session")
    func roundRobin() async throws {
        try await ScratchFolder.with { folder in
            try await Storefronts.with(["--store", "sqlite:\(folder)/shop.db"], isSticky: false) { shop in
                let alice = shop.shopper("alice")
                try await alice.signIn("alice")
                for _ in 0..<3 { try await alice.post("/basket/tea/add") }
                var nodes: Set<String> = []
                for _ in 0..<6 {
                    let page = try await alice.get("/basket")
                    #expect(page.text.contains("<td class=\"number\">3</td>"))
                    nodes.insert(try #require(page.node))
                }
                #expect(nodes.count == 3)
            }
        }
    }
}
