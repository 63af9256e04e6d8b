import SessionTesting
import Testing

@testable import Sessions

@Suite("The audit chain and the counters")
struct RecordTests {
    func chain(_ count: Int) -> [AuditEntry] {
        var entries: [AuditEntry] = []
        for number in 1...count {
            entries.append(
                AuditEntry(
                    number: Int64(number), at: Ticks.wall(number), actor: "mira@host", action: .revoke,
                    target: "s:\(anID(number))", count: 1, result: "revoked 1", reason: number % 2 == 0 ? nil : "why",
                    outcomesDigest: anID(number).bytes, previous: entries.last?.hash ?? Array(repeating: 0, count: 32)))
        }
        return entries
    }

    func isSound(_ entries: [AuditEntry]) -> Bool {
        zip(entries, [nil] + entries.map(Optional.some)).allSatisfy { $0.follows($1) }
    }

    @Test("An untouched chain is sound")
    func sound() { #expect(isSound(chain(20))) }

    @Test("Every change of a field shows")
    func changes() {
        let changes: [(inout AuditEntry) -> Void] = [
            { $0.number += 1 }, { $0.at.milliseconds += 1 }, { $0.actor += "x" }, { $0.action = .extend },
            { $0.target += "x" }, { $0.count += 1 }, { $0.result += "x" }, { $0.reason = "" }, { $0.reason = nil },
            { $0.outcomesDigest[0] ^= 1 }, { $0.previous[31] ^= 1 }, { $0.hash[0] ^= 1 },
            // Text that moves from one field to its neighbour.
            { ($0.actor, $0.target) = (String($0.actor.dropLast()), String($0.actor.suffix(1)) + $0.target) },
        ]
        for change in changes {
            var entries = chain(5)
            change(&entries[2])
            #expect(!isSound(entries))
        }
    }

    @Test("Nothing follows an entry with the last number of all")
    func lastNumber() throws {
        var entries = chain(2)
        entries[0].number = .max
        #expect(!entries[1].follows(entries[0]))
        expect(.corrupt) { try AuditEntry.number(after: .max) }
        #expect(try AuditEntry.number(after: nil) == 1)
        #expect(try AuditEntry.number(after: 7) == 8)
    }

    @Test("A change with its own hash made anew shows in the entry after it")
    func rewritten() {
        var entries = chain(5)
        entries[2].actor = "somebody else"
        entries[2].hash = entries[2].computedHash
        #expect(!isSound(entries))
    }

    @Test("No position comes before the first")
    func firstPosition() {
        #expect(FeedPosition(.min).previous == .start && FeedPosition(.max).previous == FeedPosition(.max - 1))
    }

    @Test("Every removal but of the end, every exchange and every insertion shows")
    func reordering() {
        let entries = chain(8)
        for index in entries.indices.dropLast() {
            var fewer = entries
            fewer.remove(at: index)
            #expect(!isSound(fewer))
            for other in entries.indices where other != index {
                var swapped = entries
                swapped.swapAt(index, other)
                #expect(!isSound(swapped))
            }
            #expect(!isSound(Array(entries[...index]) + Array(entries[index...])))
        }
    }

    @Test("Counters add and subtract by name, and a fall of one that only grows is a new process")
    func counters() {
        var generator = SeededGenerator(seed: 4)
        var a = Counters()
        var b = Counters()
        for name in Counters.Name.allCases {
            a[name] = Int64.random(in: 1..<1000, using: &generator)
            b[name] = Int64.random(in: 0..<1000, using: &generator)
        }
        for name in Counters.Name.allCases {
            #expect((a + b)[name] == a[name] + b[name])
            #expect((a - b)[name] == a[name] - b[name])
            #expect((a + b - b) == a)
            var fallen = a
            fallen[name] -= 1
            #expect(fallen.hasFallen(below: a) == name.onlyGrows)
            #expect(!a.hasFallen(below: fallen))
        }
        #expect(Set(Counters.Name.allCases.map(\.rawValue)).count == Counters.Name.allCases.count)
    }

    @Test("A counter stays between zero and 2^53, a position and a lease at or above zero, whoever wrote them")
    func bounds() {
        var counters = Counters()
        for (written, kept) in [(.max, 1 << 53), (.min, 0), (-1, 0), (1 << 53, 1 << 53), (7, 7)] as [(Int64, Int64)] {
            counters[.requests] = written
            #expect(counters[.requests] == kept)
        }
        let report = NodeReport(
            id: "n", started: Ticks.wall(0), heartbeat: Ticks.wall(0), applied: FeedPosition(.min), lease: .seconds(-1))
        #expect(report.applied == .start && report.lease == .zero)
    }

    @Test("A node is down after three missed heartbeats, or when it says so")
    func nodeIsAlive() {
        var report = NodeReport(
            id: "n", started: Ticks.wall(0), heartbeat: Ticks.wall(10), applied: .start, lease: .seconds(2))
        #expect(report.isAlive(at: Ticks.wall(12)))
        #expect(!report.isAlive(at: Ticks.wall(13)))
        report.status = .stopped
        #expect(!report.isAlive(at: Ticks.wall(10)))
    }
}
