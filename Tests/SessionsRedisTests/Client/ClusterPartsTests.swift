import Testing

@testable import SessionsRedis

@Suite("Parts of the cluster's client")
struct ClusterPartsTests {
    private let asked = RedisAddress.host("10.0.0.9", port: 7000)

    @Test(
        "Slots as the cluster specification has them, hash tags included",
        arguments: [
            ("123456789", 12739), ("foo", 12182), ("bar", 5061), ("", 0), ("{user1000}.following", 3443),
            ("{user1000}.followers", 3443), ("user1000", 3443), ("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015),
            ("{bar", 4015), ("foo{bar}{zap}", 5061),
        ])
    func slots(key: String, slot: Int) {
        #expect(KeySlot.of(Array(key.utf8)) == slot)
    }

    @Test("Servers have their places by their slots, in whatever order a server tells them")
    func places() throws {
        func range(_ first: Int64, _ last: Int64, _ host: String) -> RESPValue {
            .array([.integer(first), .integer(last), .array([.bytes(Array(host.utf8)), .integer(1)])])
        }
        let ranges = [range(0, 99, "a"), range(100, 199, "b"), range(200, 299, "a"), range(300, 16_383, "c")]
        for turn in ranges.indices {
            let told = RESPValue.array(Array(ranges[turn...] + ranges[..<turn]))
            let map = try #require(SlotMap(told, from: asked))
            #expect(map.shards.map(\.primary) == ["a", "b", "c"].map { .host($0, port: 1) })
            #expect(map.shard(of: 250)?.primary == .host("a", port: 1))
        }
    }

    @Test("A map of ranges, with hosts that are left out, and without what is no map")
    func map() throws {
        func node(_ host: String, _ port: Int64) -> RESPValue {
            .array([.bytes(Array(host.utf8)), .integer(port), .bytes([])])
        }
        let reply = RESPValue.array([
            .array([.integer(0), .integer(100), node("", 1), node("b", 2)]),
            .array([.integer(200), .integer(200), node("c", 3)]),
            .array([.integer(300), .integer(16_383), node("", 1), node("b", 2)]),
        ])
        var map = try #require(SlotMap(reply, from: asked))
        let first = SlotMap.Shard(primary: .host("10.0.0.9", port: 1), replicas: [.host("b", port: 2)])
        #expect(map.shards.count == 2)
        #expect(map.shard(of: 0) == first && map.shard(of: 16_383) == first)
        #expect(map.shard(of: 200)?.primary == .host("c", port: 3))
        #expect(map.shard(of: 150) == nil)
        map.move(150, to: .host("new", port: 4))
        #expect(map.shard(of: 150)?.primary == .host("new", port: 4))
        map.move(151, to: .host("c", port: 3))
        #expect(map.shards.count == 3)
        for range in [
            [.integer(0), .integer(16_384), node("a", 1)], [.integer(-1), .integer(3), node("a", 1)],
            [.integer(5), .integer(3), node("a", 1)], [.integer(0), .integer(3)], [.integer(0), .integer(3), .null],
            [.integer(0), .integer(3), node("a", 70_000)],
        ] as [[RESPValue]] {
            #expect(SlotMap(.array([.array(range)]), from: asked) == nil)
        }
        for reply in [.null, .array([]), .integer(1), .array([.integer(1)])] as [RESPValue] {
            #expect(SlotMap(reply, from: asked) == nil)
        }
    }

    @Test("Redirections are read, and what only looks like one is the command's own error")
    func redirections() {
        func read(_ line: String) -> Redirection? { Redirection(RedisError(line: Array(line.utf8)), from: asked) }
        #expect(read("MOVED 3999 127.0.0.1:6381") == .moved(slot: 3999, to: .host("127.0.0.1", port: 6381)))
        #expect(read("MOVED 3999 :6381") == .moved(slot: 3999, to: .host("10.0.0.9", port: 6381)))
        #expect(read("ASK 3999 2001:db8::1:6381") == .ask(.host("2001:db8::1", port: 6381)))
        #expect(read("TRYAGAIN Multiple keys request during rehashing of slot") == .tryAgain)
        #expect(read("CLUSTERDOWN Hash slot not served") == .down)
        for line in [
            "MOVED", "MOVED 1", "MOVED 16384 a:1", "MOVED -1 a:1", "MOVED x a:1", "MOVED 1 a:0", "MOVED 1 a:99999",
            "MOVED 1 a", "ERR MOVED 1 a:1", "CROSSSLOT Keys in request don't hash to the same slot",
        ] {
            #expect(read(line) == nil, "\(line)")
        }
    }
}
