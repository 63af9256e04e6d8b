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

    /// A dashboard that has begun to read all rows for the first time.
    private func beginning() -> Desk {
        var desk = Desk()
        desk.state.polling = Polling()
        desk.effects = desk.state.start()
        desk.send(.polled(took: .zero))
        return desk
    }

    @Test("Rows are read page by page, and changes are asked for from where they stood before the first")
    func loading() {
        var desk = beginning()
        desk.wait(.seconds(2))
        #expect(poll(desk.effects)?.changesAfter == nil)
        desk.send(.loadingBegan(ChangePosition(7), generation: 1))
        desk.wait(.seconds(2))
        #expect(poll(desk.effects)?.changesAfter == ChangePosition(7))
        let cursor = RowCursor(mark: [1])
        desk.send(.page(RowPage(rows: .numbered(0..<5), next: cursor), generation: 1))
        #expect(desk.effects == [.loadPage(after: cursor, limit: Polling.pageSize, generation: 1)])
        #expect(desk.state.polling.loading == .reading(rows: 5))
        desk.send(.page(RowPage(rows: .numbered(5..<9), next: nil), generation: 1))
        #expect(desk.state.polling.loading == .complete && desk.state.list.count == 9)
    }

    @Test("While all rows are read, changes are on the screen at once, and no page takes them back")
    func followingWhileReading() {
        var desk = Desk(rows: .numbered(0..<9))
        let (before, gone) = ([SessionRow].numbered(0..<9), [SessionRow].numbered(2..<3)[0].id)
        _ = desk.state.beginLoading()
        desk.wait(.seconds(2))
        #expect(poll(desk.effects)?.changesAfter == ChangePosition(0))
        let revoked = before[1].ended
        desk.change([revoked] + .numbered(20..<21), removed: [gone])
        #expect(desk.state.list.table.row(of: revoked.id)?.state == revoked.state)
        // The page was read before the change, and comes after it.
        let cursor = RowCursor(mark: [1])
        desk.send(.page(RowPage(rows: before, next: cursor), generation: 2))
        #expect(desk.state.list.table.row(of: revoked.id)?.state == revoked.state)
        #expect(!desk.state.list.table.holds(gone))
        // The next one was asked for after it.
        desk.send(.page(RowPage(rows: [before[1]], next: nil), generation: 2))
        #expect(desk.state.list.table.row(of: revoked.id)?.state == .live)
        #expect(desk.state.list.table.heldCount == 9)
    }

    @Test("The store counts apart from the polls: once, and again when it has rested")
    func counting() {
        func asks(_ desk: Desk) -> Bool { desk.effects.contains(.countSessions) }
        var desk = beginning()
        #expect(desk.state.statistics.isAsked)
        desk.wait(.seconds(2))
        #expect(!asks(desk), "it is counting")
        desk.send(.asked(Action.Cost(name: Poll.statisticsName, rows: 1, took: .seconds(3))))
        desk.send(.statistics(StoreStatistics()))
        desk.wait(.seconds(56))
        #expect(!asks(desk), "it counted for 3 s, and rests for 57")
        desk.wait(.seconds(2))
        #expect(asks(desk))
        desk.send(.statisticsFailed("out of time"))
        #expect(desk.state.flash?.text.contains("out of time") ?? false)
        desk.wait(.seconds(9))
        #expect(!asks(desk))
        desk.wait(.seconds(2))
        #expect(asks(desk))
        desk.load(.numbered(0..<4))
        desk.send(.statistics(StoreStatistics()))
        #expect(desk.state.statistics.latest?.sessions == 4, "as many as are held")
        desk.wait(.seconds(298))
        #expect(!asks(desk))
        desk.wait(.seconds(3))
        #expect(asks(desk))
    }

    @Test("A page of an older reading is dropped")
    func generations() {
        var desk = Desk(rows: .numbered(0..<3))
        _ = desk.state.beginLoading()
        desk.send(.page(RowPage(rows: .numbered(50..<60), next: nil), generation: 1))
        #expect(desk.state.list.count == 3)
    }

    @Test("A new reading drops what it didn't meet")
    func reload() {
        var desk = Desk(rows: .numbered(0..<10))
        desk.send(.changes(RowChanges(rows: [], position: ChangePosition(1), mustReload: true)))
        #expect(desk.effects == [.loadPage(after: nil, limit: Polling.pageSize, generation: 2)])
        #expect(desk.state.polling.position == ChangePosition(1))
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
        var watching = Poll()
        (watching.changesAfter, watching.changeLimit) = (ChangePosition(0), 1)
        #expect(poll(desk.effects) == watching)
        desk.change(.numbered(20..<30))
        #expect(desk.state.list.count == 10)
        desk.press("p")
        desk.wait(.seconds(1))
        #expect(poll(desk.effects)?.changesAfter == ChangePosition(0))
        desk.change(.numbered(20..<30))
        #expect(desk.state.list.count == 20)
    }

    /// A dashboard on a store that can't tell what changed.
    private func withoutFeed() -> Desk {
        var capabilities = Capabilities.all
        capabilities.changes = .no(because: "memory only")
        return Desk(rows: .numbered(0..<10), capabilities: capabilities)
    }

    @Test("Where only readings of all rows tell what changed, the header goes by them, and polls say nothing")
    func recency() {
        var desk = withoutFeed()
        let size = Size(columns: 120, rows: 40)
        func screen(holds text: String) -> Bool { render(desk.state, size: size).text.contains(text) }
        desk.send(.asked(Action.Cost(name: Poll.rowsName, rows: 10, took: .milliseconds(48))))
        desk.wait(.seconds(7))
        #expect(screen(holds: "● ok") && screen(holds: "read 7s ago") && screen(holds: "page 48ms"))
        #expect(!screen(holds: "every") && !screen(holds: "poll "))
        for _ in 0..<16 { desk.wait(.seconds(2)) }
        #expect(screen(holds: "lost, data 39s old"))
        desk.press("X")
        #expect(desk.isIdle && desk.state.flash?.text.contains("the connection is lost") == true)
        desk.send(.loadingFailed("refused", generation: desk.state.polling.generation))
        desk.send(.polled(took: .zero))
        #expect(desk.state.connection.error == "refused" && desk.state.connection.totalFailures == 1)
        desk.load(.numbered(0..<10))
        #expect(desk.state.connection.error == nil && screen(holds: "● ok") && screen(holds: "read 0s ago"))
    }

    @Test("A store that is not read because the operator paused or stopped that is not lost")
    func restingWithoutFeed() {
        var desk = withoutFeed()
        desk.press("p")
        desk.wait(.seconds(60))
        #expect(desk.state.health == .good)
        desk.press("p")
        desk.wait(.zero)
        desk.send(.page(RowPage(rows: [], next: RowCursor(mark: [])), generation: desk.state.polling.generation))
        desk.press(":")
        desk.type("stop")
        desk.press("Enter")
        desk.wait(.seconds(60))
        #expect(desk.state.health == .good)
    }

    @Test("Where only a reading of all rows tells what changed, one begins at once after a change, and for Ctrl-R")
    func readAfterChange() {
        var desk = withoutFeed()
        desk.wait(.seconds(1))
        desk.press("Ctrl-R")
        #expect(desk.effects.contains(.beginLoading(generation: 2)))
        desk.press("Ctrl-R")
        #expect(!desk.effects.contains(.beginLoading(generation: 3)), "one is under way")
        let rows = [SessionRow].numbered(0..<10)
        _ = desk.state.begin(.revoke(.sessions([rows[0].id])), title: "it", total: 1, reason: "x")
        let receipt = RevokeReceipt(
            outcomes: [(rows[0].id, rows[0].user, .revoked)], position: FeedPosition(0), durable: Desk.origin)
        desk.send(.job(JobID(1), .durable(receipt)))
        #expect(desk.effects.contains(.beginLoading(generation: 3)), "the one under way may have passed it")
        desk.send(.page(RowPage(rows: rows, next: nil), generation: 2))
        #expect(desk.state.polling.loading != .complete)
        desk.load(Array(rows.dropFirst()))
        #expect(!desk.state.list.table.holds(rows[0].id))
        _ = desk.state.begin(.extend([rows[1].id], .by(.seconds(60))), title: "it", total: 1, reason: "x")
        desk.send(.job(JobID(2), .extended([.notFound])))
        #expect(desk.effects.contains(.beginLoading(generation: 4)))
        var following = Desk(rows: .numbered(0..<10))
        following.press("Ctrl-R")
        #expect(!following.effects.contains { if case .beginLoading = $0 { true } else { false } })
    }

    @Test("A store that can't tell what changed is read again")
    func withoutChanges() {
        var desk = withoutFeed()
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
        desk.send(.changes(news))
        desk.send(.polled(took: took))
        desk.send(.tick(Moment(wall: desk.state.now.wall, monotonic: desk.state.now.monotonic + wait)))
        return poll(desk.effects)
    }

    @Test("While rows change, the changes alone are asked for twice a second; a quiet store is left in peace")
    func glances() {
        let some = RowChanges(rows: .numbered(0..<1), position: ChangePosition(5))
        var asked = Poll()
        asked.changesAfter = ChangePosition(5)
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
        #expect(poll(desk.effects)?.nodes == false)
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
