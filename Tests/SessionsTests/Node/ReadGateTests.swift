import Testing

@testable import Sessions

@Suite("The bound on concurrent reads")
struct ReadGateTests {
    @Test("Never more than the limit are inside, and everybody gets a turn", arguments: [1, 3])
    func bounded(limit: Int) async throws {
        let gate = ReadGate(limit: limit, waitingLimit: 1000)
        let inside = Shared((now: 0, most: 0, turns: 0))
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<200 {
                group.addTask {
                    try await gate.withTurn {
                        inside.change { $0 = ($0.now + 1, max($0.most, $0.now + 1), $0.turns + 1) }
                        await Task.yield()
                        inside.change { $0.now -= 1 }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(inside.value == (now: 0, most: inside.value.most, turns: 200))
        #expect(inside.value.most <= limit)
    }

    @Test("Who waits first goes first; who is cancelled gives way; who is too many is turned away")
    func fairness() async throws {
        let gate = ReadGate(limit: 1, waitingLimit: 3)
        let order = Shared<[Int]>([])
        let (opened, opener) = AsyncStream.makeStream(of: Void.self)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await gate.withTurn { for await _ in opened { break } } }
            while gate.freeCount > 0 { await Task.yield() }
            var waiters: [Task<Void, any Error>] = []
            for number in 0..<3 {
                waiters.append(Task { try await gate.withTurn { order.change { $0.append(number) } } })
                while gate.waitingCount <= number { await Task.yield() }
            }
            let error = await #expect(throws: SessionsError.self) { try await gate.withTurn {} }
            #expect(error?.code == .busy)
            waiters[1].cancel()
            await #expect(throws: CancellationError.self) { try await waiters[1].value }
            opener.yield()
            try await waiters[0].value
            try await waiters[2].value
            try await group.waitForAll()
        }
        #expect(order.value == [0, 2])
        #expect(gate.waitingCount == 0)
    }

    @Test("An error inside gives the turn back")
    func errors() async throws {
        let gate = ReadGate(limit: 1, waitingLimit: 0)
        for _ in 0..<3 {
            await #expect(throws: SessionsError.self) {
                try await gate.withTurn { throw SessionsError(.unavailable, "no") }
            }
        }
        try await gate.withTurn {}
    }

    /// Each task enters, waits where it has to, and leaves; any other may do a step in between.
    @Test("In whatever order tasks enter, wait and leave, each gets its turn", arguments: [1, 2])
    func everyOrder(limit: Int) {
        var orders = 0
        func go(_ turns: Turns<Int>, _ tasks: [Stage]) {
            #expect(tasks.count { $0 == .inside } + turns.free == limit)
            var isOver = true
            for (task, stage) in tasks.enumerated() {
                var (turns, tasks) = (turns, tasks)
                switch stage {
                case .outside:
                    switch turns.enter() {
                    case .inside: tasks[task] = .inside
                    case .wait(let ticket): tasks[task] = .ticket(ticket)
                    case .full: Issue.record("there is room for all")
                    }
                case .ticket(let ticket): tasks[task] = turns.wait(task, for: ticket) ? .waiting : .inside
                case .inside:
                    tasks[task] = .done
                    if let other = turns.leave() { tasks[other] = .inside }
                case .waiting, .done: continue
                }
                isOver = false
                go(turns, tasks)
            }
            guard isOver else { return }
            orders += 1
            #expect(tasks.allSatisfy { $0 == .done })
        }
        go(Turns(free: limit, waitingLimit: 9), Array(repeating: .outside, count: 4))
        #expect(orders > 1000)
    }

    private enum Stage: Equatable { case outside, ticket(UInt64), waiting, inside, done }
}
