import Sessions
import Testing

@testable import SessionsNodes

@Suite("What is remembered of nodes")
struct NodeBookTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

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
