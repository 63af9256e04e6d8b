import Sessions
import Testing

extension SharedCacheConformance {
    static var sharedConcurrencyClauses: [Clause] {
        [
            Clause("Of many who ask for one lease at once exactly one gets it") { world async throws in
                for _ in 0..<10 {
                    let key = world.key()
                    let reads = try await gather(16) { worker async throws in
                        try await (worker % 2 == 0 ? world.cache : world.other).read(key, leasing: .seconds(60))
                    }
                    let leases = reads.filter { if case .leased = $0 { true } else { false } }
                    #expect(leases.count == 1)
                    #expect(reads.filter { $0 == .taken }.count == 15)
                }
            },
            Clause("Of many who fill with one lease at once exactly one does") { world async throws in
                for _ in 0..<10 {
                    let key = world.key()
                    let lease = try await world.lease(key)
                    let fills = try await gather(8) { worker async throws in
                        try await (worker % 2 == 0 ? world.cache : world.other)
                            .fill(key, with: world.copy(Int64(worker)), holding: lease, for: world.long)
                    }
                    let winner = try #require(fills.firstIndex(of: true))
                    #expect(fills.filter(\.self).count == 1)
                    #expect(try await world.look(key) == .live(world.copy(Int64(winner))))
                }
            },
            Clause("After a revoke no copy stands, whatever fillers and writers do at the same time") {
                world async throws in
                for _ in 0..<20 {
                    let key = world.key()
                    _ = try await gather(7) { worker async throws in
                        let handle = worker % 2 == 0 ? world.cache : world.other
                        if worker == 0 {
                            try await handle.bury(key, for: world.long)
                            #expect(try await world.other.read(key, leasing: nil) == .tombstone)
                            return
                        }
                        for round in 1...6 { try await write(key, Int64(round), to: handle, world) }
                    }
                    #expect(try await world.look(key) == .tombstone)
                }
            },
            Clause("Of many writers of one version exactly one's copy stands at most, never an older one") {
                world async throws in
                for _ in 0..<10 {
                    let key = try await world.filled(world.copy(1))
                    _ = try await gather(8) { worker async throws in
                        try await (worker % 2 == 0 ? world.cache : world.other)
                            .replace(key, version: 1, with: world.copy(2), for: world.long)
                    }
                    // The first replaced it; any later one met version 2 and deleted it.
                    #expect(try await world.look(key) == .nothing)
                }
            },
            Clause("Many copies at once come back each under its own key") { world async throws in
                _ = try await gather(8) { worker async throws in
                    for round in 0..<20 {
                        let copy = world.copy(Int64(worker * 100 + round), byteCount: 64 << (round % 8))
                        let key = try await world.filled(copy)
                        #expect(try await world.other.read(key, leasing: nil) == .live(copy))
                    }
                }
            },
        ]
    }

    /// Fills where there is a lease to be had, and otherwise writes over what is there.
    private static func write(
        _ key: SharedKey, _ round: Int64, to handle: any SharedCache, _ world: SharedCacheWorld
    ) async throws {
        switch try await handle.read(key, leasing: .seconds(60)) {
        case .leased(let lease):
            _ = try await handle.fill(key, with: world.copy(round), holding: lease, for: world.long)
        case .live(let copy):
            try await handle.replace(
                key, version: copy.version, with: round == 6 ? nil : world.copy(copy.version + 1), for: world.long)
        case .taken: try await handle.replace(key, version: 0, with: nil, for: world.long)
        case .tombstone, .nothing: break
        }
    }
}
