internal import Sessions
internal import Synchronization
internal import SessionsTransport

/// What is known of a cluster, and the connections to its servers.
final class ClusterMap: Sendable {
    /// Where a command goes.
    struct Target: Hashable, Sendable {
        var address: RedisAddress
        /// Read from a replica.
        var isReplica = false
        /// The slot is being moved there: each command is announced by ASKING.
        var isAsking = false
    }

    private struct LaneKey: Hashable {
        var address: RedisAddress
        var isReplica: Bool
    }

    private struct State {
        var map: SlotMap?
        var lanes: [LaneKey: RedisLane] = [:]
        var refresh: Landing<Result<SlotMap, SessionsError>>?
        /// When somebody last began to read it.
        var lastLook: MonotonicInstant
        var isShut = false
        var turn = 0
    }

    /// A map that nothing was wrong with is read again after this time: replicas come and go without a word.
    private static let life = Duration.seconds(30)

    private let seeds: [RedisAddress]
    private let connector: RedisConnector
    private let time: TimeSource
    private let state: Mutex<State>

    /// Knows nothing yet but some servers' addresses: at least one.
    init(_ seeds: [RedisAddress], _ connector: RedisConnector, time: TimeSource) {
        self.seeds = seeds
        self.connector = connector
        self.time = time
        state = Mutex(State(lastLook: time.monotonic()))
    }

    /// Where a command should go, as far as is known; `nil`: nobody has its slot.
    ///
    /// - Throws: `SessionsError` where nobody tells the map.
    func target(for command: RedisCommand) async throws -> Target? {
        let map = try await current()
        guard let key = command.key else {
            let turn = state.withLock { state in
                state.turn &+= 1
                return state.turn
            }
            let primaries = map.shards.map(\.primary)
            return Target(address: primaries[Int(UInt(bitPattern: turn) % UInt(primaries.count))])
        }
        guard let shard = map.shard(of: KeySlot.of(key)) else { return nil }
        if command.mayAskReplica, let replica = shard.replicas.randomElement() {
            return Target(address: replica, isReplica: true)
        }
        return Target(address: shard.primary)
    }

    /// A number that stands for the primary of a key's slot, as far as is known.
    func part(of key: [UInt8]) -> Int {
        let slot = KeySlot.of(key)
        return state.withLock { $0.map?.shard(of: slot)?.primary.hashValue ?? 0 }
    }

    /// The lane to a server.
    func lane(to target: Target) -> RedisLane {
        let key = LaneKey(address: target.address, isReplica: target.isReplica)
        return state.withLock { state in
            if let lane = state.lanes[key] { return lane }
            let (connector, role) = (connector, target.isReplica ? RedisGreeting.Role.replica : .primary)
            let lane = RedisLane(to: key.address, time: time) { try await connector.connect(to: key.address, as: role) }
            if state.isShut { lane.shutDown() } else { state.lanes[key] = lane }
            return lane
        }
    }

    /// Notes that a slot has moved, and has the whole map read again: where one has moved, others have.
    ///
    /// While slots are being moved every one of them is told of by itself, so the map is read once a second at most.
    func move(_ slot: Int, to address: RedisAddress) {
        state.withLock { $0.map?.move(slot, to: address) }
        refresh(ifOlderThan: .seconds(1))
    }

    /// The map, as it is known.
    ///
    /// - Throws: `SessionsError` where nobody tells it.
    func current() async throws -> SlotMap {
        guard let map = state.withLock({ $0.map }) else { return try await refreshed() }
        refresh(ifOlderThan: Self.life)
        return map
    }

    /// The map, read anew; those who ask at the same time share one look.
    ///
    /// - Throws: `SessionsError` where nobody tells it; `CancellationError`.
    func refreshed() async throws -> SlotMap {
        let now = time.monotonic()
        let (landing, begins) = state.withLock { state in
            if let landing = state.refresh { return (landing, false) }
            let landing = Landing<Result<SlotMap, SessionsError>>()
            state.refresh = landing
            state.lastLook = now
            return (landing, true)
        }
        // A task of its own: whoever began the look may be cancelled while others wait for it.
        if begins { Task { await refresh(landing) } }
        return try await landing.value().get()
    }

    func shutDown() {
        let lanes = state.withLock { state in
            state.isShut = true
            defer { state.lanes = [:] }
            return state.lanes.values
        }
        for lane in lanes { lane.shutDown() }
    }

    /// Has the map read again, beside the commands.
    private func refresh(ifOlderThan age: Duration) {
        let now = time.monotonic()
        guard state.withLock({ $0.lastLook + age <= now && $0.refresh == nil }) else { return }
        Task { try? await refreshed() }
    }

    private func refresh(_ landing: Landing<Result<SlotMap, SessionsError>>) async {
        let result = await look()
        let gone: [RedisLane] = state.withLock { state in
            state.refresh = nil
            guard case .success(let map) = result else { return [] }
            state.map = map
            let named = map.addresses.union(seeds)
            let gone = state.lanes.filter { !named.contains($0.key.address) }
            for key in gone.keys { state.lanes[key] = nil }
            return Array(gone.values)
        }
        for lane in gone { lane.shutDown() }
        landing.land(result)
    }

    /// Asks one server after the other.
    private func look() async -> Result<SlotMap, SessionsError> {
        let known = state.withLock { $0.map?.addresses ?? [] }
        var failure = SessionsError(
            .unavailable, "no server of the cluster says who has which slots: see CLUSTER INFO on each")
        for address in known.shuffled() + seeds.filter({ !known.contains($0) }) {
            do {
                let reply = try await lane(to: Target(address: address)).use { connection in
                    try await connection.send(RedisCommand.words(["CLUSTER", "SLOTS"]))
                }
                if let map = SlotMap(reply, from: address) { return .success(map) }
                if case .error(let error) = reply { failure = Self.failure(error, address) }
            } catch {
                failure = (error as? NotSent)?.reason ?? .reaching(address, error)
            }
        }
        return .failure(failure)
    }

    private static func failure(_ error: RedisError, _ address: RedisAddress) -> SessionsError {
        let isAlone = error.message.contains("cluster support disabled")
        return SessionsError(
            isAlone ? .usage : .unavailable,
            isAlone
                ? "Redis at \(address) is not in a cluster: write redis:// for one server"
                : "Redis at \(address) doesn't say who has which slots: grant +cluster|slots to this user",
            cause: error)
    }
}
