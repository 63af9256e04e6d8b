import Sessions
import Testing

extension SharedCacheConformance {
    /// The memory cache is the model: whatever is done to both, in whatever order, both answer the same.
    static let sharedModelClauses: [Clause] = (1...4).map { seed in
        Clause("Three hundred random steps are answered as the memory cache answers them, seed \(seed)") {
            world async throws in
            var walk = SharedWalk(world: world, seed: UInt64(seed))
            for _ in 0..<300 { try await walk.step() }
            try await walk.compareAll()
        }
    }
}

/// Does the same random things to a cache and to the model, and compares the answers.
///
/// Nothing runs its life meanwhile: that is another clause.
private struct SharedWalk {
    let world: SharedCacheWorld
    let model = MemorySharedCache()
    let keys: [SharedKey]
    var random: SeededGenerator
    /// Every lease that was given, as each of the two named it; old ones are tried, too.
    var leases: [SharedKey: [(ours: SharedLease, models: SharedLease)]] = [:]

    init(world: SharedCacheWorld, seed: UInt64) {
        self.world = world
        keys = (0..<4).map { world.key(generation: UInt64($0 % 2)) }
        random = SeededGenerator(seed: seed)
    }

    mutating func step() async throws {
        let handle = Bool.random(using: &random) ? world.cache : world.other
        let key = random.pick(keys)
        switch Int.random(in: 0..<16, using: &random) {
        case 0...5: try await read(key, leasing: .seconds(60), by: handle)
        case 6: try await read(key, leasing: nil, by: handle)
        case 7...10: try await fill(key, by: handle)
        case 11...13: try await replace(key, by: handle)
        case 14: try await evict(key)
        default:
            try await handle.bury(key, for: world.long)
            try await model.bury(key, for: world.long)
        }
    }

    private mutating func read(_ key: SharedKey, leasing life: Duration?, by handle: any SharedCache) async throws {
        let ours = try await handle.read(key, leasing: life)
        let models = try await model.read(key, leasing: life)
        if case .leased(let our) = ours, case .leased(let modelsOwn) = models {
            leases[key, default: []].append((our, modelsOwn))
        } else {
            #expect(ours == models)
        }
    }

    private mutating func fill(_ key: SharedKey, by handle: any SharedCache) async throws {
        guard let given = leases[key] else { return }
        let lease = Bool.random(using: &random) ? given[given.count - 1] : random.pick(given)
        let copy = world.copy(Int64.random(in: 1...3, using: &random))
        let ours = try await handle.fill(key, with: copy, holding: lease.ours, for: world.long)
        #expect(try await ours == model.fill(key, with: copy, holding: lease.models, for: world.long))
    }

    private mutating func replace(_ key: SharedKey, by handle: any SharedCache) async throws {
        let version = Int64.random(in: 1...3, using: &random)
        let copy = random.once(in: 4) ? nil : world.copy(version + 1)
        try await handle.replace(key, version: version, with: copy, for: world.long)
        try await model.replace(key, version: version, with: copy, for: world.long)
    }

    private func evict(_ key: SharedKey) async throws {
        guard let evict = world.lent.evict else { return }
        try await evict(key)
        model.evict(key)
    }

    func compareAll() async throws {
        for key in keys { #expect(try await world.look(key) == model.read(key, leasing: nil)) }
    }
}
