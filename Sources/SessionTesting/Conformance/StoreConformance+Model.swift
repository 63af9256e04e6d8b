import Sessions
import Testing

extension StoreConformance {
    /// The memory store is the model: whatever is done to both, in whatever order, both answer the same.
    static let modelClauses: [Clause] = (1...6).map { seed in
        Clause("Two hundred random steps are answered as the memory store answers them, seed \(seed)") {
            world async throws in
            var walk = RandomWalk(world: world, seed: UInt64(seed))
            for step in 0..<200 { try await walk.step(step) }
            try await walk.compareAll()
        }
    }
}

/// Does the same random things to a store and to the model, and compares the answers.
private struct RandomWalk {
    let store: StoreFixture.Store
    let other: StoreFixture.Store
    let forgetsCutoffs: Bool
    let model = MemoryStore()
    var random: SeededGenerator
    var now: Timestamp
    var ids: [IDHash] = []
    /// What a dashboard that follows the changes holds.
    var followed: [IDHash: SessionRow] = [:]
    var position = ChangePosition(0)

    private static let users = ["u", "v", nil]
    private static let tenants = ["t", nil]

    init(world: StoreWorld, seed: UInt64) {
        store = world.store
        other = world.other
        forgetsCutoffs = world.forgetsCutoffs
        now = world.now
        random = SeededGenerator(seed: seed)
    }

    mutating func step(_ number: Int) async throws {
        now = now + .seconds(Int.random(in: 0...400, using: &random))
        let handle = Bool.random(using: &random) ? store : other
        switch Int.random(in: 0..<22, using: &random) {
        case 0...5: try await insert(handle)
        case 6...8: try await touch(handle)
        case 9...11: try await save(handle)
        case 12...13: try await revoke(handle)
        case 14: try await rotate(handle)
        case 15...16: try await extend(handle)
        case 17: try await order(handle)
        case 18: try await cutOff(handle)
        case 19: try await deny(handle)
        case 20: try await orderCutOff(handle)
        default: try await purge(handle)
        }
        if number % 10 == 9 { try await follow() }
    }

    private mutating func pick() -> IDHash { ids.randomElement(using: &random) ?? SessionID(using: &random).hash }

    private mutating func fresh() -> Session {
        let lifetime = [Lifetime.office, .highValue, .aal1].randomElement(using: &random) ?? .office
        return Session(
            id: SessionID(using: &random).hash, user: Self.users.randomElement(using: &random) ?? nil,
            tenant: Self.tenants.randomElement(using: &random) ?? nil,
            client: Bool.random(using: &random) ? "c" : nil, created: now, lifetime: lifetime)
    }

    private mutating func insert(_ handle: StoreFixture.Store) async throws {
        let session = fresh()
        try await handle.insert(session)
        try await model.insert(session)
        ids.append(session.id)
    }

    private mutating func touch(_ handle: StoreFixture.Store) async throws {
        let touches = (0..<3).map { _ in Touch(id: pick(), at: now, idle: .seconds(1800), node: "n") }
        #expect(try await handle.touch(touches) == model.touch(touches))
    }

    private mutating func save(_ handle: StoreFixture.Store) async throws {
        let id = pick()
        let version = Int64.random(in: 1...3, using: &random)
        let payload = Payload(bytes: [UInt8.random(in: 0...255, using: &random)])
        let ours = try await handle.save(payload, of: id, replacing: version, at: now)
        #expect(try await ours == model.save(payload, of: id, replacing: version, at: now))
    }

    private mutating func revoke(_ handle: StoreFixture.Store) async throws {
        let id = pick()
        let ours = try await handle.revoke(id, by: "x", reason: "r", at: now)
        #expect(try await ours == model.revoke(id, by: "x", reason: "r", at: now))
    }

    private mutating func rotate(_ handle: StoreFixture.Store) async throws {
        let id = pick()
        let successor = fresh()
        let ours = try await handle.rotate(id, to: successor, reason: "r", at: now)
        #expect(try await ours == model.rotate(id, to: successor, reason: "r", at: now))
        if ours == .rotated { ids.append(successor.id) }
    }

    private mutating func extend(_ handle: StoreFixture.Store) async throws {
        let chosen = [pick(), pick()]
        let deadline = NewDeadline.by(.seconds(Int.random(in: -100...40_000, using: &random)))
        let order = Order(actor: "a", reason: "r", at: now)
        let ours = try await handle.extend(chosen, to: deadline, order: order)
        #expect(try await ours == model.extend(chosen, to: deadline, order: order))
    }

    private mutating func order(_ handle: StoreFixture.Store) async throws {
        let targets = [RevokeTarget.sessions([pick(), pick(), pick()]), .user("u"), .everyone]
        let target = targets[[0, 0, 0, 1, 1, 2].randomElement(using: &random) ?? 0]
        let order = Order(actor: "a", reason: nil, at: now)
        let ours = try await handle.revoke(target, order: order)
        let theirs = try await model.revoke(target, order: order)
        #expect(ours.outcomes.map(\.id) == theirs.outcomes.map(\.id))
        #expect(ours.outcomes.map(\.user) == theirs.outcomes.map(\.user))
        #expect(ours.outcomes.map(\.outcome) == theirs.outcomes.map(\.outcome))
        #expect(ours.position == theirs.position)
    }

    private mutating func cutOff(_ handle: StoreFixture.Store) async throws {
        let scopes: [CutoffScope] = [.user("u"), .tenant("t"), .client("c"), .user("v"), .user("u"), .everyone]
        let scope = scopes.randomElement(using: &random) ?? .everyone
        let ours = try await handle.cutOff(scope, by: "x", reason: "r", at: now)
        #expect(try await ours == model.cutOff(scope, by: "x", reason: "r", at: now))
    }

    private mutating func deny(_ handle: StoreFixture.Store) async throws {
        let denials = (0..<Int.random(in: 0...3, using: &random)).map { TokenDenial(issuer: "i", tokenID: "\($0)") }
        if Bool.random(using: &random) {
            #expect(try await handle.deny(denials, at: now) == model.deny(denials, at: now))
        } else {
            let order = Order(actor: "a", reason: "r", at: now)
            let ours = try await handle.deny(denials, order: order)
            #expect(try await ours.position == model.deny(denials, order: order).position)
        }
    }

    private mutating func orderCutOff(_ handle: StoreFixture.Store) async throws {
        let scope = [CutoffScope.tenant("t"), .client("c"), .user("v")].randomElement(using: &random) ?? .everyone
        let order = Order(actor: "a", reason: "r", at: now)
        let ours = try await handle.cutOff(scope, order: order)
        let theirs = try await model.cutOff(scope, order: order)
        #expect(ours.outcomes.map(\.id) == theirs.outcomes.map(\.id) && ours.position == theirs.position)
    }

    private mutating func purge(_ handle: StoreFixture.Store) async throws {
        let retention = Retention(feed: .seconds(3000))
        #expect(try await handle.purge(retention, at: now) == model.purge(retention, at: now))
    }

    /// Follows the changes, and checks that following comes to the same as reading everything.
    private mutating func follow() async throws {
        var hasMore = true
        while hasMore {
            let changes = try await store.changes(after: position, limit: 7)
            if changes.mustReload { followed = try await everything(of: store) }
            for row in changes.rows { followed[row.id] = row }
            for id in changes.removed { followed[id] = nil }
            (position, hasMore) = (changes.position, changes.hasMore)
        }
        #expect(try await followed == everything(of: store))
    }

    private func everything(of store: StoreFixture.Store) async throws -> [IDHash: SessionRow] {
        let rows = try await store.rows(after: nil, limit: 10_000).rows
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.id, $0) })
    }

    mutating func compareAll() async throws {
        for id in ids {
            let ours = try await other.load(id, at: now)
            let theirs = try await model.load(id, at: now)
            #expect(ours?.standing == theirs?.standing)
            #expect(ours?.session.deadlines == theirs?.session.deadlines)
            #expect(ours?.session.version == theirs?.session.version)
            #expect(ours?.session.epoch == theirs?.session.epoch)
            #expect(ours?.session.revocation == theirs?.session.revocation)
        }
        #expect(try await store.feed(after: .start, limit: .max) == model.feed(after: .start, limit: .max))
        #expect(try await store.statistics(at: now) == model.statistics(at: now))
        let (ours, theirs) = (try await store.cutoffs().cutoffs, try await model.cutoffs().cutoffs)
        #expect(forgetsCutoffs ? ours == theirs : Set(ours).isSuperset(of: theirs))
        #expect(try await store.audit(after: 0, limit: .max) == model.audit(after: 0, limit: .max))
        try await follow()
    }
}
