import Sessions
import Testing

@testable import SessionsNodes

@Suite("What is remembered of nodes")
struct NodeBookTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    private static func makeBook() -> NodeBook {
        NodeBook(
            ["web-00", "web-01"].map { NodeAddress(host: $0, port: 9180, isEncrypted: false) }, began: Self.now)
    }

    /// What a node says of itself: how far it has applied its feed, and which store it shares, where its sessions don't
    /// lie in its memory.
    private func word(of index: Int, applied: Int64, store: String? = nil) throws -> NodeSelf {
        let report = report(of: index, applied: applied)
        let said: JSONValue = [
            "node": report.json, "now": .time(Self.now), "memory": .bool(store == nil), "readOnly": .bool(false),
            "store": ["url": .string(store ?? "memory:default"), "software": .string("any")],
        ]
        return try NodeSelf(JSONFields(said))
    }

    private func report(of index: Int, applied: Int64) -> NodeReport {
        NodeReport(
            id: "web-0\(index)", started: Self.now, heartbeat: Self.now, applied: FeedPosition(applied),
            lease: .seconds(2))
    }

    private func applied(_ book: NodeBook) -> [Int64?] { book.reports(at: Self.now).map { $0.applied?.value } }

    @Test("A node that was not told of an order is behind, however far its own feed is")
    func untold() throws {
        var book = Self.makeBook()
        book.note(try word(of: 0, applied: 7), of: 0, at: Self.now)
        book.note(try word(of: 1, applied: 99), of: 1, at: Self.now)
        #expect(applied(book) == [0, 0])
        let first = book.commit([0: FeedPosition(7)])
        #expect(first == FeedPosition(1))
        #expect(applied(book) == [1, 0])
        let second = book.commit([0: FeedPosition(8), 1: FeedPosition(99)])
        #expect(second == FeedPosition(2))
        #expect(applied(book) == [1, 0], "what it has missed, no later order makes good")
    }

    @Test("A node of a shared store hears of an order by the store's feed, and is behind until it has")
    func shared() throws {
        var book = Self.makeBook()
        book.note(try word(of: 0, applied: 7, store: "redis://a"), of: 0, at: Self.now)
        book.note(try word(of: 1, applied: 6, store: "redis://a"), of: 1, at: Self.now)
        #expect(book.speakers == [0])
        _ = book.commit([0: FeedPosition(7)])
        #expect(applied(book) == [1, 0])
        book.note(try word(of: 1, applied: 7, store: "redis://a"), of: 1, at: Self.now)
        #expect(applied(book) == [1, 1])
        book.note(try word(of: 1, applied: 7, store: "redis://b"), of: 1, at: Self.now)
        #expect(applied(book) == [1, 0], "the feed of another store says nothing of it")
    }

    @Test("A revoke waits for every node of the store that was told of it, whether or not a URL names the node")
    func unnamed() throws {
        var book = Self.makeBook()
        for index in 0...1 { book.note(try word(of: index, applied: 7, store: "redis://a"), of: index, at: Self.now) }
        let position = book.commit([0: FeedPosition(7)])
        let witnesses = try book.witnesses(of: position)
        #expect(witnesses.map(\.index) == [0] && witnesses.map(\.position) == [FeedPosition(7)])
        let durable = MonotonicInstant.now
        func look(_ applied: [Int64]) -> EffectivenessWatch.Status {
            var watch = EffectivenessWatch(position: position, durable: durable)
            let published = applied.enumerated().map { report(of: $0.offset, applied: $0.element) }
            return watch.observe(book.reports(at: Self.now, upTo: position, [(0, published)]), at: durable)
        }
        #expect(look([7, 7, 6]) == .waiting(on: ["web-02"]))
        #expect(look([7, 7, 7]) == .effective(.applied))
        #expect(look([7, 0, 7]) == .waiting(on: ["web-01"]), "the store says that its position is of a lost past")
        for index in 0...1 { book.note(SessionsError(.unavailable, "it is down"), of: index) }
        #expect(throws: SessionsError.self) { try book.witnesses(of: position) }
    }

    @Test("A node that never answered is waited for as long as nodes usually go by their memory")
    func neverMet() throws {
        var book = Self.makeBook()
        book.note(try word(of: 0, applied: 7), of: 0, at: Self.now)
        #expect(book.reports(at: Self.now).map(\.lease) == [.seconds(2), .seconds(2)])
    }

    @Test("However often a node begins anew, the count of what it lost does not overflow")
    func lost() throws {
        var book = NodeBook(try NodesConfiguration(url: "http://127.0.0.1:9180").addresses, began: Self.now)
        for process in 0..<1100 {
            var report = NodeReport(id: "n", started: Self.now + .seconds(process), heartbeat: Self.now)
            report.counters[.memorySessions] = .max
            let answer: JSONValue = [
                "node": report.json, "now": .time(Self.now), "memory": .bool(true),
                "store": ["url": "memory:", "software": "memory"], "readOnly": .bool(false),
            ]
            book.note(try NodeSelf(JSONFields(answer)), of: 0, at: Self.now)
        }
        #expect(book.reports(at: Self.now).map { $0.counters[.memoryLost] } == [Counters.most])
    }
}
