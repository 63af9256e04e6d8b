import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

@Suite struct PackingTests {
    private static var row: [UInt8] {
        var session = freshSession(user: "zoë", payload: Array(repeating: 7, count: 300))
        session.agent = String(repeating: "Mozilla ", count: 40)
        session.ip = "203.0.113.9"
        return StoredRow(session).packed
    }

    @Test("Numbers and texts of every size come back as they were")
    func roundTrip() throws {
        let numbers: [Int64] = [
            0, 1, 127, 128, 255, 256, 65_535, 65_536, 1 << 32, 1_800_000_000_000, .max, -1, -33, .min,
        ]
        let sizes = [0, 1, 31, 32, 255, 256, 65_535, 65_536]
        var writer = PackedWriter()
        for number in numbers { writer.add(number) }
        for size in sizes { writer.add([UInt8](repeating: 9, count: size)) }
        writer.addNothing()
        var reader = try PackedReader(writer.bytes)
        for number in numbers { #expect(try reader.integer() == number) }
        for size in sizes { #expect(try reader.data().count == size) }
        #expect(try reader.optionalText() == nil)
        #expect(reader.left == 0)
        #expect(throws: SessionsError.self) { try reader.optionalInteger() }
    }

    @Test("A row that is cut short anywhere is refused")
    func cutShort() throws {
        #expect(try StoredRow(Self.row).user == "zoë")
        for length in 0..<Self.row.count {
            #expect(throws: SessionsError.self, "\(length)") { try StoredRow(Array(Self.row.prefix(length))) }
        }
    }

    @Test("A row that a newer version wrote more into is read")
    func longerRow() throws {
        var writer = PackedWriter()
        for _ in 0..<2 { writer.add("x") }
        var row = Self.row
        #expect(row[0] == 0xdd && row[4] == 19)
        row[4] = 21
        #expect(try StoredRow(row + writer.bytes.dropFirst()).user == "zoë")
    }

    @Test("A size and a version that none can have are brought to what can be added to")
    func impossibleNumbers() throws {
        let now = OneRedis.time.wall()
        var statistics = StoreStatistics()
        let sizes: [(told: Int, read: Int)] = [(.max, 1 << 40), (.min, 0), (-1, 0), (300, 300)]
        for size in sizes {
            var row = try StoredRow(Self.row)
            (row.byteCount, row.version) = (size.told, .max)
            row = try StoredRow(row.packed)
            #expect(row.byteCount == size.read && row.version == 1 << 53)
            for _ in 0..<2 { statistics.addLive(row.deadlines, byteCount: size.told, at: now) }
        }
        #expect(statistics.sessions == 8 && statistics.payloadBytes == .max)
    }

    @Test("Random damage is refused or read, and never a trap", arguments: 1...20)
    func damage(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for _ in 0..<2000 {
            var row = Self.row
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                row[Int.random(in: 0..<row.count, using: &random)] = .random(in: .min ... .max, using: &random)
            }
            _ = try? StoredRow(row)
            _ = try? StoredPayload.read(row)
            _ = try? CutoffBook([(row, row)]).inForce()
        }
    }

    @Test("A payload keeps its key's name apart from its bytes")
    func payloads() throws {
        let payloads = [
            Payload.empty, Payload(bytes: [0, 1]), Payload(keyID: "", bytes: []), Payload(keyID: "k1", bytes: [2]),
            Payload(keyID: String(repeating: "k", count: 254), bytes: [255]),
        ]
        for payload in payloads { #expect(try StoredPayload.read(StoredPayload.packed(payload)) == payload) }
        #expect(throws: SessionsError.self) {
            try StoredPayload.packed(Payload(keyID: String(repeating: "k", count: 255), bytes: []))
        }
        #expect(throws: SessionsError.self) { try StoredPayload.read([]) }
        #expect(throws: SessionsError.self) { try StoredPayload.read([9, 65]) }
    }
}
