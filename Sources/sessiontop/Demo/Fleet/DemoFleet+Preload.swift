import Sessions
import Synchronization

/// Sessions that are there before the first request.
extension DemoFleet {
    private typealias Made = (session: Session, id: SessionID, device: Population.Device)

    /// So many are on their way into the store at once: they share its transactions.
    private static let batch = 512
    /// So many of them are used by clients; the rest only lie there.
    private static let mostHeld = 10_000

    /// Makes the sessions that the options ask for.
    func preload() async throws {
        guard options.preload > 0 else { return }
        let began = time.monotonic()
        var generator = state.withLock { $0.generator.split() }
        var held: [(cookie: SessionCookie, device: Population.Device)] = []
        try await withThrowingTaskGroup(of: Void.self) { group in
            for first in stride(from: 0, to: options.preload, by: Self.batch) {
                try Task.checkCancellation()
                let count = min(Self.batch, options.preload - first)
                let made = try (0..<count).map { _ in try session(using: &generator) }
                held += made.prefix(Self.mostHeld - held.count).map { (SessionCookie($0.id), $0.device) }
                // The next ones are made while these are written.
                if first >= 2 * Self.batch { try await group.next() }
                group.addTask { try await self.insert(made) }
            }
            try await group.waitForAll()
        }
        let now = time.monotonic()
        state.withLock { [held] state in
            state.crowd.adopt(held, at: now)
            state.tally.preloading = now - began
        }
    }

    private func insert(_ made: [Made]) async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for (session, _, _) in made { group.addTask { try await self.store.insert(session) } }
            try await group.waitForAll()
        }
    }

    /// A session of the last 25 minutes, with the long lifetime of an office, so that it doesn't end at once.
    private func session(using generator: inout SeededGenerator) throws -> Made {
        let id = SessionID()
        // More users than those who come: else a few users would have thousands of sessions each.
        let ranks = max(options.users, options.preload * 3 / 5)
        let rank = generator.chance(0.12) ? nil : Int.random(in: 0..<ranks, using: &generator)
        let device = Population.Device(
            rank: rank, address: Addresses.draw(using: &generator), agent: UserAgents.draw(using: &generator))
        let age = Duration.milliseconds(Int64.random(in: 0..<1_500_000, using: &generator))
        var session = Session(
            id: id.hash, user: rank.map(UserNames.name(rank:)), created: time.wall() - age, lifetime: .office)
        var cart = Cart.empty(using: &generator)
        for _ in 0..<Int.random(in: 0...3, using: &generator) { cart.add(Products.draw(using: &generator)) }
        session.payload = try sealer.seal(cart.bytes, id: id.hash, version: session.version)
        session.ip = device.address
        session.agent = device.agent
        session.node = names.randomElement(using: &generator)
        return (session, id, device)
    }
}
