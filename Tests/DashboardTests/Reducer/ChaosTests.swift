import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Anything, in any order")
struct ChaosTests {
    static let keys: [Key] =
        CommandTable.all.flatMap(\.keys)
        + [
            .character("y"), .character("n"), .character("a"), .character("0"), .character("\u{1B}"), .enter, .tab,
            .backTab, .backspace, .paste("prod-eu\n"), .paste("user:alice or\u{0}"), .insert, .alt("x"),
            .mouse(Mouse(.wheelDown, at: .zero)), .mouse(Mouse(.press, at: .zero)), .resize(Size(columns: 0, rows: 0)),
        ]
    static let lines = [
        "q x", "revoke everyone", "revoke user:alice*", "revoke (", "extend 9h", "filter state:*", "sort idle",
        "sort x",
        "user bob", "inspect 0107", "inspect 010101", "interval 0", "interval 5", "theme nord", "theme x", "stop",
        "nosuch",
        "", "find curl", "export /tmp/x.jsonl", "audit",
    ]

    @Test("Nothing traps, and what must always hold holds", arguments: 0..<60 as Range<UInt64>)
    func anything(seed: UInt64) throws {
        var random = RandomRows(seed: seed)
        random.idCount = random.random.pick([3, 60, 200])
        let readOnly = random.random.once(in: 3) ? "so" : nil
        var desk = Desk(
            rows: (0..<50).map { _ in random.row(at: Desk.wall) }, readOnly: readOnly,
            isProtected: random.random.once(in: 3))
        for _ in 0..<300 {
            step(&desk, &random)
            try check(desk)
            let grid = render(desk.state, size: desk.state.size)
            #expect(grid.size == desk.state.size)
        }
    }

    private func check(_ desk: Desk) throws {
        let state = desk.state
        #expect(state.list.cursor == state.list.table.id(at: state.list.cursorPlace))
        #expect(state.list.top >= 0 && state.list.top <= max(0, state.list.count - 1))
        #expect(state.list.hiddenMarkCount == state.list.table.marks.filter { !state.list.table.shows($0) }.count)
        #expect(!state.navigation.stack.isEmpty && state.navigation.stack.count <= Navigation.depthLimit)
        #expect(state.navigation.past.count + state.navigation.future.count <= 2 * Navigation.historyLimit + 1)
        #expect(!state.policy.isReadOnly || !desk.effects.contains(where: \.isChange))
        if state.list.filter.error != nil {
            #expect(state.list.count == 0)
            if state.navigation.place.scope == .list, let target = desk.revoked { #expect(target.isOfOne) }
        }
        for case .revoke(_, _, let order) in desk.effects { #expect(order.actor == "mira@desk") }
    }

    private func step(_ desk: inout Desk, _ random: inout RandomRows) {
        switch Int.random(in: 0..<20, using: &random.random) {
        case 0: desk.wait(random.random.pick([.zero, .milliseconds(300), .seconds(3), .seconds(100), .seconds(-5)]))
        case 1: desk.change((0..<9).map { _ in random.row(at: desk.state.now.wall) }, removed: [random.id()])
        case 2:
            desk.send(
                .resize(
                    Size(columns: random.random.pick([0, 1, 59, 80, 300]), rows: random.random.pick([0, 1, 12, 60]))))
        case 3:
            desk.press("Esc", ":")
            desk.type(random.random.pick(Self.lines))
            desk.press("Enter")
        case 4:
            desk.send(random.random.pick([.pollFailed("no"), .polled(took: .zero), .statistics(StoreStatistics())]))
        case 5: hear(&desk, &random)
        case 6: desk.load((0..<20).map { _ in random.row(at: desk.state.now.wall) })
        case 7: desk.send(.detail(random.id(), random.random.pick([.gone, .failed("no"), .loading])))
        case 8:
            let position = Position(
                column: .random(in: 0..<90, using: &random.random), row: .random(in: 0..<26, using: &random.random))
            desk.send(.key(.mouse(Mouse(random.random.pick([.press, .doublePress]), at: position))))
            #expect(!desk.effects.contains { $0.isChange })
        default: desk.send(.key(random.random.pick(Self.keys)))
        }
    }

    private func hear(_ desk: inout Desk, _ random: inout RandomRows) {
        let id = JobID(Int.random(in: 0...4, using: &random.random))
        let outcomes = (0..<4).map { _ in (id: random.id(), user: String?.none, outcome: RevokeOutcome.revoked) }
        let receipt = RevokeReceipt(outcomes: outcomes, position: .start, durable: Desk.origin)
        let events: [JobEvent] = [
            .durable(receipt), .progress(done: 3, failed: 1), .applied(nodes: ["a"], waiting: ["b"]),
            .effective(after: .seconds(1)), .uncertain("no"), .rechecked(after: .seconds(2), cameBack: [random.id()]),
            .recheckFailed(after: .seconds(10), "no"), .extended([.notFound]), .stopped, .failed("no"),
        ]
        desk.send(.job(id, random.random.pick(events)))
    }
}

extension RevokeTarget {
    /// Whether it is one session.
    var isOfOne: Bool { if case .sessions(let ids) = self { ids.count == 1 } else { false } }
}
