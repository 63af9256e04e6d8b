import SessionTesting
import Synchronization
import Testing

@testable import Sessions

@Suite("Sessions that are handed over")
struct HandOverTests {
    private func live(_ node: StickyNode, _ id: SessionID) async -> ServedSession? { await node.node.load(id).served }

    @Test("They keep version, payload, user and deadlines, and the node that had them says where they are")
    func keepsAll() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let made = try await fleet["a"].node.begin(user: "alice", tenant: "t", payload: [1])
        #expect(try await fleet["a"].node.save([2, 3], for: made.served) == .saved(version: 2))
        let before = try #require(await live(fleet["a"], made.id))
        let report = try await fleet.drain("a", to: ["a", "b"])
        #expect(report.handedOver == 1 && report.left == 0 && report.failures.isEmpty)
        let after = try #require(await live(fleet["b"], made.id))
        #expect(after.payload == [2, 3] && after.version == 2 && after.user == "alice")
        #expect(after.session.deadlines == before.session.deadlines && after.session.tenant == "t")
        #expect(after.session.node == "b")
        guard case .unavailable(let error) = await fleet["a"].node.load(made.id) else {
            return #expect(Bool(false), "never 401: the client must keep its cookie")
        }
        #expect(error.code == .handedOver)
        #expect(try await fleet["b"].node.save([4], for: after) == .saved(version: 3))
    }

    @Test("Each goes to the second choice of the rendezvous hash")
    func secondChoice() async throws {
        let names = ["a", "b", "c", "d"]
        let fleet = try StickyFleet(names)
        let all = Rendezvous(nodes: names)
        var ids: [IDHash] = []
        while ids.count < 40 {
            let made = try await fleet["a"].node.begin(user: "u")
            if all.owner(of: made.id.hash) == "a" { ids.append(made.id.hash) }
        }
        _ = try await fleet.drain("a", to: names)
        for id in ids {
            let second = try #require(all.choices(of: id)?.second)
            #expect(try await fleet[second].store.detail(id) != nil)
        }
    }

    @Test("What was revoked does not come along as live, whichever node was told first")
    func revokedStaysRevoked() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let order = Order(actor: "ops/mira", reason: "INC-1", at: fleet.time.now)
        let first = try await fleet["a"].node.begin(user: "u")
        let second = try await fleet["a"].node.begin(user: "u")
        // The one at the owner, the other only where it would go to.
        _ = try await fleet["a"].store.revoke(.sessions([first.id.hash]), order: order)
        _ = try await fleet["b"].store.revoke(.sessions([second.id.hash]), order: order)
        let report = try await fleet.drain("a", to: ["b"])
        #expect(report.ended == 1 && report.handedOver == 0)
        for id in [first.id, second.id] {
            for name in ["a", "b"] { #expect(await live(fleet[name], id) == nil) }
        }
        #expect(try await fleet["a"].store.detail(second.id.hash)?.row.state == .revoked)
        #expect(fleet["b"].store.backup.denied.keys.contains(first.id.hash), "tombstones come along")
    }

    @Test("A cut-off at the receiver ends what was made before it, and not what was made after")
    func cutoffs() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let old = try await fleet["a"].node.begin(user: "u")
        fleet.time.advance(by: .seconds(300))
        let order = Order(actor: "ops/mira", reason: nil, at: fleet.time.now)
        // Told to the receiver alone: the clocks decide, and in doubt it has ended.
        _ = try await fleet["b"].store.revoke(.user("u"), order: order)
        let doubtful = try await fleet["a"].node.begin(user: "u")
        fleet.time.advance(by: .seconds(300))
        let new = try await fleet["a"].node.begin(user: "u")
        let other = try await fleet["a"].node.begin(user: "v")
        let report = try await fleet.drain("a", to: ["b"])
        #expect(report.ended == 2 && report.handedOver == 2)
        for id in [old.id, doubtful.id] { #expect(await live(fleet["b"], id) == nil) }
        for id in [new.id, other.id] { #expect(await live(fleet["b"], id) != nil) }
    }

    @Test("A cut-off that both nodes were given is told by the feed, not by a clock")
    func sharedCutoff() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let order = Order(actor: "ops/mira", reason: nil, at: fleet.time.now)
        for name in ["a", "b"] { _ = try await fleet[name].store.revoke(.everyone, order: order) }
        let made = try await fleet["a"].node.begin(user: "u")
        #expect(try await fleet.drain("a", to: ["b"]).handedOver == 1)
        #expect(await live(fleet["b"], made.id) != nil)
    }

    @Test("However many cut-offs a node has had, those that cover its sessions travel, and fit into one piece")
    func manyCutoffs() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let order = Order(actor: "ops/mira", reason: nil, at: fleet.time.now)
        for name in ["a", "b"] { _ = try await fleet[name].store.revoke(.user("u"), order: order) }
        fleet["a"].store.state.withLock { state in
            let revocation = Revocation(at: order.at, by: order.actor, reason: nil)
            for number in 0...10_000 { _ = state.cutOff(.user("user \(number)"), revocation) }
        }
        let made = try await fleet["a"].node.begin(user: "u")
        let report = try await fleet["a"].drain(DrainPlan(limit: .zero, peers: ["b"])) { peer, sessions in
            try await fleet.transfer(peer, HandOver(json: sessions.json))
        }
        #expect(report.handedOver == 1 && report.failures.isEmpty)
        #expect(await live(fleet["b"], made.id) != nil, "by the feed: no clock could tell it from before the cut-off")
    }

    @Test("Where the other node can't be reached, they stay and are served on")
    func notDelivered() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let made = try await fleet["a"].node.begin(user: "u")
        fleet.faults.withLock { $0 = Array(repeating: .notDelivered, count: 3) }
        let report = try await fleet.drain("a", to: ["b"])
        #expect(report.left == 1 && report.handedOver == 0 && report.failures.keys.contains("b"))
        #expect(await live(fleet["a"], made.id) != nil)
        #expect(await live(fleet["b"], made.id) == nil)
    }

    @Test("A lost answer is asked for again; where none comes, nobody but the other node may serve them")
    func answerLost() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let once = try await fleet["a"].node.begin(user: "u")
        fleet.faults.withLock { $0 = [.answerLost] }
        #expect(try await fleet.drain("a", to: ["b"]).handedOver == 1)
        #expect(await live(fleet["b"], once.id) != nil)
        fleet["a"].callOffDrain()
        let never = try await fleet["a"].node.begin(user: "u")
        fleet.faults.withLock { $0 = Array(repeating: .answerLost, count: 3) }
        let report = try await fleet.drain("a", to: ["b"])
        #expect(report.unanswered == 1 && report.atRisk == 1)
        #expect(await live(fleet["a"], never.id) == nil)
        #expect(await live(fleet["b"], never.id) != nil)
    }

    @Test("A node that is drained itself, or has no room, or not the keys, takes none; they stay")
    func declined() async throws {
        let fleet = try StickyFleet(["a", "b"], limits: MemoryLimits(sessions: 2))
        let made = try await fleet["a"].node.begin(user: "u")
        _ = try await fleet["b"].drain(DrainPlan(limit: .zero))
        #expect(try await fleet.drain("a", to: ["b"]).left == 1)
        fleet["a"].callOffDrain()
        fleet["b"].callOffDrain()
        for _ in 0..<2 { _ = try await fleet["b"].node.begin(user: "v") }
        #expect(try await fleet.drain("a", to: ["b"]).left == 1)
        #expect(await live(fleet["a"], made.id) != nil)
        let stranger = try StickyFleet(["c"])
        fleet["a"].callOffDrain()
        let report = try await fleet["a"].drain(DrainPlan(limit: .zero, peers: ["c"]), stranger.transfer)
        #expect(report.left == 1)
    }

    @Test("Sealed rows can't be changed, moved to another id, or used later")
    func sealedRows() async throws {
        let fleet = try StickyFleet(["a", "b"])
        let made = try await fleet["a"].node.begin(user: "u")
        let session = try #require(try await fleet["a"].store.load(made.id.hash, at: fleet.time.now)).session
        let until = fleet.time.now + .seconds(60)
        let row = try #require(try fleet.sealer.seal(session, hops: 1, until: until))
        func adopt(_ row: HandOver.Row) -> [Adoption] {
            fleet["b"].adopt(HandOver(node: "a", cutoffs: [], rows: [row], tombstones: []))
        }
        var changed = row
        changed.sealed.bytes[20] ^= 1
        var newer = row
        newer.version += 1
        let moved = HandOver.Row(id: anID(7), version: row.version, sealed: row.sealed)
        for forged in [changed, newer, moved, HandOver.Row(id: row.id, version: 1, sealed: .empty)] {
            #expect(adopt(forged) == [.declined])
        }
        fleet.time.advance(by: .seconds(60))
        #expect(adopt(row) == [.declined])
        #expect(fleet["b"].store.backup.records.isEmpty)
    }

    @Test("A node that may serve copies hands nothing over")
    func needsStrictness() async throws {
        let fleet = try StickyFleet(["b"])
        let store = MemoryStore(namespace: "test", limits: MemoryLimits(), time: fleet.time.source)
        let node = ServiceNode(
            id: "a", store: store, policy: NodePolicy(), sealer: fleet.sealer, time: fleet.time.source)
        await #expect(throws: SessionsError.self) {
            try await StickyNode(node, store: store).drain(DrainPlan(limit: .zero, peers: ["b"]), fleet.transfer)
        }
    }
}
