import Testing

@testable import Sessions

@Suite("Sealed payloads")
struct PayloadSealerTests {
    let id = IDHash(hashing: [1])
    let plain = Array(#"{"cart":["a","b"]}"#.utf8)

    func sealer(_ ring: KeyRing, namespace: String = "shop", acceptsPlain: Bool = false) -> PayloadSealer {
        PayloadSealer(keys: ring, namespace: namespace, acceptsPlain: acceptsPlain)
    }

    @Test("What was sealed opens, whatever its length", arguments: [0, 1, 15, 16, 17, 4096])
    func roundTrip(length: Int) throws {
        let sealer = sealer(try KeyRing(newKey: "k1"))
        let plain = (0..<length).map { UInt8(truncatingIfNeeded: $0) }
        let sealed = try sealer.seal(plain, id: id, version: 7)
        #expect(sealed.keyID == "k1")
        #expect(sealed.bytes.count == length + PayloadSealer.overhead)
        #expect(try sealer.open(sealed, id: id, version: 7) == plain)
    }

    @Test("Sealing twice never gives the same bytes")
    func freshNonce() throws {
        let sealer = sealer(try KeyRing(newKey: "k1"))
        let sealed = try (0..<100).map { _ in try sealer.seal(plain, id: id, version: 1).bytes }
        #expect(Set(sealed).count == 100)
        #expect(Set(sealed.map { Array($0.prefix(12)) }).count == 100)
    }

    @Test("Every flipped bit is rejected")
    func everyBitFlip() throws {
        let sealer = sealer(try KeyRing(newKey: "k1"))
        let sealed = try sealer.seal(plain, id: id, version: 1)
        for bit in 0..<sealed.bytes.count * 8 {
            var changed = sealed
            changed.bytes[bit / 8] ^= 1 << (bit % 8)
            expect(.payloadRejected) { try sealer.open(changed, id: id, version: 1) }
        }
    }

    @Test("Every shortened payload is rejected")
    func everyTruncation() throws {
        let sealer = sealer(try KeyRing(newKey: "k1"))
        let sealed = try sealer.seal(plain, id: id, version: 1)
        for length in 0..<sealed.bytes.count {
            let cut = Payload(keyID: "k1", bytes: Array(sealed.bytes.prefix(length)))
            expect(.payloadRejected) { try sealer.open(cut, id: id, version: 1) }
        }
    }

    @Test("A payload can't be moved to another session, version or namespace")
    func bound() throws {
        let ring = try KeyRing(newKey: "k1")
        let sealed = try sealer(ring).seal(plain, id: id, version: 2)
        expect(.payloadRejected) { try sealer(ring).open(sealed, id: IDHash(hashing: [2]), version: 2) }
        for version in [0, 1, 3, Int64.max] {
            expect(.payloadRejected) { try sealer(ring).open(sealed, id: id, version: version) }
        }
        for namespace in ["", "sho", "shop ", "Shop"] {
            expect(.payloadRejected) { try sealer(ring, namespace: namespace).open(sealed, id: id, version: 2) }
        }
    }

    @Test("After a rotation the new key seals and the old one still opens")
    func rotation() throws {
        let old = try KeyRing(newKey: "k1")
        let new = try old.rotated(to: "k2")
        let sealed = try sealer(old).seal(plain, id: id, version: 1)
        #expect(try sealer(new).open(sealed, id: id, version: 1) == plain)
        let resealed = try sealer(new).seal(plain, id: id, version: 2)
        #expect(resealed.keyID == "k2")
        expect(.unknownKey) { try sealer(old).open(resealed, id: id, version: 2) }
    }

    @Test("A key of the same id with other bytes opens nothing")
    func sameIDOtherKey() throws {
        let sealed = try sealer(try KeyRing(newKey: "k1")).seal(plain, id: id, version: 1)
        expect(.payloadRejected) { try sealer(try KeyRing(newKey: "k1")).open(sealed, id: id, version: 1) }
    }

    @Test("A payload that isn't sealed opens only where that is allowed")
    func plainPolicy() throws {
        let ring = try KeyRing(newKey: "k1")
        let payload = Payload(bytes: plain)
        #expect(try sealer(ring, acceptsPlain: true).open(payload, id: id, version: 1) == plain)
        expect(.payloadRejected) { try sealer(ring).open(payload, id: id, version: 1) }
        expect(.payloadRejected) { try sealer(ring).open(.empty, id: id, version: 1) }
    }

    @Test("Stripping the key's id off a sealed payload doesn't make it plain text")
    func strippedKeyID() throws {
        let ring = try KeyRing(newKey: "k1")
        var sealed = try sealer(ring).seal(plain, id: id, version: 1)
        sealed.keyID = nil
        expect(.payloadRejected) { try sealer(ring).open(sealed, id: id, version: 1) }
    }
}
