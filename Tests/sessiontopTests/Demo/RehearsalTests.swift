import Sessions
import Synchronization
import Testing

@testable import sessiontop

@Suite("Rehearsals")
struct RehearsalTests {
    @Test("A store that is cut off gives no answer, changes nothing, and is as before when it comes back")
    func outage() async throws {
        let place = try DemoStore(url: nil)
        defer { place.removeIfTemporary() }
        let outage = Outage(of: "database")
        let store = OutageStore(store: try await StoreScheme.serve(place.url), outage: outage)
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let session = Session(id: SessionID().hash, user: "alice", created: now, lifetime: .office)
        try await store.insert(session)
        outage.set(true)
        let error = await #expect(throws: SessionsError.self) {
            try await store.revoke(session.id, by: "x", reason: nil, at: now)
        }
        #expect(error?.code == .unavailable)
        await #expect(throws: SessionsError.self) { try await store.load(session.id, at: now) }
        await #expect(throws: SessionsError.self) { try await store.rows(after: nil, limit: 10) }
        outage.set(false)
        #expect(try await store.load(session.id, at: now)?.standing == .live)
    }

    @Test("An answer that was under way when its store was cut off is lost")
    func underWay() async throws {
        let outage = Outage(of: "database")
        let error = await #expect(throws: SessionsError.self) {
            try await outage.pass { outage.set(true) }
        }
        #expect(error?.code == .unavailable)
        outage.set(false)
        #expect(try await outage.pass { 1 } == 1)
    }

    @Test("While the database is cut off, and their leases have ended, nodes answer nobody with a refusal")
    func databaseGone() async throws {
        let place = try DemoStore(url: nil)
        defer { place.removeIfTemporary() }
        var options = DemoOptions()
        (options.nodes, options.users, options.rate, options.rehearsal) = (2, 20, 400, .database)
        let fleet = try await place.fleet(options)
        await withTaskGroup(of: Void.self) { group in
            group.addTask { try? await fleet.run() }
            while fleet.state.withLock({ $0.tally.requests < 100 }) { await fleet.pause(for: .milliseconds(5)) }
            fleet.outages.store.set(true)
            // Until their leases end the nodes still know who has signed out.
            while fleet.state.withLock({ $0.balancer.nodes.contains { $0.holdsLease } }) {
                await fleet.pause(for: .milliseconds(5))
            }
            let before = fleet.state.withLock { $0.tally }
            while fleet.state.withLock({ $0.tally.errors < before.errors + 50 }) {
                await fleet.pause(for: .milliseconds(5))
            }
            #expect(fleet.state.withLock { $0.tally.refused } <= before.refused + before.inFlight)
            fleet.outages.store.set(false)
            group.cancelAll()
        }
    }
}
