import SessionTesting
import Testing

@testable import Sessions

/// A node over a memory store that a test can break, on a clock that a test moves.
struct Bench {
    let time = ManualTime()
    let memory: MemoryStore
    let store: ScriptedStore
    let ring: KeyRing
    /// What stands in L2, behind the script; not every node has it.
    let shared: MemorySharedCache
    let cache: ScriptedCache
    var policy: NodePolicy

    init(policy: NodePolicy = NodePolicy()) throws {
        memory = MemoryStore(time: time.source)
        store = ScriptedStore(memory)
        ring = try KeyRing(newKey: "k1")
        shared = MemorySharedCache(time: time.source)
        cache = ScriptedCache(shared)
        self.policy = policy
    }

    var sealer: PayloadSealer { PayloadSealer(keys: ring, namespace: "test") }

    func node(_ id: String = "web-1") -> ServiceNode {
        ServiceNode(id: id, store: store, policy: policy, sealer: sealer, time: time.source)
    }

    /// A node with the shared cache.
    func sharingNode(_ id: String = "web-1") -> ServiceNode {
        ServiceNode(id: id, store: store, policy: policy, sealer: sealer, cache: cache, time: time.source)
    }

    /// What stands in L2 under a session's key.
    func inCache(_ id: SessionID, generation: UInt64 = 0) async throws -> SharedRead {
        try await shared.read(SharedKey(id: id.hash, generation: generation), leasing: nil)
    }

    /// Runs several nodes while a test goes on.
    func withRunning<Result>(
        _ nodes: [ServiceNode], _ body: () async throws -> Result
    ) async throws -> Result {
        let tasks = nodes.map { node in Task { try await node.run() } }
        await time.waitForSleepers(2 * nodes.count)
        do {
            let result = try await body()
            for task in tasks { task.cancel() }
            for task in tasks { try await task.value }
            return result
        } catch {
            for task in tasks { task.cancel() }
            throw error
        }
    }

    /// Runs a node while a test goes on: it has polled the feed once when `body` begins.
    func withRunning<Result>(_ node: ServiceNode, _ body: () async throws -> Result) async throws -> Result {
        let task = Task { try await node.run() }
        await time.waitForSleepers(2)
        do {
            let result = try await body()
            task.cancel()
            try await task.value
            return result
        } catch {
            task.cancel()
            throw error
        }
    }

    /// A session as the store has it.
    func stored(_ id: SessionID) async throws -> Session {
        try #require(try await memory.load(id.hash, at: time.now)).session
    }

    /// Lets time pass in steps of the poll's interval, and the node's loops with it.
    func pass(_ duration: Duration, nodes: Int = 1) async {
        var left = duration
        while left > .zero {
            let step = min(left, policy.pollInterval)
            time.advance(by: step)
            await time.waitForSleepers(2 * nodes)
            left -= step
        }
    }
}

extension Answer {
    /// The session, where there is one.
    var served: ServedSession? {
        if case .live(let session) = self { session } else { nil }
    }

    /// The answer in a word.
    var word: String {
        switch self {
        case .live(let session): "live from \(session.tier.rawValue)"
        case .refused(let state): "refused \(state.map(\.rawValue) ?? "unknown")"
        case .suspicious: "suspicious"
        case .unavailable(let error): "unavailable \(error.code)"
        }
    }
}
