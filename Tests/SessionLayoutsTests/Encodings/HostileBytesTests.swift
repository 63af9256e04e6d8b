import Foundation
import SessionLayouts
import SessionTesting
import Sessions
import Testing

/// Whatever the bytes are, decoding them ends, and takes little.
@Suite struct HostileBytesTests {
    /// Real payloads of every fixture, each with the encodings of its layout.
    static let samples: [(name: String, encoding: PayloadEncoding, bytes: [UInt8])] = {
        Fixture.all.flatMap { fixture -> [(name: String, encoding: PayloadEncoding, bytes: [UInt8])] in
            guard let layout = try? fixture.layout(), let records = try? fixture.records() else { return [] }
            return records.compactMap { record in
                guard let bytes = record.payload(of: layout), bytes.count < 2000 else { return nil }
                return layout.payload.reading(bytes).map { (fixture.folder, $0, bytes) }
            }.prefix(3).map { $0 }
        }
            + (JavaSamples.all + JavaCollectionSamples.all).compactMap { sample in
                Data(base64Encoded: sample.text).map { ("java", .java, Array($0)) }
            }
            + PickleSamples.byProtocol.compactMap { sample in
                sample.bytes.map { ("pickle", .pickle, $0) }
            }
    }()

    @Test func `there are samples of every layout that has a fixture`() {
        #expect(Self.samples.count > 80)
    }

    @Test func `a payload that is cut short is refused at every length`() {
        for (name, encoding, bytes) in Self.samples {
            for length in bytes.indices {
                let cut = Array(bytes[..<length])
                // PHP's handler `php` has no end: between two variables a cut can't be seen. Nor can one in base64.
                let isOpen = name.contains("php") || name.contains("laravel") || name.contains("marshal-pg")
                let value = try? encoding.decode(cut)
                #expect(value == nil || isOpen, "\(name), \(length) of \(bytes.count)")
            }
        }
    }

    @Test func `a payload with anything behind its end is refused`() {
        for (name, encoding, bytes) in Self.samples where !name.contains("php") {
            #expect(throws: Malformed.self, "\(name)") { try encoding.decode(bytes + [0x07, 0x21]) }
        }
    }

    @Test("changed payloads never trap, and what is read of them can be shown", arguments: [1, 2, 3] as [UInt64])
    func fuzz(_ seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        for (_, encoding, bytes) in Self.samples {
            for _ in 0..<20 {
                let mutant = mutated(bytes, &chance)
                if let value = try? encoding.decode(mutant) { show(value) }
                if let value = try? chance.pick(Self.every).decode(mutant) { show(value) }
            }
        }
    }

    @Test("noise never traps", arguments: [1, 2] as [UInt64])
    func noise(_ seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let heads: [[UInt8]] = [
            [], [4, 8], [0, 0, 0, 2], [0xAC, 0xED, 0, 5], [0x80, 4], [0, 0x11, 0], [0x78, 0x9C],
        ]
        for _ in 0..<1500 {
            let tail = (0..<Int.random(in: 0..<60, using: &chance)).map { _ in UInt8.random(in: 0...255, using: &chance)
            }
            let bytes = chance.pick(heads) + tail
            for encoding in Self.every { if let value = try? encoding.decode(bytes) { show(value) } }
        }
    }

    private static let every: [PayloadEncoding] = [
        .json, .php, .phpSession, .igbinary, .phpMessagePack, .messagePack, .pickle, .djangoSigned, .laravelSealed,
        .marshal, .railsCacheEntry, .gob, .java, .base64(.marshal), .text(of: .php, holding: .php),
        .text(of: .firstOf([.igbinary, .messagePack, .json]), holding: .json),
    ]

    /// Printing walks the whole value; parsing it again proves that it is JSON within the limits.
    private func show(_ value: JSONValue) {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        #expect(JSONValue(parsing: bytes) != nil)
    }

    private func mutated(_ bytes: [UInt8], _ chance: inout SeededGenerator) -> [UInt8] {
        var mutant = bytes
        for _ in 0..<Int.random(in: 1...4, using: &chance) where !mutant.isEmpty {
            let place = Int.random(in: mutant.indices, using: &chance)
            switch Int.random(in: 0..<6, using: &chance) {
            case 0: mutant[place] = UInt8.random(in: 0...255, using: &chance)
            case 1: mutant[place] ^= 1 << UInt8.random(in: 0..<8, using: &chance)
            case 2: mutant.remove(at: place)
            case 3: mutant.insert(UInt8.random(in: 0...255, using: &chance), at: place)
            case 4: mutant[place] = chance.pick([0x00, 0x7F, 0x80, 0xFF, 0x39])
            default:
                let end = min(mutant.count, place + Int.random(in: 1...16, using: &chance))
                mutant.insert(contentsOf: mutant[place..<end], at: Int.random(in: 0...mutant.count, using: &chance))
            }
        }
        return mutant
    }
}

/// Attacks that are known for these formats.
@Suite struct DecodingAttackTests {
    private static let deep: [(String, PayloadEncoding, [UInt8], [UInt8])] = [
        ("json", .json, Array("[".utf8), []),
        ("php", .php, Array("a:1:{i:0;".utf8), []),
        ("php session", .phpSession, Array("a:1:{i:0;".utf8), Array("x|".utf8)),
        ("igbinary", .igbinary, [0x14, 0x01, 0x06, 0x00], [0, 0, 0, 2]),
        ("igbinary references", .igbinary, [0x25], [0, 0, 0, 2]),
        ("msgpack", .messagePack, [0x91], []),
        ("msgpack keys", .messagePack, [0x81], []),
        ("marshal", .marshal, Array("[\u{6}".utf8), [4, 8]),
        ("marshal variables", .marshal, Array("I".utf8), [4, 8]),
        ("marshal symbols", .marshal, Array("o:I:\u{6}a\u{6}".utf8), [4, 8]),
        ("marshal symbols' encodings", .marshal, Array("I:\u{6}a\u{6}:\u{6}E".utf8), [4, 8]),
        ("marshal classes", .marshal, Array("C:\u{6}a".utf8), [4, 8]),
        (
            "java classes", .java, Array("sr".utf8) + [0, 0] + Array(repeating: 0, count: 8) + [2, 0, 0],
            [0xAC, 0xED, 0, 5]
        ),
    ]

    @Test func `nesting without end is refused, however it is written`() {
        for (name, encoding, piece, head) in Self.deep {
            let bytes = head + Array(repeating: piece, count: 100_000).flatMap { $0 }
            #expect(throws: Malformed.self, "\(name)") { try encoding.decode(bytes) }
        }
    }

    @Test func `a stack of lists in a pickle is refused`() {
        let count = 50_000
        let bytes =
            [0x80, 0x04] + Array(repeating: UInt8(ascii: "]"), count: count)
            + Array(repeating: UInt8(ascii: "a"), count: count - 1) + [UInt8(ascii: ".")]
        #expect(throws: Malformed.self) { try PayloadEncoding.pickle.decode(bytes) }
    }

    @Test func `a value that repeats itself a milliard times is refused`() throws {
        let pickle = try #require(Data(base64Encoded: PickleSamples.laughs))
        #expect(throws: Malformed.self) { try PayloadEncoding.pickle.decode(Array(pickle)) }
        // Each array holds the one before it ten times.
        var php = #"a:21:{i:0;a:1:{i:0;s:3:"lol";}"#
        var slot = 2
        for level in 1...20 {
            let next = slot + (level == 1 ? 2 : 1)
            php += "i:\(level);a:10:{" + (0..<10).map { "i:\($0);R:\(slot);" }.joined() + "}"
            slot = next
        }
        php += "}"
        #expect(throws: Malformed.self) { try PayloadEncoding.php.decode(Array(php.utf8)) }
    }

    @Test func `a long text that is told again and again is refused`() {
        // 100 000 bytes, a thousand times: 100 MB of text in 102 KB.
        var marshal: [UInt8] = [4, 8, UInt8(ascii: "["), 2, 0xE9, 0x03, UInt8(ascii: "\""), 3, 0xA0, 0x86, 0x01]
        marshal += Array(repeating: UInt8(ascii: "x"), count: 100_000)
        marshal += Array(repeating: [UInt8(ascii: "@"), 6], count: 1000).flatMap { $0 }
        #expect(throws: Malformed.self) { try PayloadEncoding.marshal.decode(marshal) }
    }

    /// Maps whose only key is such a map, so many levels of them.
    private static func nestedInKeys(_ levels: Int) -> [(String, PayloadEncoding, [UInt8])] {
        func times(_ piece: [UInt8]) -> [UInt8] { Array(repeating: piece, count: levels).flatMap { $0 } }
        func joined(_ pieces: [UInt8]...) -> [UInt8] { pieces.flatMap { $0 } }
        // A map of any keys and values; in it a type's name, its number, no length, and an empty name for nothing.
        let gobType = hexadecimal("0e ff81 04 01 02 ff82 00 01 10 01 10 00 00")
        let gobMaps = joined(
            hexadecimal("ff82 00 01"), times(hexadecimal("01 6d ff82 00 00 01")), [0, 0], times([0]))
        let gobLength: [UInt8] = [0xFE, UInt8(gobMaps.count >> 8), UInt8(gobMaps.count & 0xFF)]
        return [
            ("msgpack", .messagePack, joined(times([0x81]), [1], times([1]))),
            ("PHP's msgpack", .phpMessagePack, joined(times([0x81]), [2], times([2]))),
            ("pickle", .pickle, joined([0x80, 4], times([0x7D]), [0x4B, 1], times([0x4B, 1, 0x73]), [0x2E])),
            ("marshal", .marshal, joined([4, 8], times([0x7B, 6]), [0x69, 6], times([0x69, 6]))),
            ("gob", .gob, joined(gobType, gobLength, gobMaps)),
        ]
    }

    @Test("maps as keys of maps don't grow with each level", arguments: [1, 28, 58])
    func mapsAsKeys(levels: Int) {
        for (name, encoding, bytes) in Self.nestedInKeys(levels) {
            do {
                let value = try encoding.decode(bytes)
                #expect(value.description.utf8.count < 20_000, "\(name)")
            } catch {
                // A value of any type is two levels of gob.
                #expect(name == "gob" && levels == 58, "\(name): \(error)")
            }
        }
    }

    /// Were the dictionary copied for each of its members, this would take minutes.
    @Test func `a dictionary grows member by member`() throws {
        let count = 150_000
        let members = Array(repeating: [0x4B, 1, 0x4B, 2, 0x73] as [UInt8], count: count).flatMap { $0 }
        guard case .object(let read) = try PayloadEncoding.pickle.decode([0x80, 4, 0x7D] + members + [0x2E]) else {
            Issue.record("it is no dictionary")
            return
        }
        #expect(read.count == count)
    }

    @Test func `names that are no texts are paid for`() {
        // Keys of 160 control characters in an array: nearly 1000 bytes each where they are written.
        let key: [UInt8] = [0x91, 0xD9, 160] + Array(repeating: 1, count: 160)
        let count = 18_000
        let members = Array(repeating: key + [0xC0], count: count).flatMap { $0 }
        let bytes = [0xDE, UInt8(count >> 8), UInt8(count & 0xFF)] + members
        #expect(throws: Malformed.self) { try PayloadEncoding.messagePack.decode(bytes) }
    }

    @Test func `counts and lengths that lie take no memory`() {
        let lies: [(PayloadEncoding, [UInt8])] = [
            (.php, Array("a:999999999999:{".utf8)), (.php, Array("s:9223372036854775807:\"x".utf8)),
            (.php, Array("a:-1:{}".utf8)), (.php, Array("i:99999999999999999999;".utf8)), (.php, Array("R:0;".utf8)),
            (.igbinary, [0, 0, 0, 2, 0x16, 0xFF, 0xFF, 0xFF, 0xFF]), (.igbinary, [0, 0, 0, 2, 0x26] + ff(8)),
            (.messagePack, [0xDF] + ff(4)), (.messagePack, [0xDD] + ff(4)), (.messagePack, [0xC6] + ff(4)),
            (.pickle, [0x8D] + ff(8)), (.pickle, [0x8B] + ff(4)),
            (.marshal, [4, 8, UInt8(ascii: "["), 4] + ff(4)), (.marshal, [4, 8, UInt8(ascii: "l"), 0x2B, 4] + ff(4)),
            (.marshal, [4, 8, UInt8(ascii: "\""), 0xFA]), (.gob, [0xF8] + ff(8)), (.gob, [0x03, 0xFE, 0xFF, 0xFF]),
            (.java, [0xAC, 0xED, 0, 5, 0x7C] + ff(8)), (.java, [0xAC, 0xED, 0, 5, 0x7A] + ff(4)),
        ]
        for (encoding, bytes) in lies {
            #expect(throws: Malformed.self, "\(encoding)") { try encoding.decode(bytes) }
        }
    }

    private func ff(_ count: Int) -> [UInt8] { Array(repeating: 0xFF, count: count) }
}

extension PayloadEncoding {
    /// The one among several that reads some bytes; `nil`: none does.
    fileprivate func reading(_ bytes: [UInt8]) -> PayloadEncoding? {
        guard case .firstOf(let all) = self else { return (try? decode(bytes)).map { _ in self } }
        return all.lazy.compactMap { $0.reading(bytes) }.first
    }
}
