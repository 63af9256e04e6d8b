import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import SessionsMemcached

/// What the contract of shared caches doesn't say, on real servers.
@Suite(.timeLimit(.minutes(2))) struct MemcachedSharedCacheTests {
    private func cache(
        _ server: MemcachedServer, _ change: (inout MemcachedConfiguration) -> Void = { _ in }
    ) throws -> MemcachedSharedCache {
        var configuration = try MemcachedConfiguration(url: server.url)
        (configuration.connectLimit, configuration.commandLimit) = (.seconds(10), .seconds(10))
        change(&configuration)
        return try MemcachedSharedCache(configuration)
    }

    private func place(_ key: SharedKey) throws -> MemcachedKey {
        try #require(MemcachedKey(key.text(prefix: "sessions").bytes))
    }

    @Test("A lease of before a restart fills nothing, even where the new server has given its number again")
    func restart() async throws {
        try await MemcachedServer.with { server in
            let cache = try cache(server)
            let key = freshKey()
            let lease = try await cache.lease(key)
            try await server.process.end(by: .kill)
            try await server.process.start()
            // The restarted server counts from 1 again: the tombstone gets the very number that the lease had.
            try await eventually { try await cache.bury(key, for: .seconds(60)) }
            guard case .item(_, let flags) = try await cache.client.lanes[0].send(.get(try place(key))).0 else {
                throw Unexpected("no tombstone")
            }
            #expect(flags.cas == MemcachedLease(lease)?.cas)
            #expect(try await !cache.fill(key, with: copy(1), holding: lease, for: .seconds(60)))
            #expect(try await cache.read(key, leasing: nil) == .tombstone)
        }
    }

    @Test("A number of 0, which memcached would not compare, fills nothing")
    func noNumber() async throws {
        try await MemcachedServer.with { server in
            let cache = try cache(server)
            let key = freshKey()
            let lease = try await cache.lease(key)
            let run = lease.token & ~(1 << 48 - 1)
            #expect(try await !cache.fill(key, with: copy(1), holding: SharedLease(token: run), for: .seconds(60)))
            #expect(try await cache.read(key, leasing: nil) == .taken)
        }
    }

    @Test("A server that keeps no CAS can't be used, and that is said")
    func withoutCAS() async throws {
        var options = MemcachedServer.Options()
        options.arguments = ["-C"]
        try await MemcachedServer.with(options) { server in
            let cache = try cache(server)
            let error = await expect(.unsupported) { try await cache.read(freshKey(), leasing: .seconds(3)) }
            #expect(error?.message.contains("-C") == true)
        }
    }

    @Test("A copy that is too large isn't put in, and a write with one takes the old copy away")
    func large() async throws {
        var options = MemcachedServer.Options()
        // Smaller than what we send: the server refuses some of it.
        options.arguments = ["-I", "512k"]
        try await MemcachedServer.with(options) { server in
            let cache = try cache(server)
            for byteCount in [600_000, MemcachedSharedCache.largestCopy + 1] {
                let (fresh, kept) = (freshKey(), freshKey())
                let lease = try await cache.lease(fresh)
                let large = copy(2, byteCount: byteCount)
                #expect(try await !cache.fill(fresh, with: large, holding: lease, for: .seconds(60)))
                let other = try await cache.lease(kept)
                #expect(try await cache.fill(kept, with: copy(1), holding: other, for: .seconds(60)))
                try await cache.replace(kept, version: 1, with: large, for: .seconds(60))
                #expect(try await cache.read(kept, leasing: nil) == .nothing)
            }
        }
    }

    @Test("The largest copy fits into a server as it comes")
    func largest() async throws {
        try await MemcachedServer.with { server in
            let cache = try cache(server)
            let key = freshKey()
            let largest = copy(1, byteCount: MemcachedSharedCache.largestCopy)
            let lease = try await cache.lease(key)
            #expect(try await cache.fill(key, with: largest, holding: lease, for: .seconds(60)))
            #expect(try await cache.read(key, leasing: nil) == .live(largest))
        }
    }

    @Test("A copy of less than a second isn't put in, and never stays for ever")
    func shortLife() async throws {
        try await MemcachedServer.with { server in
            let cache = try cache(server)
            let key = freshKey()
            let lease = try await cache.lease(key)
            #expect(try await !cache.fill(key, with: copy(1), holding: lease, for: .milliseconds(999)))
            #expect(try await cache.fill(key, with: copy(1), holding: lease, for: .seconds(60)))
            try await cache.replace(key, version: 1, with: copy(2), for: .milliseconds(500))
            #expect(try await cache.read(key, leasing: nil) == .nothing)
        }
    }

    @Test("What isn't ours under a key is neither served nor replaced by a filler; a write takes it away")
    func foreign() async throws {
        try await MemcachedServer.with { server in
            let cache = try cache(server)
            let life = MemcachedLife(atLeast: .seconds(60))
            for (value, flags) in [("hello", 0), ("1234567", 0x534C), ("", 99), ("12345678", 0x534D)]
                as [(String, UInt32)]
            {
                let key = freshKey()
                let lane = cache.client.lanes[0]
                _ = try await lane.send(.set(try place(key), value: value.bytes, flags: flags, life: life))
                #expect(try await cache.read(key, leasing: nil) == .taken)
                #expect(try await cache.read(key, leasing: .seconds(3)) == .taken)
                try await cache.replace(key, version: 1, with: copy(2), for: .seconds(60))
                #expect(try await cache.read(key, leasing: nil) == .nothing)
            }
        }
    }

    @Test("A server that hangs or is gone fails every step as unavailable")
    func away() async throws {
        try await MemcachedServer.with { server in
            let cache = try cache(server) { $0.commandLimit = .seconds(2) }
            let key = freshKey()
            let lease = try await cache.lease(key)
            try server.process.send(.suspend)
            _ = try await untilUnavailable { try await cache.read(freshKey(), leasing: .seconds(3)) }
            await expect(.unavailable) { try await cache.bury(key, for: .seconds(60)) }
            await expect(.unavailable) { try await cache.fill(key, with: copy(1), holding: lease, for: .seconds(60)) }
            await expect(.unavailable) { try await cache.replace(key, version: 1, with: nil, for: .seconds(60)) }
            try server.process.send(.resume)
            // The same run of the server goes on, and the lease with it.
            let read = try await eventually { try await cache.read(key, leasing: nil) }
            #expect(read == .taken)
            #expect(try await cache.fill(key, with: copy(1), holding: lease, for: .seconds(60)))
        }
    }

    @Test("A revoke that is cut off by a server that hangs may be done later, and then stands before a fill")
    func lateRevoke() async throws {
        try await MemcachedServer.with { server in
            let cache = try cache(server) { $0.commandLimit = .seconds(2) }
            let key = freshKey()
            let lease = try await cache.lease(key)
            try server.process.send(.suspend)
            _ = try await untilUnavailable { try await cache.bury(key, for: .seconds(60)) }
            try server.process.send(.resume)
            // What the kernel took for the server comes to it yet.
            var read = SharedRead.taken
            while read == .taken { read = try await eventually { try await cache.read(key, leasing: nil) } }
            #expect(read == .tombstone)
            #expect(try await !cache.fill(key, with: copy(1), holding: lease, for: .seconds(60)))
        }
    }

    @Test("Each of several servers is a part of the cache, and one alone is all of it")
    func parts() throws {
        func parts(_ servers: String) throws -> Set<Int> {
            let cache = try MemcachedSharedCache(try MemcachedConfiguration(url: "memcached://\(servers)"))
            return Set((0..<300).map { _ in cache.part(of: freshKey()) })
        }
        #expect(try parts("127.0.0.1:1,127.0.0.1:2,127.0.0.1:3") == [0, 1, 2])
        #expect(try parts("127.0.0.1:1") == [0])
    }

    @Test("It says what it is, once it has been reached")
    func description() async throws {
        try await MemcachedServer.with { server in
            let cache = try cache(server)
            #expect(cache.description.url == server.url)
            #expect(cache.description.software == "memcached")
            _ = try await cache.read(freshKey(), leasing: nil)
            #expect(cache.description.software.hasPrefix("memcached 1."))
        }
    }
}
