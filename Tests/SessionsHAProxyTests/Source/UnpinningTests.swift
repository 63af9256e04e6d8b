import Sessions
import SessionTesting
import Subprocess
import Testing

@testable import SessionsHAProxy

@Suite("Unpinning", .serialized)
struct UnpinningTests {
    @Test(
        "Exactly the sessions that were named are unpinned, each with an outcome, and their next request binds them anew"
    )
    func some() async throws {
        try await Shop.with { shop in
            let ids = try await shop.fill(20)
            let source = try await shop.source()
            let unknown = IDHash(hashing: [9])
            let receipt = try await source.revoke(.sessions([ids[3], unknown, ids[7]]), order: .test)
            #expect(receipt.outcomes.map(\.id) == [ids[3], unknown, ids[7]])
            #expect(receipt.outcomes.map(\.outcome) == [.revoked, .notFound, .revoked])
            let left = try await source.rows(after: nil, limit: 100).rows.map(\.id)
            #expect(Set(left) == Set(ids).subtracting([ids[3], ids[7]]))
            let gone = try await source.detail(ids[3])
            #expect(gone == nil)
            try await shop.visit(Shop.cookie(3))
            #expect(try await source.detail(ids[3])?.row.node != nil)
        }
    }

    @Test("Hostile keys are unpinned one by one, and nothing else goes")
    func hostile() async throws {
        try await Shop.with { shop in
            let keys = ["a;clear table shop", "b b", "c\\", "<<", "d\t", "é", "x"].map { Array($0.utf8) }
            for key in keys {
                let word = try RuntimeCommand.word(key)
                try await shop.tell(Array("set table shop key ".utf8) + word + Array(" data.server_id 1".utf8))
            }
            let source = try await shop.source()
            var left = Set(keys.map { IDHash(hashing: $0) })
            for key in keys {
                let id = IDHash(hashing: key)
                let receipt = try await source.revoke(.sessions([id]), order: .test)
                #expect(receipt.outcomes.map(\.outcome) == [.revoked])
                left.remove(id)
                #expect(try await Set(source.rows(after: nil, limit: 100).rows.map(\.id)) == left)
            }
        }
    }

    @Test("Everyone is unpinned one by one; a user is nobody that a balancer knows")
    func everyone() async throws {
        try await Shop.with { shop in
            let ids = try await shop.fill(30)
            let source = try await shop.source()
            let receipt = try await source.revoke(.everyone, order: .test)
            #expect(receipt.outcomes.count == ids.count && receipt.outcomes.allSatisfy { $0.outcome == .revoked })
            #expect(try await source.rows(after: nil, limit: 100).rows.isEmpty)
            let error = await #expect(throws: SessionsError.self) {
                try await source.revoke(.user("alice"), order: .test)
            }
            #expect(error?.code == .unsupported)
            await #expect(throws: SessionsError.self) {
                try await source.extend(ids, to: .by(.seconds(60)), order: .test)
            }
        }
    }

    @Test("An entry that a connection uses stays, and is told as that")
    func inUse() async throws {
        try await Shop.with { shop in
            // A request that gets no answer holds its entry.
            let arguments = ["-s", "-H", "Cookie: sid=busy", "http://127.0.0.1:\(shop.port)/busy"]
            let command = ServerProcess.Command("curl", arguments) {
                let entry = try? await shop.client.ask(
                    .showEntry(table: "shop", key: Array("busy".utf8)), EntryReader())
                return entry?.use ?? 0 > 0
            }
            try await ServerProcess.with(command) { _ in
                let source = try await shop.source()
                let id = IDHash(hashing: Array("busy".utf8))
                let receipt = try await source.revoke(.sessions([id]), order: .test)
                guard case .failed(let reason) = receipt.outcomes.first?.outcome else {
                    Issue.record("\(receipt.outcomes)")
                    return
                }
                #expect(reason.contains("use"))
                let kept = try await source.detail(id)
                #expect(kept != nil)
                let streams = try await shop.tell("show sess").split(separator: "\n")
                let stream = try #require(streams.first { $0.contains(" fe=web ") }).prefix { $0 != ":" }
                try await shop.tell("shutdown session \(stream)")
                try await Waiting.until("the entry is free") {
                    try await source.revoke(.sessions([id]), order: .test).outcomes.first?.outcome == .revoked
                }
            }
        }
    }

    @Test("An entry of a table of digests can't be named, and nothing is done to others for its sake")
    func digests() async throws {
        let options = Shop.Options(
            table: "type binary len 32 size 100 expire 30m", stick: "stick on req.cook(sid),sha2(256)")
        try await Shop.with(options) { shop in
            for cookie in ["one", "two"] { try await shop.visit(cookie) }
            let source = try await shop.source()
            let ids = ["one", "two"].map { IDHash(hashing: Array($0.utf8)) }
            #expect(try await Set(source.rows(after: nil, limit: 10).rows.map(\.id)) == Set(ids))
            #expect(try await source.detail(ids[0])?.row.node != nil)
            let receipt = try await source.revoke(.sessions(ids), order: .test)
            #expect(receipt.outcomes.map(\.outcome.word) == ["failed", "failed"])
            #expect(try await source.rows(after: nil, limit: 10).rows.count == 2)
        }
    }

    @Test("A socket of level operator, and a source that was opened to be read, change nothing and say why")
    func refused() async throws {
        try await Shop.with { shop in
            let ids = try await shop.fill(1)
            let configuration = try HAProxyConfiguration(url: shop.balancer.url(.operator))
            let admin = try HAProxyConfiguration(url: shop.balancer.url())
            for source in [
                try await HAProxySource.open(configuration), try await HAProxySource.open(admin, isReadOnly: true),
            ] {
                #expect(!source.capabilities.revoke.isPossible && !source.capabilities.steering.isPossible)
                let errors = [
                    await #expect(throws: SessionsError.self) { try await source.revoke(.sessions(ids), order: .test) },
                    await #expect(throws: SessionsError.self) {
                        try await source.steer("web-01", to: .drain, order: .test)
                    },
                ]
                #expect(errors.allSatisfy { $0?.code == .refused })
                #expect(try await source.rows(after: nil, limit: 10).rows.map(\.id) == ids)
            }
            let user = try HAProxyConfiguration(url: shop.balancer.url(.user))
            let error = await #expect(throws: SessionsError.self) { try await HAProxySource.open(user) }
            #expect(error?.code == .refused)
        }
    }
}
