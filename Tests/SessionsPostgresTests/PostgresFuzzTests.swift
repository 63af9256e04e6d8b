import CLibPQ
import SessionTesting
import Sessions
import Testing

@testable import SessionsPostgres

/// Whatever a server may answer: the values of a row in any form.
@Suite("Fuzzing what PostgreSQL says") struct PostgresFuzzTests {
    /// Rows as libpq has them, with these values.
    private static func rows(_ values: [[UInt8]?]) -> Rows? {
        guard let result = PQmakeEmptyPGresult(nil, PGRES_TUPLES_OK) else { return nil }
        var columns = values.map { _ in PGresAttDesc() }
        var name: [CChar] = [0]
        let isMade = name.withUnsafeMutableBufferPointer { name in
            for index in columns.indices { columns[index].name = name.baseAddress }
            return PQsetResultAttrs(result, Int32(columns.count), &columns) == 1
        }
        guard isMade else { return nil }
        for (place, value) in values.enumerated() {
            var bytes = (value ?? []).map { CChar(bitPattern: $0) } + [0]
            let length = value.map { Int32($0.count) } ?? -1
            guard PQsetvalue(result, 0, Int32(place), &bytes, length) == 1 else { return nil }
        }
        return Rows(owning: result)
    }

    @Test("The values of a row are a session's or corrupt, and texts are texts")
    func values() {
        let number = withUnsafeBytes(of: Int64(1_800_000_000_000).bigEndian) { Array($0) }
        let examples = [
            Array(repeating: UInt8(7), count: 32), Array("live".utf8), Array("alice".utf8), number,
            [0xef, 0xbf, 0xbf, 0x30, 0x61], [], [1],
        ]
        let pieces = ["\u{FFFF}", "revoked", "expired", "live"]
        Fuzzing("PostgreSQL values", examples, pieces: pieces).run { input, random in
            _ = input.withUnsafeBytes { StoredText.decode($0) }
            // A row of 24 columns, each an example as it is, the damaged input, or nothing.
            let values: [[UInt8]?] = (0..<24).map { place in
                switch Int.random(in: 0..<6, using: &random) {
                case 0: input
                case 1: nil
                default: place == 0 ? examples[0] : place == 2 ? examples[1] : random.pick(examples)
                }
            }
            guard let rows = Self.rows(values) else {
                Issue.record("libpq made no row")
                return
            }
            var reader = RowReader(cutoffs: Cutoffs([]))
            for read in [
                { _ = try rows.map { try reader.read($0) } }, { _ = try rows.map { try StoredSession($0) } },
                { _ = try rows.map { try AuditEntry($0) } }, { _ = try rows.map { try $0.scope(1, 2) } },
            ] as [() throws -> Void] {
                do { try read() } catch {
                    if (error as? SessionsError)?.code != .corrupt { Issue.record("\(error): \(values)") }
                }
            }
        }
    }

    @Test("What is copied out is rows or corrupt")
    func copies() {
        let head = Array("PGCOPY\n".utf8) + [0xff, 0x0d, 0x0a, 0x00] + Array(repeating: 0, count: 8)
        let row: [UInt8] = [0, 2, 0, 0, 0, 4] + Array("live".utf8) + [0xff, 0xff, 0xff, 0xff]
        Fuzzing("PostgreSQL copies", [head + row, row, head + [0xff, 0xff]], pieces: ["PGCOPY\n"]).run {
            input, random in
            let copied = CopiedRow(columnCount: 2)
            for message in [head + row, input, row] {
                do {
                    let hasRow = try message.withUnsafeBytes { try copied.read($0) }
                    guard hasRow else { continue }
                    for column in Int32(0)..<2 { _ = copied.withBytes(column) { Array($0) } }
                } catch {
                    if (error as? SessionsError)?.code != .corrupt { Issue.record("\(error): \(message)") }
                }
            }
        }
    }
}
