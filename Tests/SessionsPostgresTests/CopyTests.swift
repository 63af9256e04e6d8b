import SessionTesting
import Sessions
import Testing

@testable import SessionsPostgres

@Suite("A row as it is copied out") struct CopiedRowTests {
    private static let head =
        Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00] + bytes(Int32(0)) + bytes(Int32(3)) + [1, 2, 3]

    private static func bytes(_ number: some FixedWidthInteger) -> [UInt8] {
        withUnsafeBytes(of: number.bigEndian) { Array($0) }
    }

    private static func message(_ values: [[UInt8]?]) -> [UInt8] {
        bytes(Int16(values.count)) + values.flatMap { bytes(Int32($0?.count ?? -1)) + ($0 ?? []) }
    }

    private static func read(_ message: [UInt8], _ row: CopiedRow) throws -> [[UInt8]?]? {
        try message.withUnsafeBytes { bytes in
            guard try row.read(bytes) else { return nil }
            return (0..<3).map { row.withBytes($0) { Array($0) } }
        }
    }

    @Test("The first comes behind a head, the last is no row, and an absent value isn't an empty one")
    func messages() throws {
        let row = CopiedRow(columnCount: 3)
        #expect(try Self.read(Self.head + Self.message([[1, 2], nil, []]), row) == [[1, 2], nil, []])
        #expect(try Self.read(Self.message([nil, [9], [8, 7]]), row) == [nil, [9], [8, 7]])
        #expect(try Self.read([0xff, 0xff], row) == nil)
        #expect(try Self.read(Self.head + [0xff, 0xff], CopiedRow(columnCount: 3)) == nil, "a copy of nothing")
    }

    @Test("What is cut short, has other columns, or a length that can't be, is refused")
    func garbled() throws {
        let whole = Self.head + Self.message([[1, 2], nil, [3]])
        var worse = [
            Array(whole.dropFirst()), Self.head + Self.message([[1], [2]]),
            Self.head + Self.bytes(Int16(3)) + Self.bytes(Int32(-2)) + Self.bytes(Int32(0)) + Self.bytes(Int32(0)),
            Self.head + Self.bytes(Int16(3)) + Self.bytes(Int32.max), Array(whole.prefix(15)) + Self.bytes(Int32.min),
        ]
        worse += (0..<whole.count).map { Array(whole.prefix($0)) }
        for message in worse {
            let error = #expect(throws: SessionsError.self) { try Self.read(message, CopiedRow(columnCount: 3)) }
            #expect(error?.code == .corrupt)
        }
    }
}

extension OnOneServer {
    @Suite struct CopyTests {
        private struct Enough: Error {}

        private func link(_ place: Place) throws -> Link {
            let settings = try ConnectionSettings(url: place.server.url(), password: nil, isReadOnly: false)
            let link = try Link.connect(settings.servers[0], until: .now + .seconds(30))
            link.deadline = .now + .seconds(60)
            return link
        }

        private func numbers(_ link: Link, _ query: String, _ each: (Int64) throws -> Void = { _ in }) throws -> [Int64]
        {
            var numbers: [Int64] = []
            try link.copy(query, columnCount: 1) { row in
                try each(row.integer(0))
                numbers.append(row.integer(0))
            }
            return numbers
        }

        @Test("The link is of use after a copy, also where the server or whoever takes the rows stopped in the middle")
        func stopped() throws {
            let link = try link(try Place())
            let all = Array(Int64(1)...20_000)
            #expect(try numbers(link, "SELECT g::bigint FROM generate_series(1, 20000) AS g") == all)
            #expect(try numbers(link, "SELECT 1::bigint WHERE false") == [])
            let failure = #expect(throws: PostgresFailure.self) {
                try numbers(link, "SELECT (1 / (20000 - g))::bigint FROM generate_series(1, 20000) AS g")
            }
            #expect(failure?.kind == .refused && failure?.state == "22012")
            #expect(throws: Enough.self) {
                try numbers(link, "SELECT g::bigint FROM generate_series(1, 20000) AS g") {
                    if $0 == 7 { throw Enough() }
                }
            }
            let refused = #expect(throws: PostgresFailure.self) { try numbers(link, "SELECT nothing") }
            #expect(refused?.state == "42703")
            #expect(!link.isBroken)
            #expect(try link.run([.once("SELECT 7::bigint")])[0].first { $0.integer(0) } == 7)
        }

        @Test("A server that goes away in the middle of a copy is lost, and so is the link")
        func lost() throws {
            let place = try Place()
            let (link, other) = (try link(place), try link(place))
            let process = try #require(
                try link.run([.once("SELECT pg_backend_pid()::bigint")])[0].first { $0.integer(0) })
            let failure = #expect(throws: PostgresFailure.self) {
                // More than lies in the network's buffers: the server is in the middle when it is ended.
                try numbers(link, "SELECT g::bigint FROM generate_series(1, 5000000) AS g") { number in
                    if number == 7 { _ = try other.run([.once("SELECT pg_terminate_backend(\(process))")]) }
                }
            }
            #expect(failure?.kind == .lost)
            #expect(link.isBroken)
        }
    }
}
