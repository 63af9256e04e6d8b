import SessionTesting
import Synchronization
import Testing

@testable import Sessions

@Suite("Finding nodes that have fallen silent")
struct SilentNodesTests {
    private let time = ManualTime()
    private let memory: MemoryStore

    init() { memory = MemoryStore(time: time.source) }

    private func report(_ id: String = "n", heartbeat: Int = 0, lease: Duration = .seconds(2)) -> NodeReport {
        NodeReport(
            id: id, started: Ticks.wall(0), heartbeat: Ticks.wall(heartbeat), applied: .start, lease: lease)
    }

    private func found(by silent: SilentNodes, kept: Duration = .seconds(3600)) async throws -> [String] {
        try await silent.look(at: memory, Retention(nodes: kept), by: time.source).map(\.id)
    }

    @Test("A node is silent whose report was the same in two looks of one process that are far enough apart")
    func twoLooks() async throws {
        let (mine, others) = (SilentNodes(), SilentNodes())
        for id in ["a", "b"] { try await memory.publish(report(id)) }
        #expect(try await found(by: mine).isEmpty)
        time.advance(by: .seconds(3599))
        #expect(try await found(by: mine).isEmpty)
        time.advance(by: .seconds(1))
        #expect(try await found(by: others).isEmpty, "its first look")
        #expect(try await found(by: mine) == ["a", "b"])
        // Whatever its clock says: another report is a sign of life.
        try await memory.publish(report("a", heartbeat: -9999))
        #expect(try await found(by: mine) == ["b"])
        time.advance(by: .seconds(3599))
        #expect(try await found(by: mine) == ["b"])
        time.advance(by: .seconds(1))
        #expect(try await found(by: mine) == ["a", "b"])
    }

    @Test("No wall clock has a say")
    func wallClock() async throws {
        let silent = SilentNodes()
        try await memory.publish(report())
        for jump in [0, 1_000_000, -2_000_000] {
            time.jump(by: .seconds(jump))
            #expect(try await found(by: silent).isEmpty)
        }
        time.advance(by: .seconds(3600))
        #expect(try await found(by: silent) == ["n"])
    }

    @Test("No node is silent before three heartbeats were missed and a lease that it took up to then has run out")
    func shortest() async throws {
        let silent = SilentNodes()
        try await memory.publish(report("brief", lease: .zero))
        try await memory.publish(report("lasting", lease: .seconds(30)))
        #expect(try await found(by: silent, kept: .zero).isEmpty)
        time.advance(by: .milliseconds(2999))
        #expect(try await found(by: silent, kept: .zero).isEmpty)
        time.advance(by: .milliseconds(1))
        #expect(try await found(by: silent, kept: .zero) == ["brief"])
        // Until 30 s and 1 % after the last poll that it could renew its lease by.
        time.advance(by: .milliseconds(30_299))
        #expect(try await found(by: silent, kept: .zero) == ["brief"])
        time.advance(by: .milliseconds(1))
        #expect(try await found(by: silent, kept: .zero) == ["brief", "lasting"])
    }

    @Test("How long a look takes counts for nothing")
    func slowLooks() async throws {
        let (silent, store, source) = (SilentNodes(), ScriptedStore(memory), time.source)
        try await memory.publish(report())
        for _ in 0..<2 {
            store.pause(.nodes, .after)
            async let found = silent.look(at: store, Retention(), by: source)
            await store.waitUntilHeld(.nodes, .after)
            time.advance(by: .seconds(1800))
            store.resume(.nodes, .after)
            #expect(try await found.isEmpty)
            time.advance(by: .seconds(3599))
        }
        #expect(try await silent.look(at: store, Retention(), by: source) == [report()])
    }

    @Test("A node that reports again while it is being forgotten stays")
    func returning() async throws {
        try await memory.publish(report(heartbeat: 1))
        memory.state.withLock { $0.removeNodes([report()]) }
        #expect(try await memory.nodes() == [report(heartbeat: 1)])
        memory.state.withLock { $0.removeNodes([report(heartbeat: 1)]) }
        #expect(try await memory.nodes().isEmpty)
    }
}
