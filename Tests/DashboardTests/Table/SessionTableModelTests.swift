import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Session table against a plain model")
struct SessionTableModelTests {
    private let start = Timestamp(milliseconds: 1_800_000_000_000)

    @Test(
        "After any operations it shows the rows that the model shows, in its order", arguments: 0..<60 as Range<UInt64>)
    func operations(seed: UInt64) throws {
        var random = RandomRows(seed: seed)
        random.idCount = random.random.pick([4, 30, 250])
        var table = SessionTable(now: start)
        var model = TableModel(now: start)
        for step in 0..<120 {
            change(&table, &model, &random)
            let shown = model.shown
            try #require(
                table.ids() == shown.map(\.id), "step \(step), \(table.sort), \(table.filter.map { "\($0)" } ?? "none")"
            )
            #expect(table.heldCount == model.entries.count)
            check(table, shown, &random)
        }
    }

    private func change(_ table: inout SessionTable, _ model: inout TableModel, _ random: inout RandomRows) {
        switch Int.random(in: 0..<10, using: &random.random) {
        case 0:
            let filter = random.filter()
            table.show(filter)
            model.show(filter)
        case 1:
            let sort = random.sort()
            table.sort(by: sort)
            model.sort = sort
        case 2:
            let now = model.now + .seconds(random.random.pick([-5, 1, 29, 60, 61, 300]))
            table.advance(to: now)
            model.apply([], removed: [], at: now)
        default:
            let now = model.now + .milliseconds(random.random.pick([0, 0, 500, 2000]))
            let rows = (0..<Int.random(in: 0...20, using: &random.random)).map { _ in random.row(at: now) }
            let removed = (0..<Int.random(in: 0...4, using: &random.random)).map { _ in random.id() }
            table.apply(rows: rows, removed: removed, at: now)
            model.apply(rows, removed: removed, at: now)
        }
    }

    /// Every way to ask for a row agrees.
    private func check(_ table: SessionTable, _ shown: [SessionRow], _ random: inout RandomRows) {
        #expect(table.count == shown.count && table.isEmpty == shown.isEmpty)
        for (index, row) in shown.enumerated() where index < 3 || random.random.once(in: 10) {
            var row = row
            row.byteCount = row.byteCount.map { min($0, Int(UInt32.max) - 1) }
            #expect(table.row(at: index) == row && table.index(of: row.id) == index && table.id(at: index) == row.id)
            #expect(table.shows(row.id) && table.place(of: row) == index && table.row(of: row.id) == row)
        }
        #expect(table.row(at: shown.count) == nil && table.id(at: -1) == nil)
    }

    @Test("When the cursor's row goes, its place is that of the next in order", arguments: 0..<40 as Range<UInt64>)
    func cursor(seed: UInt64) throws {
        var random = RandomRows(seed: seed)
        random.idCount = 120
        var table = SessionTable(sort: random.sort(), now: start)
        table.apply(rows: (0..<100).map { _ in random.row(at: start) }, at: start)
        while table.count > 1 {
            let index = Int.random(in: 0..<table.count, using: &random.random)
            let row = try #require(table.row(at: index))
            let expected = table.id(at: index + 1) ?? table.id(at: index - 1)
            table.apply(rows: EmptyCollection<SessionRow>(), removed: [row.id], at: start)
            #expect(table.place(of: row).flatMap(table.id(at:)) == expected)
        }
        let last = try #require(table.row(at: 0))
        table.removeAll()
        #expect(table.place(of: last) == nil)
    }

    @Test(
        "While rows are held still no row changes places, and after that the order is right",
        arguments: 0..<30 as Range<UInt64>)
    func heldStill(seed: UInt64) throws {
        var random = RandomRows(seed: seed)
        random.idCount = 90
        let sort = random.sort()
        var table = SessionTable(sort: sort, now: start)
        var model = TableModel(sort: sort, now: start)
        for round in 0..<20 {
            table.holdStill(true)
            for _ in 0..<4 {
                let before = table.ids()
                let now = model.now + .seconds(1)
                let rows = (0..<8).map { _ in random.row(at: now) }
                let removed = [random.id()]
                table.apply(rows: rows, removed: removed, at: now)
                model.apply(rows, removed: removed, at: now)
                let shown = Set(model.shown.map(\.id))
                #expect(Set(table.ids()) == shown, "round \(round)")
                let stayed = Set(before).intersection(shown).subtracting(removed)
                #expect(table.ids().filter(stayed.contains) == before.filter(stayed.contains))
                for (index, id) in table.ids().enumerated() { #expect(table.index(of: id) == index) }
            }
            table.holdStill(false)
            #expect(table.ids() == model.shown.map(\.id) && !table.isOrderStale, "SORT \(sort)")
        }
    }

    @Test("Totals, histogram and users agree with a count over the rows", arguments: 0..<20 as Range<UInt64>)
    func counts(seed: UInt64) {
        var random = RandomRows(seed: seed)
        var table = SessionTable(now: start)
        table.apply(rows: (0..<80).map { _ in random.row(at: start) }, at: start)
        let now = start + .seconds(30)
        table.advance(to: now)
        let live = (0..<table.count).compactMap { table.row(at: $0) }.filter { $0.standing(at: now) == .live }
        let totals = table.totals()
        #expect(totals.live == live.count && totals.users == Set(live.compactMap(\.user)).count)
        #expect(totals.anonymous == live.count { $0.user == nil })
        #expect(totals.withoutExpiry == live.count { $0.deadlines.nearest == nil })
        #expect(totals.expiringIn5Minutes == live.count { $0.end.map { $0 - now <= .seconds(300) } ?? false })
        #expect(table.timeLeftHistogram(bounds: [.seconds(300), .seconds(3600)]).reduce(0, +) == live.count)
        #expect(table.timeLeftHistogram(bounds: [.seconds(300)])[0] == totals.expiringIn5Minutes)
        let groups = Dictionary(grouping: live, by: \.user)
        let users = table.users()
        #expect(users.count == groups.count)
        for user in users {
            let rows = groups[user.name] ?? []
            #expect(user.sessions == rows.count && user.addresses == Set(rows.compactMap(\.ip)).count)
            #expect(user.nodes == Set(rows.compactMap(\.node)).count && user.seen == rows.compactMap(\.seen).max())
            #expect(user.soonestEnd == rows.compactMap(\.end).min() && user.created == rows.compactMap(\.created).min())
        }
    }
}
