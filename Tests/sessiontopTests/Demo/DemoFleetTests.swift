import ArgumentParser
import SessionTokens
import Sessions
import SessionsSQLite
import Synchronization
import Testing

@testable import sessiontop

@Suite("The demo's fleet")
struct DemoFleetTests {
    private func withPlace(_ body: (DemoStore) async throws -> Void) async throws {
        let place = try DemoStore(url: nil)
        defer { place.removeIfTemporary() }
        try await body(place)
    }

    private func options(rate: Int = 200) -> DemoOptions {
        var options = DemoOptions()
        options.nodes = 3
        options.users = 20
        options.rate = rate
        return options
    }

    /// Runs a fleet until its clients have sent so many requests, however long that takes, and lets it stop in good order;
    /// halfway there it does something else.
    private func run(
        _ fleet: DemoFleet, until requests: Int, halfway: @Sendable () -> Void = {}
    ) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await fleet.run() }
            for count in [requests / 2, requests] {
                while fleet.state.withLock({ $0.tally.requests < count }) { await fleet.pause(for: .milliseconds(5)) }
                if count < requests { halfway() }
            }
            group.cancelAll()
            try await group.waitForAll()
        }
    }

    @Test("Requests are served without errors, and what the clients saw agrees with what the nodes counted")
    func clientsAndNodesAgree() async throws {
        try await withPlace { place in
            let fleet = try await place.fleet(options())
            try await run(fleet, until: 100)
            let tally = try await fleet.summary().tally
            #expect(tally.requests >= 100)
            #expect(tally.requests == tally.served + tally.refused + tally.errors)
            #expect(tally.errors == 0)
            #expect(tally.latency.count == tally.requests)
            #expect(tally.inFlight == 0)
            let reports = try await fleet.store.nodes()
            #expect(reports.map(\.id).sorted() == (fleet.names + [fleet.tokenService.follower.id]).sorted())
            #expect(reports.allSatisfy { $0.status == .stopped })
            let nodes = reports.filter { fleet.names.contains($0.id) }
            let counters = nodes.map(\.counters).reduce(Counters(), +)
            let statistics = try await fleet.store.statistics(at: fleet.time.wall())
            var families = 0
            for row in try await fleet.store.rows(after: nil, limit: 2000).rows
            where try await fleet.store.detail(row.id)?.client != nil { families += 1 }
            #expect(counters[.signIns] + Int64(families) >= Int64(statistics.users))
            #expect(counters[.conflicts] == Int64(tally.conflicts))
            #expect(counters[.errors] == 0)
        }
    }

    @Test("Every payload in the store opens as a cart or as a refresh family, with the keys that lie beside it")
    func payloads() async throws {
        try await withPlace { place in
            var options = options()
            options.preload = 700
            let fleet = try await place.fleet(options)
            try await run(fleet, until: 20)
            let sealer = PayloadSealer(keys: try KeyRing(file: place.keyPath), namespace: DemoStore.namespace)
            let rows = try await fleet.store.rows(after: nil, limit: 2000).rows
            #expect(rows.count >= 700)
            for row in rows {
                let detail = try #require(try await fleet.store.detail(row.id))
                let payload = try #require(detail.payload)
                #expect(detail.namespace == DemoStore.namespace)
                let plain = try sealer.open(payload, id: row.id, version: try #require(detail.version))
                #expect((Cart(bytes: plain) != nil) == (detail.client == nil))
                #expect((RefreshFamilyReport(payload: plain) != nil) == (detail.client != nil))
            }
        }
    }

    @Test("Demos that begin at once on a new store share its keys, and no name of a node")
    func severalDemos() async throws {
        try await withPlace { place in
            let fleets = try await withThrowingTaskGroup(of: DemoFleet.self) { group in
                for _ in 0..<4 { group.addTask { try await place.fleet(options()) } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
            let names = fleets.flatMap(\.names)
            #expect(Set(names).count == 12)
            let id = IDHash(hashing: [1])
            let sealed = try fleets[0].sealer.seal([1, 2, 3], id: id, version: 1)
            for fleet in fleets { #expect(try fleet.sealer.open(sealed, id: id, version: 1) == [1, 2, 3]) }
        }
    }

    @Test("A node that dies says no goodbye, others take over, and nobody sees an error")
    func death() async throws {
        try await withPlace { place in
            let fleet = try await place.fleet(options(rate: 400))
            try await run(fleet, until: 400) { fleet.killNode() }
            let summary = try await fleet.summary()
            #expect(summary.tally.errors == 0)
            #expect(try await fleet.store.nodes().filter { $0.status == .up }.count == 1)
        }
    }

    @Test("Sessions of a user who is revoked under load are refused, and none is served after it is effective")
    func revokeUnderLoad() async throws {
        try await withPlace { place in
            let fleet = try await place.fleet(options(rate: 500))
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await fleet.run() }
                while fleet.state.withLock({ $0.tally.requests < 500 }) { await fleet.pause(for: .milliseconds(5)) }
                for rank in 0..<5 {
                    let order = Order(actor: "test", reason: "drill", at: fleet.time.wall())
                    _ = try await fleet.store.revoke(.user(UserNames.name(rank: rank)), order: order)
                }
                while fleet.state.withLock({ $0.audit.isWaiting || $0.audit.findings.sessionsRefused == 0 }) {
                    await fleet.pause(for: .milliseconds(5))
                }
                group.cancelAll()
            }
            let findings = try await fleet.summary().findings
            #expect(findings.servedAfterEffective == 0)
            #expect(findings.entries >= 5)
        }
    }

    @Test("Apps hold tokens: exchanged, derived, and ended with what they were derived from; a thief exchanges first")
    func apps() async throws {
        try await withPlace { place in
            let fleet = try await place.fleet(options(rate: 500))
            let apps: @Sendable () -> [AppClient] = { fleet.state.withLock { $0.apps.apps } }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await fleet.run() }
                while apps().contains(where: { $0.tokens == nil }) { await fleet.pause(for: .milliseconds(5)) }
                let service = fleet.tokenService
                let found = apps()
                let firstWatch = found.first { $0.client == "shop-watch" }
                let watch = try #require(firstWatch?.tokens)
                // The watch has a family of its own, which ends with the phone's.
                let phone = try #require(firstWatch?.parent.flatMap { found[$0].tokens })
                #expect(try await service.families.family(of: watch.refresh.secretText) != nil)
                fleet.state.withLock { $0.apps.steal() }
                let isThere = apps().first(where: \.isThief)
                let thief = try #require(isThere)
                let stolen = try #require(thief.tokens).family.id
                while apps().first(where: \.isThief)?.tokens?.family.generation == thief.stolenGeneration {
                    await fleet.pause(for: .milliseconds(5))
                }
                let victim = apps().first { !$0.isThief && $0.tokens?.family.id == stolen }
                #expect(victim != nil)
                _ = try await service.revoke(.session(phone.family.id), by: "test")
                #expect(try await service.families.family(of: watch.refresh.secretText) == nil)
                group.cancelAll()
            }
            #expect(try await fleet.summary().findings.servedAfterEffective == 0)
            #expect(try await fleet.summary().tally.errors == 0)
        }
    }

    @Test("A temporary store is gone afterwards, a named one stays")
    func removal() async throws {
        let place = try DemoStore(url: nil)
        let kept = try DemoStore(url: "\(place.url)")
        _ = try await place.fleet(options())
        kept.removeIfTemporary()
        #expect(throws: Never.self) { _ = try SQLiteStore.open(path: place.url.rest, mode: .existing) }
        place.removeIfTemporary()
        let error = #expect(throws: SessionsError.self) { try SQLiteStore.open(path: place.url.rest, mode: .existing) }
        #expect(error?.code == .storeNotFound)
    }

    @Test("Numbers that no demo can have, and stores that it can't use, are refused")
    func refusals() throws {
        for change: (inout DemoOptions) -> Void in [
            { $0.nodes = 0 }, { $0.nodes = 65 }, { $0.users = 0 }, { $0.rate = -1 }, { $0.rate = 0 },
            { $0.preload = -1 }, { $0.users = .max },
        ] {
            var options = DemoOptions()
            change(&options)
            let error = #expect(throws: SessionsError.self) { try options.validate() }
            #expect(error.map { ExitStatus($0.code) } == .usage)
        }
        for url in ["sqlite:", "https://localhost", "x.db", ""] {
            let error = #expect(throws: SessionsError.self) { try DemoStore(url: url) }
            #expect(error.map { ExitStatus($0.code) } == .usage)
        }
    }

    @Test(
        "The command line refuses with 64 what doesn't work",
        arguments: ["--nodes 0", "--rate x", "--kill cache", "--kill l2", "--headless 0", "--headless nan", "a"])
    func usage(arguments: String) {
        let error = #expect(throws: (any Error).self) {
            try DemoCommand.parse(arguments.split(separator: " ").map(String.init))
        }
        #expect(error.map { DemoCommand.exitCode(for: $0).rawValue } == 64)
    }
}
