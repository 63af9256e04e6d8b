import SessionTesting
import Synchronization
import Testing

@testable import Sessions

@Suite("A hand-over under traffic")
struct HandOverTrafficTests {
    /// What a visitor was told: saves that counted, and whether the session was revoked.
    private struct Books {
        var acknowledged: [Int: Int] = [:]
        var servedAfterRevoke = 0
        var refused: Set<Int> = []
        var revoked: Set<Int> = []
    }

    /// The visitors, and what they know.
    private final class Crowd: Sendable {
        let fleet: StickyFleet
        let ids: [SessionID]
        let books = Mutex(Books())

        init(_ fleet: StickyFleet, _ ids: [SessionID]) { (self.fleet, self.ids) = (fleet, ids) }
    }

    @Test("No save that was told is undone, none is done twice, and what is revoked on the way is never served again")
    func traffic() async throws {
        let fleet = try StickyFleet(["a", "b", "c"])
        let visitors = 60
        var ids: [SessionID] = []
        for _ in 0..<visitors { ids.append(try await fleet["a"].node.begin(user: "u", payload: [0, 0]).id) }
        let crowd = Crowd(fleet, ids)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for visitor in 0..<visitors {
                group.addTask {
                    for _ in 0..<60 {
                        await Self.increment(visitor, crowd)
                        await Task.yield()
                    }
                }
            }
            group.addTask { try await Self.revokeSome(crowd) }
            group.addTask {
                fleet.faults.withLock { $0 = [.answerLost, .notDelivered] }
                _ = try await fleet.drain("a", to: ["b", "c"])
                _ = try await fleet.drain("b", to: ["c"])
            }
            try await group.waitForAll()
        }
        let told = crowd.books.withLock { $0 }
        #expect(told.servedAfterRevoke == 0)
        #expect(told.refused.isEmpty, "a save of a session that nobody revoked")
        for visitor in 0..<visitors where !told.revoked.contains(visitor) {
            let served = try #require(await fleet["c"].node.load(ids[visitor]).served)
            #expect(Self.count(served.payload) == told.acknowledged[visitor, default: 0], "visitor \(visitor)")
        }
    }

    /// An operator revokes every fourth session, at all nodes, while they travel.
    private static func revokeSome(_ crowd: Crowd) async throws {
        for visitor in stride(from: 0, to: crowd.ids.count, by: 4) {
            let order = Order(actor: "o", reason: nil, at: crowd.fleet.time.now)
            for name in ["c", "a", "b"] {
                _ = try await crowd.fleet[name].store.revoke(.sessions([crowd.ids[visitor].hash]), order: order)
            }
            crowd.books.withLock { _ = $0.revoked.insert(visitor) }
            await Task.yield()
        }
    }

    private static func count(_ payload: [UInt8]) -> Int { Int(payload[0]) << 8 | Int(payload[1]) }

    /// Asks the nodes for one that has the session, as a balancer would, and counts one up.
    private static func increment(_ visitor: Int, _ crowd: Crowd) async {
        let wasRevoked = crowd.books.withLock { $0.revoked.contains(visitor) }
        for name in ["a", "b", "c"] {
            let node = crowd.fleet[name].node
            guard case .live(let served) = await node.load(crowd.ids[visitor]) else { continue }
            let next = count(served.payload) + 1
            let outcome = try? await node.save([UInt8(next >> 8), UInt8(next & 255)], for: served)
            crowd.books.withLock { books in
                if wasRevoked { books.servedAfterRevoke += 1 }
                if case .saved = outcome { books.acknowledged[visitor, default: 0] += 1 }
                // Revoked between the two: the operator's own note of it comes a moment later.
                if case .refused = outcome, visitor % 4 != 0 { books.refused.insert(visitor) }
            }
            return
        }
    }
}
