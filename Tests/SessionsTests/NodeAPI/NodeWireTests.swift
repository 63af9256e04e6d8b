import SessionTesting
import Testing

@testable import Sessions

@Suite("What the admin API writes")
struct NodeWireTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_123)

    private static func row(_ random: inout SeededGenerator) -> SessionRow {
        var row = SessionRow(
            id: SessionID(using: &random).hash, state: random.pick(Array(SessionState.allCases)))
        row.user = random.pick(["zo\u{e9}", "", "\u{1B}[2J", "\"\\", nil])
        row.created = now
        row.seen = random.once(in: 2) ? now : nil
        row.deadlines = Deadlines(idle: random.once(in: 2) ? now : nil, absolute: random.once(in: 2) ? now : nil)
        row.ip = random.pick(["::1", nil])
        row.agent = random.pick(["curl/8", nil])
        row.node = random.pick(["web-01", nil])
        row.byteCount = random.pick([0, 412, nil])
        row.revokedAt = random.once(in: 2) ? now : nil
        return row
    }

    @Test("Rows, pages and changes come back as they were", arguments: 1...20)
    func rows(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let rows = (0..<5).map { _ in Self.row(&random) }
        let page = RowPage(rows: rows, next: RowCursor(mark: [0, 255, 7]))
        let readPage = try RowPage(json: try parsed(page.json), limit: 5)
        #expect(readPage.rows == rows && readPage.next == page.next)
        let changes = RowChanges(
            rows: rows, removed: [anID(1)], position: ChangePosition(9), hasMore: true, mustReload: true)
        let read = try RowChanges(json: try parsed(changes.json), limit: 5)
        #expect(read.rows == rows && read.removed == changes.removed && read.position == changes.position)
        #expect(read.hasMore && read.mustReload)
        #expect(throws: SessionsError.self) { try RowPage(json: page.json, limit: 4) }
    }

    @Test("Of more sessions than an answer has room for those that were revoked are counted, and no other is left out")
    func manyOutcomes() throws {
        let user: String? = String(repeating: "u", count: 100_000)
        var receipt = RevokeReceipt(
            outcomes: (0..<200).map { (anID($0), user, RevokeOutcome.revoked) }, position: FeedPosition(7),
            durable: .now)
        receipt.outcomes.append((id: anID(200), user: nil, outcome: .expired(at: nil)))
        let read = try RevokeReceipt(json: try parsed(receipt.json), durable: .now)
        #expect(read.unlisted > 30 && read.unlisted + read.outcomes.count == 201)
        #expect(read.outcomes.last?.outcome == .expired(at: nil) && read.position == FeedPosition(7))
    }

    @Test("Reports, samples, entries, outcomes and hand-overs come back as they were")
    func others() throws {
        var counters = Counters()
        for (number, name) in Counters.Name.allCases.enumerated() { counters[name] = Int64(number) }
        let report = NodeReport(
            id: "web-01", started: Self.now, heartbeat: Self.now, status: .draining, applied: FeedPosition(7),
            lease: .milliseconds(1500), counters: counters, latency: NodeReport.Latency(p50: 1, p99: 2))
        #expect(try NodeReport(json: try parsed(report.json)) == report)
        let sample = CounterSample(node: "n", started: Self.now, at: Self.now, counters: counters)
        #expect(try CounterSample(json: try parsed(sample.json)) == sample)
        let outcomes: [RevokeOutcome] = [
            .revoked, .notFound, .expired(at: nil), .expired(at: Self.now), .alreadyRevoked(nil), .failed(because: "x"),
            .alreadyRevoked(Revocation(at: Self.now, by: "o", reason: nil)),
        ]
        for outcome in outcomes {
            let json = try parsed(.object(outcome.members))
            #expect(try RevokeOutcome(JSONFields(json)) == outcome)
        }
        let extends: [ExtendOutcome] = [
            .extended(from: Self.now, to: Self.now), .clipped(from: Self.now, to: Self.now), .unchanged(deadline: nil),
            .refused(.expired), .notFound, .failed(because: "x"),
        ]
        for outcome in extends { #expect(try ExtendOutcome(json: try parsed(outcome.json)) == outcome) }
        let sessions = HandOver(
            node: "a", cutoffs: [Cutoff(scope: .user("u"), notBefore: Self.now, epoch: FeedPosition(3))],
            rows: [HandOver.Row(id: anID(1), version: 4, sealed: Payload(keyID: "k", bytes: [1, 2, 3]))],
            tombstones: [HandOver.Tombstone(id: anID(2), revocation: Revocation(at: Self.now, by: "o", reason: "r"))])
        #expect(try HandOver(json: try parsed(sessions.json)) == sessions)
    }

    @Test("Numbers at their ends are bounded or refused where they are read", arguments: [Int64.max, .min, -1])
    func bounds(number: Int64) throws {
        let kept = number < 0 ? 0 : Counters.most
        let sample = try CounterSample(
            json: [
                "node": "n", "started": .time(Self.now), "at": .time(Self.now),
                "counters": ["requests": .integer(number)],
            ])
        #expect(sample.counters[.requests] == kept)
        #expect(throws: SessionsError.self) { try JSONFields(["found": .integer(number)]).count("found") }

        var writer = PackedWriter()
        for moment in [Self.now, Self.now] { writer.add(moment) }
        writer.add("up")
        for value in [number, number, -1, -1] { writer.add(value) }
        writer.add("requests")
        writer.add(number)
        let report = try NodeReport(id: "n", writer.bytes)
        #expect(report.counters[.requests] == kept)
        #expect(report.applied.map { $0 >= .start } == true && report.lease.map { $0 >= .zero } == true)
    }

    @Test("Anything else is malformed, and never a trap", arguments: 1...8)
    func fuzz(seed: Int) throws {
        var random = SeededGenerator(seed: UInt64(seed))
        var bytes: [UInt8] = []
        RowPage(rows: [Self.row(&random)], next: RowCursor(mark: [1])).json.write(to: &bytes)
        for _ in 0..<500 {
            var changed = bytes
            changed[Int.random(in: bytes.indices, using: &random)] = UInt8.random(in: 0...255, using: &random)
            guard let value = JSONValue(parsing: changed) else { continue }
            for read in [
                { _ = try RowPage(json: value, limit: 9) }, { _ = try NodeReport(json: value) },
                { _ = try HandOver(json: value) }, { _ = try SessionDetail(json: value) },
                { _ = try AuditEntry(json: value) }, { _ = try StoreStatistics(json: value) },
            ] as [() throws -> Void] {
                do { try read() } catch let error as SessionsError { #expect(error.code == .corrupt) }
            }
        }
    }

    private func parsed(_ value: JSONValue) throws -> JSONValue {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        return try #require(JSONValue(parsing: bytes))
    }
}
