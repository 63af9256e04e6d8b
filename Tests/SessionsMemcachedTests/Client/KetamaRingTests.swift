import Testing

@testable import SessionsMemcached

@Suite struct KetamaRingTests {
    @Test("Keys go to the servers that libmemcached gives them to, with and without weights and default ports")
    func vectors() throws {
        for (servers, owners) in KetamaVectors.all {
            let ring = KetamaRing(try servers.map(Self.address))
            let found = try KetamaVectors.keys.map { String(try owner(of: $0, in: ring), radix: 36) }.joined()
            #expect(found == owners, "\(servers)")
            #expect(Set(owners).count == servers.count, "each server has keys: a ring that forgets one would pass else")
        }
    }

    @Test("A server that is added takes keys, and no other key moves")
    func stability() throws {
        let three = [("10.0.0.1", 1), ("10.0.0.2", 1), ("10.0.0.3", 1)].map {
            MemcachedAddress(host: $0.0, weight: $0.1)
        }
        let before = KetamaRing(three)
        let after = KetamaRing(three + [MemcachedAddress(host: "10.0.0.4")])
        var moved = 0
        for index in 0..<4000 {
            let (old, new) = (try owner(of: "key-\(index)", in: before), try owner(of: "key-\(index)", in: after))
            if old == new { continue }
            #expect(new == 3)
            moved += 1
        }
        #expect((600...1400).contains(moved), "about a quarter: \(moved)")
    }

    private static func address(_ text: String) throws -> MemcachedAddress {
        let words = text.split(separator: " ")
        return MemcachedAddress(
            host: String(words[0]), port: try #require(Int(words[1])), weight: try #require(Int(words[2])))
    }

    private func owner(of key: String, in ring: KetamaRing) throws -> Int {
        ring.owner(of: try #require(MemcachedKey(key.bytes)))
    }
}
