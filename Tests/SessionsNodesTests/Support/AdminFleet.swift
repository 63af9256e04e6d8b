import SessionTesting
import Sessions
import SessionsHummingbird
import SessionsNodes
import Synchronization

/// Nodes with sessions in their own memory, each with its admin API on a free port of the loopback.
final class AdminFleet: Sendable {
    /// One of them.
    struct Member: Sendable {
        let sticky: StickyNode
        let address: NodeAddress

        var store: MemoryStore { sticky.store }
        var node: ServiceNode { sticky.node }
    }

    let sealer: PayloadSealer
    private let state = Mutex<[String: (member: Member, task: Task<Void, any Error>)]>([:])

    init() throws { sealer = PayloadSealer(keys: try KeyRing(newKey: "k1"), namespace: "test") }

    subscript(name: String) -> Member {
        guard let member = state.withLock({ $0[name]?.member }) else { fatalError("no node \(name) runs") }
        return member
    }

    /// Starts a node, or another process of it on the port that it had.
    @discardableResult
    func start(
        _ name: String, port: Int? = nil, limits: MemoryLimits = MemoryLimits(), time: TimeSource = .system,
        _ configure: (inout AdminConfiguration) -> Void = { _ in }, runs: Bool = true
    ) async throws -> Member {
        let store = MemoryStore(namespace: "test", limits: limits, time: time)
        let sticky = StickyNode(ServiceNode(id: name, store: store, policy: .sticky(), sealer: sealer), store: store)
        var configuration = AdminConfiguration(port: port ?? FreePort.take())
        configure(&configuration)
        let (ready, isReady) = AsyncStream.makeStream(of: Int.self)
        let listener = AdminListener(AdminAPI(sticky), configuration) { isReady.yield($0) }
        let task = Task {
            defer { isReady.finish() }
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await listener.run() }
                if runs { group.addTask { try await sticky.node.run() } }
                group.addTask { await sticky.run(self.transfer) }
                defer { group.cancelAll() }
                try await group.next()
            }
        }
        for await _ in ready { break }
        let isEncrypted = configuration.tls != nil
        let host = isEncrypted ? "localhost" : "127.0.0.1"
        let member = Member(
            sticky: sticky, address: NodeAddress(host: host, port: configuration.port, isEncrypted: isEncrypted))
        state.withLock { $0[name] = (member, task) }
        return member
    }

    /// Ends a node at once, with all that it holds.
    func kill(_ name: String) async {
        let running = state.withLock { $0.removeValue(forKey: name) }
        running?.member.node.abandon()
        running?.task.cancel()
        _ = await running?.task.result
    }

    func stop() async {
        for name in state.withLock({ Array($0.keys) }) { await kill(name) }
    }

    /// Hands over by the peers' admin APIs.
    @Sendable func transfer(_ node: String, _ sessions: HandOver) async throws -> [Adoption] {
        let address = self[node].address
        return try await NodePeers([node: address], NodesConfiguration(addresses: [])).transfer(node, sessions)
    }

    /// All addresses, by the nodes' names in order.
    var addresses: [NodeAddress] {
        state.withLock { $0.sorted { $0.key < $1.key }.map(\.value.member.address) }
    }

    /// Runs a test with nodes, and ends them.
    static func with(
        _ names: [String], time: TimeSource = .system, _ body: (AdminFleet, NodesDirectory) async throws -> Void
    ) async throws {
        let fleet = try AdminFleet()
        do {
            for name in names { try await fleet.start(name, time: time) }
            try await body(fleet, try await NodesDirectory.open(NodesConfiguration(addresses: fleet.addresses)))
        } catch {
            await fleet.stop()
            throw error
        }
        await fleet.stop()
    }
}

extension SessionDirectory {
    /// Every row, in pages.
    func allRows(by limit: Int = 1000) async throws -> [SessionRow] {
        var rows: [SessionRow] = []
        var cursor: RowCursor?
        repeat {
            let page = try await self.rows(after: cursor, limit: limit)
            rows += page.rows
            cursor = page.next
        } while cursor != nil
        return rows
    }
}

/// An order of now.
func anOrder() -> Order { Order(actor: "ops/mira", reason: "INC-1", at: TimeSource.system.wall()) }
