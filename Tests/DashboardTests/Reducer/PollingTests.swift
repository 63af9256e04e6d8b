import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Asking the store")
struct PollingTests {
    private func poll(_ effects: [Effect]) -> Poll? {
        effects.lazy.compactMap { if case .poll(let poll) = $0 { poll } else { nil } }.first
    }

    @Test("Rows are read page by page, and changes only after the last of them")
    func loading() {
        var desk = Desk()
        desk.press("Ctrl-R")
        _ = desk.state.beginLoading()
        desk.send(.polled(took: .zero))
        desk.send(.loadingBegan(ChangePosition(7), generation: 2))
        desk.wait(.seconds(2))
        #expect(poll(desk.effects)?.changesAfter == nil)
        let cursor = RowCursor(mark: [1])
        desk.send(.page(RowPage(rows: .numbered(0..<5), next: cursor), generation: 2))
        #expect(desk.effects == [.loadPage(after: cursor, limit: Polling.pageSize, generation: 2)])
        #expect(desk.state.polling.loading == .reading(rows: 5))
        desk.send(.page(RowPage(rows: .numbered(5..<9), next: nil), generation: 2))
        #expect(desk.state.polling.loading == .complete && desk.state.list.count == 9)
        desk.wait(.seconds(2))
        #expect(poll(desk.effects)?.changesAfter == ChangePosition(7))
    }

    @Test("A page or a change of an older reading is dropped")
    func generations() {
        var desk = Desk(rows: .numbered(0..<3))
        _ = desk.state.beginLoading()
        desk.send(.page(RowPage(rows: .numbered(50..<60), next: nil), generation: 1))
        desk.send(.changes(RowChanges(rows: .numbered(60..<70), position: ChangePosition(99)), generation: 1))
        #expect(desk.state.list.count == 3)
    }

    @Test("A new reading drops what it didn't meet")
    func reload() {
        var desk = Desk(rows: .numbered(0..<10))
        desk.send(.changes(RowChanges(rows: [], position: ChangePosition(1), mustReload: true), generation: 1))
        #expect(desk.effects == [.beginLoading(generation: 2)])
        desk.load(.numbered(5..<15))
        #expect(Set(desk.state.list.table.ids()) == Set([SessionRow].numbered(5..<15).map(\.id)))
    }

    @Test("A lost connection freezes nothing: rows stay, polls come later and later, and a good one mends it")
    func lost() {
        var desk = Desk(rows: .numbered(0..<10))
        var waits: [Duration] = []
        for _ in 0..<8 {
            desk.send(.tick(Moment(wall: desk.state.now.wall, monotonic: desk.state.polling.due ?? Desk.origin)))
            #expect(poll(desk.effects) != nil)
            desk.send(.pollFailed("refused"))
            waits.append((desk.state.polling.due ?? Desk.origin) - desk.state.now.monotonic)
        }
        #expect(waits == [2, 4, 8, 16, 30, 30, 30, 30].map { .seconds($0) })
        desk.press("j")
        #expect(desk.state.list.count == 10 && desk.state.list.cursorPlace == 1)
        #expect(desk.state.connection.failures == 8)
        desk.send(.polled(took: .milliseconds(3)))
        #expect(desk.state.connection.health(at: desk.state.now, interval: .seconds(2)) == .good)
    }

    @Test("While a poll runs none other is begun, and it is shown as slow")
    func slow() {
        var desk = Desk(rows: .numbered(0..<3))
        desk.send(.tick(Moment(wall: Desk.wall, monotonic: Desk.origin + .seconds(2))))
        #expect(poll(desk.effects) != nil)
        desk.send(.tick(Moment(wall: Desk.wall, monotonic: Desk.origin + .seconds(4))))
        #expect(desk.effects.isEmpty)
        #expect(desk.state.connection.health(at: desk.state.now, interval: .seconds(2)) == .slow(.seconds(2)))
    }

    @Test("While paused what is shown holds still, and the connection is still watched")
    func paused() {
        var desk = Desk(rows: .numbered(0..<10))
        desk.press("p")
        desk.wait(.seconds(3))
        #expect(poll(desk.effects) == Poll(generation: 1))
        desk.change(.numbered(20..<30))
        #expect(desk.state.list.count == 10)
        desk.press("p")
        desk.wait(.seconds(1))
        #expect(poll(desk.effects)?.changesAfter == ChangePosition(0))
        desk.change(.numbered(20..<30))
        #expect(desk.state.list.count == 20)
    }

    @Test("A store that can't tell what changed is read again")
    func withoutChanges() {
        var capabilities = Capabilities.all
        capabilities.changes = .no(because: "memory only")
        var desk = Desk(rows: .numbered(0..<10), capabilities: capabilities)
        desk.wait(.seconds(9))
        #expect(!desk.effects.contains(.beginLoading(generation: 2)))
        desk.wait(.seconds(2))
        #expect(desk.effects.contains(.beginLoading(generation: 2)))
    }

    @Test("Reading can be stopped, and a part of the rows stays")
    func stop() {
        var desk = Desk()
        _ = desk.state.beginLoading()
        desk.send(.page(RowPage(rows: .numbered(0..<5), next: RowCursor(mark: [])), generation: 2))
        desk.press(":")
        desk.type("stop")
        desk.press("Enter")
        #expect(desk.state.polling.loading == .partial(rows: 5, because: "stopped"))
        desk.wait(.seconds(20))
        #expect(!desk.effects.contains { if case .loadPage = $0 { true } else { false } })
    }

    @Test("What this tool costs is averaged over ten seconds")
    func cost() {
        var desk = Desk()
        desk.send(.asked(Action.Cost(name: "changes", operations: 5, rows: 100, took: .milliseconds(8))))
        #expect(desk.state.cost.operationsPerSecond(at: desk.state.now) == 0.5)
        #expect(desk.state.cost.rowsPerSecond(at: desk.state.now) == 10)
        #expect(desk.state.cost.slowest?.name == "changes")
        desk.wait(.seconds(11))
        #expect(desk.state.cost.operationsPerSecond(at: desk.state.now) == 0)
    }

    @Test("Of a store that counts its traffic, what this tool costs is commands and bytes, as far as it counts them")
    func traffic() {
        var desk = Desk()
        #expect(desk.state.cost.commandsPerSecond(at: desk.state.now) == nil)
        for bytes in [Int64(1000), 3000, nil] {
            let traffic = StoreTraffic(commands: 5, bytes: bytes)
            desk.send(.asked(Action.Cost(name: "changes", rows: 1, took: .milliseconds(8), traffic: traffic)))
        }
        desk.send(.asked(Action.Cost(name: "rows", rows: 1, took: .milliseconds(8))))
        #expect(desk.state.cost.commandsPerSecond(at: desk.state.now) == 1.5)
        #expect(desk.state.cost.bytesPerSecond(at: desk.state.now) == 400)
        desk.wait(.seconds(11))
        #expect(desk.state.cost.bytesPerSecond(at: desk.state.now) == nil)
    }

    /// What was asked for so long after an answer that took so long and brought so much.
    private func glance(after wait: Duration, news: RowChanges, took: Duration) -> Poll? {
        var desk = Desk(rows: .numbered(0..<3))
        desk.wait(.seconds(2))
        desk.send(.asked(Action.Cost(name: Poll.changesName, operations: 1, rows: 1, took: took)))
        desk.send(.changes(news, generation: 1))
        desk.send(.polled(took: took))
        desk.send(.tick(Moment(wall: desk.state.now.wall, monotonic: desk.state.now.monotonic + wait)))
        return poll(desk.effects)
    }

    @Test("While rows change, the changes alone are asked for twice a second; a quiet store is left in peace")
    func glances() {
        let some = RowChanges(rows: .numbered(0..<1), position: ChangePosition(5))
        var asked = Poll(generation: 1)
        (asked.statistics, asked.changesAfter) = (false, ChangePosition(5))
        #expect(glance(after: .milliseconds(499), news: some, took: .milliseconds(3)) == nil)
        #expect(glance(after: .milliseconds(500), news: some, took: .milliseconds(3)) == asked)
        let gone = RowChanges(rows: [], removed: [IDHash(hashing: [1])], position: ChangePosition(5))
        #expect(glance(after: .milliseconds(500), news: gone, took: .milliseconds(3)) == asked)
        let none = RowChanges(rows: [], position: ChangePosition(5))
        #expect(glance(after: .milliseconds(1900), news: none, took: .milliseconds(3)) == nil)
    }

    @Test("What there is more of is asked for at once; in twenty parts of the time the store works for it in one")
    func budget() {
        let more = RowChanges(rows: .numbered(0..<1), position: ChangePosition(5), hasMore: true)
        #expect(glance(after: .milliseconds(56), news: more, took: .milliseconds(3)) == nil)
        #expect(glance(after: .milliseconds(57), news: more, took: .milliseconds(3)) != nil)
        let some = RowChanges(rows: .numbered(0..<1), position: ChangePosition(5))
        #expect(glance(after: .milliseconds(1899), news: some, took: .milliseconds(100)) == nil)
        #expect(glance(after: .milliseconds(1900), news: some, took: .milliseconds(100)) != nil)
    }

    @Test("A poll that falls due while the changes are asked for comes right after, and a look is no poll")
    func glanceAndPoll() {
        var desk = Desk(rows: .numbered(0..<3))
        desk.send(.asked(Action.Cost(name: Poll.changesName, operations: 1, rows: 1, took: .milliseconds(1))))
        desk.change(.numbered(0..<1))
        let latency = desk.state.connection.latency
        func at(_ wait: Duration) -> Action {
            .tick(Moment(wall: desk.state.now.wall, monotonic: Desk.origin + wait))
        }
        desk.send(at(.milliseconds(1990)))
        #expect(poll(desk.effects)?.statistics == false)
        desk.send(at(.milliseconds(2010)))
        #expect(desk.effects.isEmpty)
        desk.send(.polled(took: .milliseconds(9)))
        #expect(desk.state.connection.latency == latency)
        desk.send(at(.milliseconds(2060)))
        #expect(poll(desk.effects)?.nodes == true)
    }

    @Test("Something is due within a second, and never in the past")
    func wake() {
        var desk = Desk(rows: .numbered(0..<3))
        for step in 0..<50 {
            desk.wait(.milliseconds(137 * step % 900))
            let left = desk.state.nextWake - desk.state.now.monotonic
            #expect(left >= .zero && left <= .seconds(1))
        }
    }
}
