import Sessions

/// A shared cache that can be cut off, in front of another.
struct OutageCache: SharedCache {
    let cache: any SharedCache
    let outage: Outage

    var description: StoreDescription { cache.description }

    func read(_ key: SharedKey, leasing lease: Duration?) async throws -> SharedRead {
        try await outage.pass { try await cache.read(key, leasing: lease) }
    }

    func fill(_ key: SharedKey, with copy: SharedCopy, holding lease: SharedLease, for life: Duration) async throws
        -> Bool
    {
        try await outage.pass { try await cache.fill(key, with: copy, holding: lease, for: life) }
    }

    func replace(_ key: SharedKey, version: Int64, with copy: SharedCopy?, for life: Duration) async throws {
        try await outage.pass { try await cache.replace(key, version: version, with: copy, for: life) }
    }

    func bury(_ key: SharedKey, for life: Duration) async throws {
        try await outage.pass { try await cache.bury(key, for: life) }
    }

    func part(of key: SharedKey) -> Int { cache.part(of: key) }

    func findings(at now: Timestamp) async throws -> [Finding] {
        try await outage.pass { try await cache.findings(at: now) }
    }
}
