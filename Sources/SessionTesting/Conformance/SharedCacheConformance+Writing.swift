import Sessions
import Testing

extension SharedCacheConformance {
    static var replaceClauses: [Clause] {
        [
            Clause("A write replaces the copy of the version that it was made from") { world async throws in
                let key = try await world.filled(world.copy(4))
                try await world.other.replace(key, version: 4, with: world.copy(5), for: world.long)
                #expect(try await world.look(key) == .live(world.copy(5)))
                try await world.cache.replace(key, version: 5, with: world.copy(6), for: world.long)
                #expect(try await world.look(key) == .live(world.copy(6)))
            },
            Clause("A write deletes a copy of any other version, newer or older") { world async throws in
                for found in [3, 6, 7] as [Int64] {
                    let key = try await world.filled(world.copy(found))
                    try await world.cache.replace(key, version: 5, with: world.copy(6), for: world.long)
                    #expect(try await world.look(key) == .nothing)
                }
            },
            Clause("A write deletes a lease, so that what its holder read before is not put in") { world async throws in
                let key = world.key()
                let lease = try await world.lease(key)
                try await world.other.replace(key, version: 1, with: world.copy(2), for: world.long)
                #expect(try await world.look(key) == .nothing)
                #expect(try await !world.cache.fill(key, with: world.copy(1), holding: lease, for: world.long))
                #expect(try await world.look(key) == .nothing)
            },
            Clause("A write never creates a copy") { world async throws in
                let key = world.key()
                try await world.cache.replace(key, version: 1, with: world.copy(2), for: world.long)
                #expect(try await world.look(key) == .nothing)
                try await world.cache.replace(key, version: 1, with: nil, for: world.long)
                #expect(try await world.look(key) == .nothing)
            },
            Clause("A write never touches a tombstone") { world async throws in
                let key = try await world.buried()
                for version in [0, 1, 2, .max] as [Int64] {
                    try await world.cache.replace(key, version: version, with: world.copy(2), for: world.long)
                    try await world.other.replace(key, version: version, with: nil, for: world.long)
                    #expect(try await world.look(key) == .tombstone)
                }
            },
            Clause("Without a new copy a write deletes whatever isn't a tombstone") { world async throws in
                let live = try await world.filled(world.copy(1))
                let leased = world.key()
                _ = try await world.lease(leased)
                for key in [live, leased] {
                    try await world.cache.replace(key, version: 1, with: nil, for: world.long)
                    #expect(try await world.look(key) == .nothing)
                }
            },
        ]
    }

    static var buryClauses: [Clause] {
        [
            Clause("A tombstone takes the place of nothing, of a lease, of a copy and of a tombstone") {
                world async throws in
                let leased = world.key()
                _ = try await world.lease(leased)
                let keys = [world.key(), leased, try await world.filled(world.copy(1)), try await world.buried()]
                for key in keys {
                    try await world.other.bury(key, for: world.long)
                    #expect(try await world.look(key) == .tombstone)
                    #expect(try await world.cache.read(key, leasing: .seconds(60)) == .tombstone)
                }
            },
            Clause("A revoke between the lease and the fill wins") { world async throws in
                let key = world.key()
                let lease = try await world.lease(key)
                try await world.other.bury(key, for: world.long)
                #expect(try await !world.cache.fill(key, with: world.copy(1), holding: lease, for: world.long))
                #expect(try await world.look(key) == .tombstone)
            },
            Clause("A tombstone of many days stays, and so does a copy") { world async throws in
                // memcached takes more than 30 days for a moment in 1970.
                let days = Duration.seconds(45 * 86_400)
                let (grave, live) = (world.key(), world.key())
                try await world.cache.bury(grave, for: days)
                let lease = try await world.lease(live)
                #expect(try await world.cache.fill(live, with: world.copy(1), holding: lease, for: days))
                #expect(try await world.look(grave) == .tombstone)
                #expect(try await world.look(live) == .live(world.copy(1)))
            },
        ]
    }

    static var lifeClauses: [Clause] {
        [
            Clause("What has run its life is gone, and what has not is there") { world async throws in
                let short = Duration.seconds(1)
                let (leased, grave, replaced) = (world.key(), world.key(), try await world.filled(world.copy(1)))
                let old = try await world.lease(leased, for: short)
                let live = world.key()
                let lease = try await world.lease(live)
                #expect(try await world.cache.fill(live, with: world.copy(1), holding: lease, for: short))
                try await world.cache.bury(grave, for: short)
                try await world.cache.replace(replaced, version: 1, with: world.copy(2), for: short)
                let lasting = [try await world.filled(world.copy(1)), try await world.buried()]
                // A cache that counts in seconds rounds up.
                try await world.lent.wait(.milliseconds(2100))
                for key in [leased, live, grave, replaced] { #expect(try await world.look(key) == .nothing) }
                #expect(try await world.look(lasting[0]) == .live(world.copy(1)))
                #expect(try await world.look(lasting[1]) == .tombstone)
                let new = try await world.lease(leased)
                #expect(try await !world.cache.fill(leased, with: world.copy(1), holding: old, for: world.long))
                #expect(try await world.cache.fill(leased, with: world.copy(2), holding: new, for: world.long))
                #expect(try await world.look(leased) == .live(world.copy(2)))
            },
            Clause("A copy without any life is not put in") { world async throws in
                for life in [.zero, .seconds(-5)] as [Duration] {
                    let key = world.key()
                    let lease = try await world.lease(key)
                    #expect(try await !world.cache.fill(key, with: world.copy(1), holding: lease, for: life))
                    let old = try await world.filled(world.copy(1))
                    try await world.cache.replace(old, version: 1, with: world.copy(2), for: life)
                    #expect(try await world.look(old) == .nothing)
                }
            },
        ]
    }
}
