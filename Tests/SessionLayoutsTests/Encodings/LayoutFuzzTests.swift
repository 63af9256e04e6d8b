import Foundation
import SessionTesting
import Sessions
import Testing

@testable import SessionLayouts

/// Whatever stands in a store: payloads, keys and columns that others wrote.
@Suite("Fuzzing what other frameworks' stores hold") struct LayoutFuzzTests {
    private static let edges = [
        "a:1:{", "s:5:\"", "R:1;", "{\"", "[[", "9223372036854775807", "-9223372036854775808", "1e400", "\u{FFFF}",
        "2026-12-07 17:46:23.331336", "+00", "\u{4}\u{8}", "|", "csqgAR", "rO0AB", ".eJ",
    ]
    private static let every: [(name: String, encoding: PayloadEncoding)] = [
        ("JSON", .json), ("PHP", .php), ("PHP sessions", .phpSession), ("PHP texts", .text(of: .php, holding: .php)),
        ("igbinary", .igbinary), ("PHP msgpack", .phpMessagePack), ("msgpack", .messagePack), ("pickle", .pickle),
        ("Django", .djangoSigned), ("Laravel", .base64(.laravelSealed)), ("Marshal", .marshal),
        ("Rails' cache", .railsCacheEntry), ("gob", .gob), ("Java", .java), ("base64", .base64(.marshal)),
    ]

    /// What each encoding reads of all samples; where it reads none, all of them.
    private static func examples(of encoding: PayloadEncoding) -> [[UInt8]] {
        let all = HostileBytesTests.samples.map(\.bytes)
        let own = all.filter { (try? encoding.decode($0)) != nil }
        return own.isEmpty ? all : own
    }

    @Test("Decoding ends, and what is read can be written and read again", arguments: 0..<15)
    func payloads(_ number: Int) {
        let (name, encoding) = Self.every[number]
        Fuzzing(name, Self.examples(of: encoding), pieces: Self.edges).run { input, _ in
            guard let value = try? encoding.decode(input) else { return }
            var bytes: [UInt8] = []
            value.write(to: &bytes)
            if JSONValue(parsing: bytes) == nil { Issue.record("\(name): \(input)") }
        }
    }

    @Test("A deadline inside a payload is moved to the moment that was wanted, or not at all")
    func deadlines() throws {
        let layouts = try ["scs-redis", "starsessions", "rails-cache", "connect-redis"].map {
            try LayoutCatalogue.layout(named: $0, in: .redis)
        }
        let until = Timestamp(milliseconds: 1_900_000_000_000)
        Fuzzing("deadlines", HostileBytesTests.samples.map(\.bytes), pieces: Self.edges).run { input, random in
            let layout = random.pick(layouts)
            guard let data = try? layout.payload.decode(input),
                let moved = (try? layout.embedded.moved(input, data, to: until)) ?? nil
            else { return }
            let after = try? layout.payload.decode(moved)
            if after == nil { Issue.record("\(input)") }
            if layout.name == "scs-redis", after?["Deadline"] != .time(until) { Issue.record("\(input)") }
        }
    }

    @Test("A session of any layout is read whatever its columns and fields hold")
    func records() throws {
        let layouts = LayoutCatalogue.all
        let now = Timestamp(milliseconds: 1_795_455_990_000)
        let examples = HostileBytesTests.samples.map(\.bytes) + Self.edges.map { Array($0.utf8) }
        Fuzzing("records", examples, pieces: Self.edges).run { input, random in
            let layout = random.pick(layouts)
            let record = Self.record(of: layout, input, &random)
            guard let found = layout.read(record, at: now) else { return }
            let user = found.row.user
            _ = try? layout.removal(of: record, user: user)
            let until = now + .seconds(Int64.random(in: 1...1_000_000, using: &random))
            _ = try? layout.move(record, to: layout.writable(until, for: record))
            if found.location.isEmpty { Issue.record("\(layout.name): nowhere") }
        }
    }

    private static func record(
        of layout: Layout, _ input: [UInt8], _ random: inout SeededGenerator
    ) -> LayoutRecord {
        let uuid = Array("33fdd1b6-b496-4b33-9f7d-df96679d32fe".utf8)
        var rest = input
        func piece() -> [UInt8] {
            let count = Int.random(in: 0...min(40, rest.count), using: &random)
            defer { rest.removeFirst(count) }
            return Array(rest.prefix(count))
        }
        switch layout.place {
        case .keys:
            return .key(KeyRecord(key: piece(), value: rest, byteCount: rest.count, life: .seconds(60)))
        case .spring:
            let names = ["creationTime", "lastAccessedTime", "maxInactiveInterval"]
            let parts =
                names.map { PayloadPart(name: Array($0.utf8), value: random.once(in: 3) ? Array("180".utf8) : piece()) }
                + [PayloadPart(name: Array("sessionAttr:".utf8) + piece(), value: rest)]
            return .hash(
                HashRecord(
                    key: Array("spring:session:sessions:".utf8) + uuid, parts: parts, byteCount: input.count,
                    life: .seconds(60), hasShadow: random.once(in: 2)))
        case .table(let place):
            var columns: [String: ColumnValue] = [:]
            for name in place.columns {
                switch Int.random(in: 0..<5, using: &random) {
                case 0: columns[name] = .null
                case 1: columns[name] = .integer(Int64.random(in: .min ... .max, using: &random))
                case 2: columns[name] = .real(Double(bitPattern: UInt64.random(in: 0 ... .max, using: &random)))
                case 3: columns[name] = .text(name == place.payloadColumn ? rest : piece())
                default: columns[name] = .blob(name == place.payloadColumn ? rest : piece())
                }
            }
            return .row(
                RowRecord(
                    key: Array(place.idPrefix.utf8) + uuid, byteCount: input.count, columns: columns,
                    parts: place.parts == nil ? [] : [PayloadPart(name: piece(), value: rest)]))
        }
    }
}
