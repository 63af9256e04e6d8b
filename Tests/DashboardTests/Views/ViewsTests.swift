import Screen
import Sessions
import Testing

@testable import Dashboard

@Suite("What views show")
struct ViewsTests {
    private static let small = Size(columns: 80, rows: 24)

    /// The lines of a screen.
    private static func lines(_ state: State, _ size: Size = small) -> [Substring] {
        render(state, size: size).text.split(separator: "\n", omittingEmptySubsequences: false)
    }

    @Test("What one user's sessions have in common has the words of the list of users")
    func userWords() {
        let size = Size(columns: 120, rows: 40)
        let box = Self.lines(Fixture.state(size).pressing("uj"), size).joined(separator: "\n")
        #expect(box.contains("IPs ") && box.contains("last seen "))
        #expect(!box.contains("addresses") && !box.contains("last used"))
    }

    @Test("While the store is lost the cursor's row is still seen, and all else is dimmed", arguments: ["", " k"])
    func lost(keys: String) {
        var state = Fixture.state(Self.small).pressing("jj", keys)
        _ = state.update(.tick(Fixture.moment(.seconds(41))))
        _ = state.update(.pollFailed("no answer"))
        let grid = render(state, size: Self.small)
        let cursor: Role = keys.isEmpty ? .cursor : .markCursor
        let rows = (0..<Self.small.rows).filter { grid[Position(column: 10, row: $0)]?.style.overlay == cursor }
        #expect(rows == [6])
        #expect(grid[Position(column: 10, row: 5)]?.style.overlay == .stale)
    }

    @Test("While the store is lost its line keeps the age and the next try", arguments: [60, 80, 200])
    func retry(columns: Int) {
        let size = Size(columns: columns, rows: 24)
        var state = Fixture.state(size)
        let why = "10.0.4.7:6379 can't be reached: Connection refused; see that it runs and listens there"
        for second in [41, 42, 44] {
            _ = state.update(.tick(Fixture.moment(.seconds(second))))
            _ = state.update(.pollFailed(why))
        }
        let lines = Self.lines(state, size)
        #expect(lines[22].contains("unreachable 44s, retry in 8s (try 4): "))
        let isWhole = columns == 200
        #expect(lines[22].contains("prod-eu unreachable") == isWhole && lines[22].contains(why) == isWhole)
        #expect(lines[22].contains("10.0.") && lines[22].contains("refused"))
        _ = state.update(.tick(Fixture.moment(.seconds(52))))
        #expect(Self.lines(state, size)[22].contains("unreachable 52s, retrying now (try 4): "))
        _ = state.update(.polled(took: .milliseconds(2)))
        #expect(!Self.lines(state, size)[22].contains("unreachable"))
    }

    @Test(
        "Where the reason has no room its advice goes first, then its middle",
        arguments: [
            (
                120, "Redis at 10.0.4.7:6379 can't be reached: Connection refused; see that it runs and listens there",
                "Redis at 10.0.4.7:6379 can't be reached: Connection refused…"
            ),
            (
                80, "10.0.4.7:6379 can't be reached: Connection refused; see that it runs and listens there",
                "10.0.4.7:6379 can't…Connection refused"
            ),
            (
                80, "10.0.4.7:6379 closed the connection: see that it runs, then try again",
                "10.0.4.7:6379 closed the connection…"
            ),
            (
                120, "/srv/shop.db can't be read or written now: look at the disk and the permissions (disk I/O error)",
                "/srv/shop.db can't be read or written now… (disk I/O error)"
            ),
            (80, "can't be reached: /var/lib/shop is not mounted", "can't be reached: /…hop is not mounted"),
        ] as [(Int, String, String)])
    func advice(columns: Int, why: String, shown: String) {
        let size = Size(columns: columns, rows: 24)
        var state = Fixture.state(size)
        _ = state.update(.tick(Fixture.moment(.seconds(41))))
        _ = state.update(.pollFailed(why))
        #expect(Self.lines(state, size)[22].contains("(try 2): \(shown)"))
    }

    @Test("A message that is cut says where the rest of it is, and there the last stand in full, the newest first")
    func log() throws {
        var state = Fixture.state(Self.small)
        _ = state.update(.message("short enough", .info))
        #expect(!Self.lines(state)[22].contains(":log"))
        let parts = (0..<30).map { "part-\($0)." }
        _ = state.update(.message("not written: \(parts.joined(separator: " ")) \u{1B}[2Jend", .error))
        #expect(Self.lines(state)[22].contains("… :log"))
        let screen = render(state.pressing("L"), size: Self.small).text
        #expect(parts.allSatisfy { screen.contains($0) } && screen.contains("␛[2Jend"))
        #expect(screen.contains("14:03:27Z ✗ not written") && !screen.contains("\u{1B}"))
        let (newer, older) = (screen.firstRange(of: "part-29."), screen.firstRange(of: "✓ short enough"))
        let places = (try #require(newer).lowerBound, try #require(older).lowerBound)
        #expect(places.0 < places.1)
        for number in 0..<120 { _ = state.update(.message("message \(number).", .info)) }
        #expect(state.messages.count == 100)
        state = state.pressing(":log", Key.enter)
        #expect(render(state, size: Self.small).text.contains("message 119."))
        #expect(!render(state, size: Self.small).text.contains("message 20."))
        state = state.pressing("Gjj")
        #expect(render(state, size: Self.small).text.contains("message 20."))
        if case .log = state.pressing("k", Key.escape).overlay { Issue.record("it is still open") }
    }

    @Test("Why the store doesn't answer stands in the log once, however often it is tried")
    func failures() {
        var state = Fixture.state(Self.small)
        for _ in 0..<3 { _ = state.update(.pollFailed("connection refused")) }
        #expect(state.messages.count { $0.text == "connection refused" } == 1)
    }

    @Test("On a low screen no view draws over the lines below it", arguments: ["1", "2", "3", "4", "5", "d", "u"])
    func low(place: String) {
        for rows in 12...24 {
            let size = Size(columns: 80, rows: rows)
            var state = Fixture.state(size).pressing(place)
            state.flash = nil
            let frame = Chrome(Rect(size: size))
            var expected = Grid(size)
            CrumbLine.draw(state, in: frame.crumb, on: &expected)
            let shown = render(state, size: size)
            for row in [frame.crumb.top, frame.flash.top] {
                for column in 0..<size.columns {
                    let position = Position(column: column, row: row)
                    #expect(shown[position] == expected[position], "\(rows) rows, column \(column)")
                }
            }
        }
    }

    @Test("Scrolling the columns leaves those in sight that say which row it is")
    func scrolledColumns() {
        var state = Fixture.state(Self.small)
        for _ in 0..<20 {
            state = state.pressing("l")
            let heading = Self.lines(state)[3]
            #expect(["HANDLE", "USER", "TTL"].allSatisfy { heading.contains($0) })
            #expect(!heading.contains(" IP "))
        }
        #expect(Self.lines(state)[3].contains("AGENT"), "one column of the others is left")
        state = state.pressing(String(repeating: "h", count: state.list.scrollableColumns.count - 1))
        #expect(Self.lines(state)[3].contains(" IP "), "no more is scrolled than there is")
    }

    @Test(
        "Columns that have no room, and those scrolled off, are counted in the border", arguments: [60, 80, 120, 200],
        ["", "l", "lll"])
    func columnsWithoutRoom(columns: Int, keys: String) {
        let size = Size(columns: columns, rows: 24)
        let state = Fixture.state(size).pressing(keys)
        let lines = Self.lines(state, size)
        let heading = lines[3].replacing("│", with: " ")
        let missing = state.list.shownColumns.count {
            $0 != .state && !$0.isFixed && !heading.contains(" \($0.heading) ")
        }
        #expect(columns > 80 || missing > 1)
        #expect(missing >= keys.count)
        #expect(lines[20].contains("column") == (missing > 0))
        #expect(missing < 2 || lines[20].contains(" +\(missing) columns "))
        #expect(!Self.lines(state.pressing("4"), Size(columns: 240, rows: 24)).contains { $0.contains(" columns ") })
    }

    @Test("Columns grow with what comes, and stay when it goes", arguments: ["1", "2"])
    func steadyColumns(place: String) {
        var desk = Desk(rows: .numbered(0..<10))
        desk.press(place)
        let narrow = Self.lines(desk.state)[3]
        desk.change([.numbered(0, user: "a-name-that-is-much-longer")])
        let wide = Self.lines(desk.state)[3]
        #expect(wide != narrow)
        desk.change([.numbered(0)])
        #expect(Self.lines(desk.state)[3] == wide)
    }

    @Test("Stats has a row for requests beside those of all three tiers", arguments: [80, 120, 200])
    func threeTiers(columns: Int) {
        let size = Size(columns: columns, rows: 24)
        var state = Fixture.state(size)
        state.fleet.samples = [:]
        let samples = FixtureNodes.samples.map { sample in
            var sample = sample
            sample.counters[.l2Hit] = sample.counters[.l1Miss]
            return sample
        }
        _ = state.update(.samples(samples))
        let lines = Self.lines(state.pressing("3"), size)
        for row in ["│ L1 ", "│ L2 ", "│ database ", "│ requests ", "< 5m", "never"] {
            #expect(lines.contains { $0.contains(row) }, "\(row)")
        }
    }

    @Test("Where stats don't fit one scrolls, and no figure is cut", arguments: [12, 14, 24])
    func lowStats(rows: Int) {
        let size = Size(columns: 60, rows: rows)
        var state = Fixture.state(size).pressing("3")
        let last = Self.lines(state, size)[rows - 4]
        #expect(last.hasPrefix("└─") && last.hasSuffix(" more ─┘") && last.contains("─ ▼ "))
        var seen: Set<Substring> = []
        for _ in 0..<40 {
            seen.formUnion(Self.lines(state, size)[2...(rows - 4)])
            state = state.pressing("j")
        }
        let end = Self.lines(state, size)[2...(rows - 4)]
        #expect(!end.contains { $0.contains("more") } && end.last?.hasPrefix("└") == true)
        #expect(!seen.contains { $0.contains("…") })
        for words in ["requests", "refused 1.0/s", "without an end", "never", "slowest, web-03", "changes"] {
            #expect(seen.contains { $0.contains(words) }, "\(words)")
        }
        #expect(Self.lines(state.pressing("k"), size) != Self.lines(state, size))
        #expect(Self.lines(state.pressing("g"), size)[2].contains("Hit rate"))
    }

    @Test(
        "Every node's rates can be reached in the stats, and what isn't shown is counted",
        arguments: [(60, 14), (80, 24), (120, 40), (200, 60)])
    func manyNodes(columns: Int, rows: Int) {
        let size = Size(columns: columns, rows: rows)
        func seen(_ count: Int) -> String {
            var state = Fixture.state(size)
            let names = (10..<10 + count).map { "many-\($0)" }
            _ = state.update(
                .nodes(names.map { NodeReport(id: $0, started: Fixture.now, heartbeat: Fixture.now) }))
            state = state.pressing("3")
            // Half a page at a time: what the last row hides is seen with the next.
            return (0..<30).map { _ in
                defer { state = state.pressing(Key.control("d")) }
                return render(state, size: size).text
            }.joined()
        }
        let all = seen(12)
        for number in 10..<22 { #expect(all.contains("many-\(number) "), "\(number)") }
        #expect(!all.contains(" nodes  4 shows all"))
        let most = seen(70)
        #expect(most.contains("+11 nodes  4 shows all") && !most.contains("many-69"))
    }

    @Test("Panels that go on below the screen end within it, each with its border")
    func closedPanels() {
        let size = Size(columns: 80, rows: 14)
        let last = Self.lines(Fixture.state(size).pressing("3"), size)[10]
        #expect(last.hasPrefix("└─") && last.contains("─┘└─") && last.hasSuffix(" more ─┘"))
    }

    @Test("Of an audit log without an entry it is said that there is nothing to verify, once it has been read")
    func emptyLog() {
        var desk = Desk(rows: .numbered(0..<3))
        let unread = Fixture.empty(Self.small).pressing("5")
        #expect(Self.lines(unread)[2].contains("chain not read yet"))
        desk.press("5")
        #expect(Self.lines(desk.state)[2].contains("nothing to verify"))
        desk.send(.audit(FixtureAudit.entries))
        #expect(Self.lines(desk.state)[2].contains("chain verified through 7"))
        var other = unread
        other.store.capabilities.audit = .no(because: "it keeps no log")
        #expect(!Self.lines(other)[2].contains("chain") && !Self.lines(other)[2].contains("verify"))
    }

    @Test("How many are marked is said where marks are seen")
    func marksInSight() {
        let state = Fixture.state(Self.small).pressing("  ")
        #expect(Self.lines(state)[21].contains("2 marked"))
        for place in ["2", "3", "4", "5", "d"] { #expect(!Self.lines(state.pressing(place))[21].contains("marked")) }
    }

    @Test("The header has no hole where the hit rate's history is short", arguments: [120, 200])
    func shortHistory(columns: Int) {
        let size = Size(columns: columns, rows: 24)
        var known: [Int] = []
        for seconds in [10, 450, 900] {
            var state = Fixture.state(size)
            state.fleet.samples = [:]
            _ = state.update(.samples(FixtureNodes.samples.filter { $0.at > Fixture.now - .seconds(seconds) }))
            let line = Self.lines(state, size)[0]
            let bars = line.split(separator: "%", maxSplits: 1).last?.prefix { " ▁▂▃▄▅▆▇█".contains($0) } ?? ""
            #expect(bars.allSatisfy { $0 == " " } || !bars.dropFirst().hasPrefix(" "), "\(line)")
            known.append(bars.count { $0 != " " })
        }
        #expect(known[0] == 0 && known[1] > 3 && known[1] < known[2])
        #expect(known[2] == (columns == 200 ? 24 : 12))
    }

    @Test("Stats leaves out what a store can't have", arguments: [80, 120, 200])
    func withoutCounters(columns: Int) {
        let size = Size(columns: columns, rows: 24)
        let balancer = FixtureServers.state(size).pressing("3")
        var other = Fixture.state(size).pressing("3")
        other.store.capabilities.nodes = .no(because: "connect doesn't tell which nodes use its store")
        for state in [balancer, other] {
            let text = Self.lines(state, size).dropFirst(2).joined(separator: "\n")
            for word in ["L1", "Hit rate", "requests", "refused", "p99"] { #expect(!text.contains(word)) }
            for word in ["Sessions", "Time to live", "Store", "Live sessions"] { #expect(text.contains(word)) }
        }
        #expect(!Self.lines(balancer, size).contains { $0.contains("anonymous") })
        #expect(Self.lines(Fixture.state(size).pressing("3"), size).contains { $0.contains("Hit rate") })
    }

    @Test("The line of keys names Escape only where it does something")
    func wayBack() {
        func hint(_ keys: any Pressed...) -> Bool {
            var state = Fixture.state(Size(columns: 200, rows: 24))
            for key in keys { state = state.pressing(key) }
            return Self.lines(state, Size(columns: 200, rows: 24))[23].contains("Esc back")
        }
        for place in ["1", "2", "3", "4", "5"] { #expect(!hint(place), "\(place)") }
        #expect(hint("u") && hint("v") && hint("d") && hint("1/a", Key.enter) && hint("2/a", Key.enter))
    }

    @Test("The line of keys names a user's sessions only where there is a user, and pages only of a list")
    func idleHints() throws {
        let size = Size(columns: 200, rows: 24)
        func line(_ state: State) -> Substring { Self.lines(state, size)[23] }
        var state = Fixture.state(size)
        let users = try (0..<state.list.count).map { try #require(state.list.table.row(at: $0)).user }
        for place in [users.firstIndex(of: nil), users.firstIndex { $0 != nil }] {
            let row = try #require(place)
            state.list.moveCursor(to: row)
            #expect(line(state).contains("u user") == (state.currentUser?.name != nil))
        }
        for keys in ["3", "4", "5", "u"] { #expect(!line(state.pressing(keys)).contains("u user"), "\(keys)") }
        #expect(!line(state.pressing("X")).contains("more sessions"))
        #expect(line(state.pressing("  X")).contains("PgDn more sessions"))
    }

    @Test("A menu's hint is whole, and every prompt's keys are those that it has")
    func hints() {
        let menu = Self.lines(Fixture.state(Self.small).pressing("C"))
        #expect(menu.contains { $0.contains("Space turns on or off, Esc closes") })
        #expect(menu[23].contains("Space on or off") && !menu[23].contains("Enter"))
        let find = Self.lines(Fixture.state(Self.small).pressing(Key.function(3)))[23]
        #expect(find.contains("Enter keep") && find.contains("Esc as before") && !find.contains("Tab"))
        #expect(Self.lines(Fixture.state(Self.small).pressing("/"))[23].contains("Tab complete"))
        #expect(!Self.lines(Fixture.state(Self.small).pressing("2/"))[23].contains("Tab"))
    }

    @Test("A long reason is whole in the audit log and in what became of a change, or ends with a sign")
    func longReasons() {
        let reason = (1...28).map { "word\($0)" }.joined(separator: " ")
        var state = Fixture.revoking(Self.small)
        let job = state.jobs.jobs[0].id
        state.jobs[job]?.order.reason = reason
        state = state.pressing("r")
        let result = Self.lines(state)
        #expect(result.contains { $0.contains("why       word1 ") })
        #expect(reason.split(separator: " ").allSatisfy { word in result.contains { $0.contains(word) } })
        var entry = FixtureAudit.entries[6]
        entry.reason = reason
        state.audit = AuditLog()
        _ = state.update(.audit([entry]))
        let audit = Self.lines(state.pressing("5"))
        #expect(reason.split(separator: " ").allSatisfy { word in audit.contains { $0.contains(word) } })
        entry.reason = reason + reason
        state.audit = AuditLog()
        _ = state.update(.audit([entry]))
        #expect(Self.lines(state.pressing("5"))[19].hasSuffix("… │"))
    }

    @Test("An audit entry says what became of each session; one question is asked at a time, for the entry in sight")
    func outcomes() throws {
        var state = Fixture.state(Self.small)
        let entries = FixtureAudit.entries
        let (newest, older) = (try #require(entries.last), entries[entries.count - 2])
        #expect(state.update(.key(.character("5"))).contains(.loadOutcomes(newest.number)))
        #expect(state.update(.key(.character("j"))) == [])
        let ids = (1...3).map { IDHash(hashing: [$0]) }
        let asked = state.update(.outcomes(newest.number, [AuditOutcome(id: ids[0], word: "revoked")]))
        #expect(asked == [.loadOutcomes(older.number)])
        #expect(!Self.lines(state).contains { $0.contains("sessions  ") && $0.contains("\(ids[0].handle)") })
        let told = zip(ids, ["revoked", "alreadyRevoked", "notFound"]).map { AuditOutcome(id: $0, word: $1) }
        #expect(state.update(.outcomes(older.number, told)) == [])
        let lines = Self.lines(state)
        #expect(lines.contains { $0.contains("\(ids[0].handle) revoked  \(ids[1].handle) already revoked") })
        #expect(state.update(.tick(Fixture.moment(.seconds(1)))).allSatisfy { $0 != .loadOutcomes(older.number) })
    }

    @Test("Why a session can't be shown is told in full, over what the list knows of it")
    func failedDetail() throws {
        var state = Fixture.state(Self.small).pressing("d")
        let id = try #require(state.inspector.id)
        let why = (1...20).map { "word\($0)" }.joined(separator: " ")
        _ = state.update(.detail(id, .failed(why)))
        let lines = Self.lines(state)
        #expect(why.split(separator: " ").allSatisfy { word in lines.contains { $0.contains(word) } })
        let row = try #require(state.list.table.row(of: id))
        #expect(lines.contains { $0.contains("user") && $0.contains(row.user ?? "anonymous") })
        #expect(lines.contains { $0.contains("address") && $0.contains(row.ip ?? "–") })
    }

    @Test("Help says that there is more than fits, and gets to its end", arguments: [12, 16, 24, 60])
    func help(rows: Int) {
        let size = Size(columns: 80, rows: rows)
        var state = Fixture.state(size).pressing("?")
        let isWhole = rows == 60
        #expect(Self.lines(state, size).contains { $0.contains("▼") && $0.contains("more") } != isWhole)
        var seen: Set<String> = []
        let commands = CommandTable.commands(in: .list)
        for _ in commands {
            let text = render(state, size: size).text
            seen.formUnion(commands.map(\.help).filter { text.contains($0) })
            state = state.pressing(Key.down)
        }
        #expect(seen == Set(commands.map(\.help)))
        #expect(!Self.lines(state, size).contains { $0.contains("▼") }, "this is the end")
    }

    @Test("An age is the reverse of when a session began: the arrow and the words go by what stands in the column")
    func age() {
        let size = Size(columns: 200, rows: 40)
        var state = Fixture.state(size).pressing(":sort created", Key.enter)
        #expect(state.list.table.sort == SessionSort(column: .created, descending: true))
        let lines = Self.lines(state, size)
        #expect(lines[2].contains("by AGE▲") && lines[3].contains("AGE▲"))
        #expect(state.flash?.text == "sorted by AGE")
        state = state.pressing("I")
        #expect(Self.lines(state, size)[3].contains("AGE▼") && state.flash?.text == "sorted by AGE, greatest first")
    }

    @Test("A column has one word, in headings, menus and orders; what a record calls it is understood")
    func headings() {
        let size = Size(columns: 200, rows: 40)
        let heading = Self.lines(Fixture.state(size), size)[3]
        let menu = Self.lines(Fixture.state(size).pressing("C"), size)
        for column in SessionColumn.arranged where column != .pinned {
            #expect(heading.contains(column.rawValue.uppercased()))
            #expect(menu.contains { $0.contains(" \(column.rawValue) ") })
            for name in [column.heading, column.rawValue] {
                let state = Fixture.state(Self.small).pressing(":sort \(name)", Key.enter)
                #expect(state.list.table.sort.column == column, "\(name)")
            }
        }
        for (name, column) in [("created", SessionColumn.created), ("bytes", .size)] {
            #expect(Fixture.state(size).pressing(":sort \(name)", Key.enter).list.table.sort.column == column)
        }
        let sorts: [(String, UserList.Sort)] = [("user", .name), ("LAST SEEN", .seen), ("lastSeen", .seen)]
        for (name, sort) in sorts {
            #expect(Fixture.state(Self.small).pressing("2:sort \(name)", Key.enter).users.sort == sort)
        }
    }

    @Test("What is looked for is seen on every row that has it, also on the cursor's")
    func found() {
        var state = Fixture.state(Self.small)
        func marked(_ state: State) -> [Int] {
            let grid = render(state, size: Self.small)
            return (4..<20).filter { row in
                (0..<80).contains { grid[Position(column: $0, row: row)]?.style.role == .match }
            }
        }
        #expect(marked(state) == [])
        state = state.pressing(Key.function(3), "SVC-", Key.enter)
        let lines = Self.lines(state)
        #expect(marked(state) == (4..<20).filter { lines[$0].contains("svc-") } && !marked(state).isEmpty)
        let row = 4 + state.list.cursorPlace - state.list.top
        #expect(marked(state).contains(row))
        state = state.pressing(Key.function(3), Key.control("u"), Key.enter)
        #expect(marked(state) == [])
    }
}
