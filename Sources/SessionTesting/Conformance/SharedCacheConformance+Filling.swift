import Sessions
import Testing

extension SharedCacheConformance {
    static var leaseClauses: [Clause] {
        [
            Clause("Under a fresh key nothing stands, and to look takes no lease") { world async throws in
                let key = world.key()
                #expect(try await world.look(key) == .nothing)
                #expect(try await world.look(key) == .nothing)
                _ = try await world.lease(key)
            },
            Clause("While one has the lease, everybody else is told that it is taken") { world async throws in
                let key = world.key()
                _ = try await world.lease(key)
                for handle in [world.cache, world.other] {
                    #expect(try await handle.read(key, leasing: .seconds(60)) == .taken)
                    #expect(try await handle.read(key, leasing: nil) == .taken)
                }
            },
            Clause("The holder of the lease fills once, and everybody reads the copy as it was put in") {
                world async throws in
                let key = world.key()
                let lease = try await world.lease(key)
                #expect(try await world.cache.fill(key, with: world.copy(7), holding: lease, for: world.long))
                #expect(try await world.look(key) == .live(world.copy(7)))
                #expect(try await world.other.read(key, leasing: .seconds(60)) == .live(world.copy(7)))
                #expect(try await !world.cache.fill(key, with: world.copy(8), holding: lease, for: world.long))
                #expect(try await world.look(key) == .live(world.copy(7)))
            },
            Clause("A lease may be used by whoever knows it, on another handle, too") { world async throws in
                let key = world.key()
                let lease = try await world.lease(key)
                #expect(try await world.other.fill(key, with: world.copy(1), holding: lease, for: world.long))
                #expect(try await world.look(key) == .live(world.copy(1)))
            },
            Clause("Nobody fills with a lease that was not given for this key, now") { world async throws in
                let (first, second, fresh) = (world.key(), world.key(), world.key())
                let lease = try await world.lease(first)
                _ = try await world.lease(second)
                let forged = [lease.token &+ 1, lease.token &- 1, ~lease.token, 0, .max].map(SharedLease.init)
                for guess in forged where guess != lease {
                    #expect(try await !world.cache.fill(first, with: world.copy(1), holding: guess, for: world.long))
                }
                #expect(try await !world.cache.fill(second, with: world.copy(1), holding: lease, for: world.long))
                #expect(try await !world.cache.fill(fresh, with: world.copy(1), holding: lease, for: world.long))
                #expect(try await world.look(fresh) == .nothing)
                #expect(try await world.cache.fill(first, with: world.copy(1), holding: lease, for: world.long))
            },
            Clause("A lease that was lost is lost: its holder fills nothing, the next one's does") {
                world async throws in
                let key = world.key()
                let old = try await world.lease(key)
                try await world.other.replace(key, version: 1, with: nil, for: world.long)
                #expect(try await !world.cache.fill(key, with: world.copy(1), holding: old, for: world.long))
                #expect(try await world.look(key) == .nothing)
                let new = try await world.lease(key)
                #expect(new != old)
                #expect(try await !world.cache.fill(key, with: world.copy(1), holding: old, for: world.long))
                #expect(try await world.cache.fill(key, with: world.copy(2), holding: new, for: world.long))
                #expect(try await world.look(key) == .live(world.copy(2)))
            },
            Clause("What is evicted is gone: a lease can't be filled, a copy and a tombstone are leased anew") {
                world async throws in
                guard let evict = world.lent.evict else { return }
                let leased = world.key()
                let lease = try await world.lease(leased)
                let kept = [leased, try await world.filled(world.copy(3)), try await world.buried()]
                for key in kept { try await evict(key) }
                #expect(try await !world.cache.fill(leased, with: world.copy(1), holding: lease, for: world.long))
                for key in kept {
                    #expect(try await world.look(key) == .nothing)
                    let next = try await world.lease(key)
                    #expect(try await world.cache.fill(key, with: world.copy(9), holding: next, for: world.long))
                    #expect(try await world.look(key) == .live(world.copy(9)))
                }
            },
        ]
    }

    static var copyClauses: [Clause] {
        [
            Clause("A copy's bytes come back as they were, whatever they are and however many") { world async throws in
                let all = Array(UInt8.min...UInt8.max)
                let bytes: [[UInt8]] = [
                    [], [0], Array("\r\nEN\r\nVA 1\r\n$-1\r\n".utf8), all, (0..<1000).flatMap { _ in all },
                ]
                for (number, bytes) in zip(1..., bytes) {
                    let copy = SharedCopy(version: Int64(number), bytes: bytes)
                    let key = try await world.filled(copy)
                    #expect(try await world.look(key) == .live(copy))
                }
            },
            Clause("Versions are compared as whole numbers of 64 bits") { world async throws in
                for version in [1, 9_007_199_254_740_992, .max - 1] as [Int64] {
                    for neighbour: Int64 in [version - 1, version + 1] {
                        let key = try await world.filled(world.copy(version))
                        #expect(try await world.look(key) == .live(world.copy(version)))
                        try await world.cache.replace(
                            key, version: neighbour, with: world.copy(5), for: world.long)
                        #expect(try await world.look(key) == .nothing)
                    }
                }
            },
            Clause("Keys of another session, and of another generation, are other keys") { world async throws in
                let key = try await world.filled(world.copy(1))
                for generation: UInt64 in [0, 2, .max] {
                    let other = SharedKey(id: key.id, generation: generation)
                    #expect(try await world.look(other) == .nothing)
                    try await world.cache.bury(other, for: world.long)
                }
                #expect(try await world.look(world.key()) == .nothing)
                #expect(try await world.look(key) == .live(world.copy(1)))
            },
        ]
    }
}
