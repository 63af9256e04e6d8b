import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Session table")
struct SessionTableTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    private func row(_ number: Int, user: String? = nil, idle: Duration = .seconds(1800)) -> SessionRow {
        var row = SessionRow(id: IDHash(hashing: withUnsafeBytes(of: number) { Array($0) }))
        row.user = user
        row.created = start
        row.seen = start
        row.deadlines = Deadlines(idle: start + idle, absolute: nil)
        row.ip = "10.\(number >> 16 & 255).\(number >> 8 & 255).\(number & 255)"
        row.agent = "agent \(number % 50)"
        row.node = "web-0\(number % 4)"
        row.byteCount = 400 + number % 100
        return row
    }

    @Test("A row that ends while it is held stays for a while, as ended, and then goes")
    func lingering() {
        var table = SessionTable(now: start)
        table.apply(rows: [row(1), row(2, idle: .seconds(10))], at: start)
        var revoked = row(1)
        revoked.state = .revoked
        table.apply(rows: [revoked], at: start + .seconds(5))
        #expect(
            table.isLingering(revoked.id) && table.row(of: revoked.id)?.state == .revoked && table.totals().live == 1)
        table.advance(to: start + .seconds(14))
        #expect(table.count == 2 && table.totals().live == 0)
        table.advance(to: start + .seconds(15))
        #expect(table.ids() == [row(2).id])
        table.advance(to: start + .milliseconds(16_999))
        #expect(table.count == 1)
        table.advance(to: start + .seconds(17))
        #expect(table.isEmpty && table.heldCount == 0 && table.lacksEnded)
    }

    @Test("Where many run out at a time they go at once, and leave the live ones and those that were revoked")
    func massExpiry() {
        var table = SessionTable(now: start)
        table.apply(rows: (1...9).map { row($0, idle: .seconds($0 < 4 ? 10 : 20)) }, at: start)
        var revoked = row(9, idle: .seconds(20))
        revoked.state = .revoked
        table.apply(rows: [revoked, row(10)], at: start + .seconds(9))
        table.advance(to: start + .seconds(10))
        #expect(table.count == 10, "three stay for a while")
        table.advance(to: start + .milliseconds(12_999))
        #expect(table.count == 10)
        table.advance(to: start + .seconds(18))
        #expect(table.count == 7)
        table.advance(to: start + .milliseconds(18_500))
        table.advance(to: start + .seconds(20))
        #expect(table.count == 6, "of five each stays; the revoked one has gone")
        table.apply(rows: (11...17).map { row($0, idle: .seconds(21)) }, at: start + .milliseconds(20_100))
        table.advance(to: start + .seconds(21))
        #expect(table.ids() == [row(10).id])
    }

    @Test("Ended rows are held only while the filter mentions states, and a missing one is told")
    func ended() throws {
        var table = SessionTable(now: start)
        var revoked = row(1)
        revoked.state = .revoked
        table.apply(rows: [revoked, row(2)], at: start)
        #expect(table.ids() == [row(2).id] && table.lacksEnded)
        table.show(try Filter.parse("state:*"))
        table.beginScan()
        table.apply(rows: [revoked, row(2)], at: start)
        table.endScan(at: start)
        #expect(table.count == 2 && !table.lacksEnded)
        table.show(.everything)
        #expect(table.heldCount == 1 && table.lacksEnded)
    }

    @Test("A scan drops the rows that it didn't meet, and nothing before it ends")
    func scan() {
        var table = SessionTable(now: start)
        table.apply(rows: (0..<10).map { row($0) }, at: start)
        table.beginScan()
        table.apply(rows: (0..<4).map { row($0) }, at: start)
        #expect(table.count == 10)
        table.endScan(at: start)
        #expect(Set(table.ids()) == Set((0..<4).map { row($0).id }))
        table.endScan(at: start)
        #expect(table.count == 4)
    }

    @Test("A text that is no filter shows nothing")
    func noFilter() {
        var table = SessionTable(now: start)
        table.apply(rows: [row(1)], at: start)
        table.show(nil)
        table.apply(rows: [row(2)], at: start + .seconds(1))
        #expect(table.isEmpty && table.ids().isEmpty && table.index(of: row(1).id) == nil && table.heldCount == 2)
        table.show(.everything)
        #expect(table.count == 2)
    }

    @Test("A full table leaves rows out and says so")
    func capacity() {
        var table = SessionTable(capacity: 5, now: start)
        table.apply(rows: (0..<8).map { row($0) }, at: start)
        #expect(table.count == 5 && table.leftOut)
        table.apply(rows: [row(0, user: "alice")], at: start)
        #expect(table.row(of: row(0).id)?.user == "alice")
    }

    @Test("A hundred thousand rows are taken in, filtered, sorted, emptied and taken in again")
    func many() throws {
        var table = SessionTable(now: start)
        let rows = (0..<100_000).map { row($0, user: "user\($0 % 30_000)", idle: .seconds(60 + $0 % 3000)) }
        for page in stride(from: 0, to: rows.count, by: 10_000) {
            table.apply(rows: rows[page..<page + 10_000], at: start)
        }
        #expect(table.count == 100_000 && table.totals().users == 30_000 && table.users().count == 30_000)
        table.show(try Filter.parse("user:user777"))
        #expect(table.count == 4)
        table.show(try Filter.parse("ip:10.0.1.0/24"))
        #expect(table.count == 256)
        table.show(.everything)
        table.sort(by: SessionSort(column: .user, descending: true))
        #expect(table.row(at: 0)?.user == "user9999")
        table.apply(rows: EmptyCollection<SessionRow>(), removed: rows[1000...].map(\.id), at: start)
        #expect(table.count == 1000 && table.columns.bound == 1000)
        #expect(Set(table.ids()) == Set(rows[..<1000].map(\.id)))
        for (index, id) in table.ids().enumerated() { #expect(table.index(of: id) == index) }
        table.apply(rows: rows, at: start)
        #expect(table.count == 100_000)
    }

    @Test("Names that nobody has any more are forgotten", arguments: 0..<4 as Range<UInt64>)
    func forgetting(seed: UInt64) {
        var table = SessionTable(now: start)
        for round in 0..<40 {
            table.apply(
                rows: (0..<500).map {
                    row($0, user: "user \(round) \($0) \(seed)" + String(repeating: "x", count: 60))
                }, at: start)
        }
        #expect(table.columns.users.count == 500)
        #expect(table.columns.users.bound <= 1100 && table.columns.users.arenaByteCount < 200_000)
        #expect((0..<500).allSatisfy { table.row(at: $0)?.user?.hasPrefix("user 39 ") ?? false })
    }

    @Test("Long texts are cut, and long names stay different")
    func longTexts() {
        var table = SessionTable(now: start)
        let long = String(repeating: "é", count: 5000)
        table.apply(rows: [row(1, user: long + "a"), row(2, user: long + "b")], at: start)
        let names = (0..<2).compactMap { table.row(at: $0)?.user }
        #expect(Set(names).count == 2 && names.allSatisfy { $0.utf8.count <= 1024 && $0.hasPrefix("ééé") })
        table.apply(rows: [row(1, user: long + "a")], at: start)
        #expect(table.totals().users == 2)
    }
}
