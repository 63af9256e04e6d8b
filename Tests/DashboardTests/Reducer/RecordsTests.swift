import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("The audit log, the nodes, the users")
struct RecordsTests {
    private func chain(_ count: Int) -> [AuditEntry] {
        var entries: [AuditEntry] = []
        for number in 1...count {
            entries.append(
                AuditEntry(
                    number: Int64(number), at: Desk.wall, actor: "mira", action: .revoke, target: "user:u\(number)",
                    count: 1, result: "revoked 1", reason: nil, outcomesDigest: [],
                    previous: entries.last?.hash ?? Array(repeating: 0, count: 32)))
        }
        return entries
    }

    @Test("A chain that holds is verified, however it is cut into pages", arguments: [1, 2, 7, 40])
    func verified(page: Int) {
        var desk = Desk()
        let entries = chain(40)
        for start in stride(from: 0, to: 40, by: page) {
            desk.send(.audit(Array(entries[start..<min(start + page, 40)])))
        }
        #expect(desk.state.audit.chain == .verified(through: 40))
        #expect(desk.state.audit.shown.map(\.number) == (1...40).reversed().map { Int64($0) })
    }

    @Test("A changed, a removed and a swapped entry break the chain for good", arguments: 0..<3)
    func broken(how: Int) {
        var entries = chain(9)
        switch how {
        case 0: entries[4].target = "user:somebody else"
        case 1: entries.remove(at: 4)
        default: entries[4].previous = entries[1].hash
        }
        var log = AuditLog()
        log.add(entries)
        #expect(log.chain == .broken(at: how == 1 ? 6 : 5))
        log.add([])
        #expect(log.chain == .broken(at: how == 1 ? 6 : 5))
    }

    @Test("The log is bounded, and still verified from its beginning")
    func bounded() {
        var log = AuditLog()
        log.add(chain(AuditLog.limit + 50))
        #expect(log.entries.count == AuditLog.limit && log.chain == .verified(through: Int64(AuditLog.limit + 50)))
    }

    @Test("The cursor in the log stays on its entry when new ones come")
    func auditCursor() {
        var desk = Desk()
        let entries = chain(30)
        desk.send(.audit(Array(entries[..<20])))
        desk.press("5", "j", "j")
        #expect(desk.state.audit.cursor == 18)
        desk.send(.audit(Array(entries[20...])))
        #expect(desk.state.audit.cursor == 18 && desk.state.audit.cursorPlace == 12)
    }

    @Test("Samples are kept for a quarter of an hour, in order, each once")
    func samples() {
        var fleet = Fleet()
        for second in stride(from: 0, to: 4000, by: 5) {
            let at = Desk.wall + .seconds(second)
            let sample = CounterSample(node: "web-01", started: Desk.wall, at: at, counters: Counters())
            fleet.add([sample, sample], at: at)
        }
        let kept = fleet.samples["web-01"] ?? []
        #expect(kept.first?.at == Desk.wall + .seconds(3995 - 900 - 5) || kept.first?.at == Desk.wall + .seconds(3095))
        #expect(kept.count <= 182 && zip(kept, kept.dropFirst()).allSatisfy { $0.at < $1.at })
        fleet.add([], at: Desk.wall + .seconds(9000))
        #expect(fleet.samples.isEmpty)
    }

    @Test("Page by page every entry of the log is seen, with one of them in detail", arguments: [12, 24, 40, 60])
    func auditPages(rows: Int) {
        let size = Size(columns: 80, rows: rows)
        var desk = Desk(size: size)
        desk.send(.audit(chain(100)))
        desk.press("5")
        var seen: Set<String> = []
        for _ in 0..<30 {
            let words = render(desk.state, size: size).text.split(separator: " ")
            seen.formUnion(words.filter { $0.hasPrefix("user:u") }.map { String($0) })
            desk.press("PgDn")
        }
        #expect(seen == Set((1...100).map { "user:u\($0)" }))
    }

    @Test("The log is exported as it is listed, whole or filtered; where nothing is listed there is nothing to export")
    func auditExport() {
        var desk = Desk()
        desk.press("5", "W")
        #expect(desk.isIdle && desk.state.flash?.text == "export: no entry is listed")
        desk.send(.audit(chain(30)))
        for (filter, count) in [("", 30), ("u3", 2)] {
            desk.press("/")
            desk.type(filter)
            desk.press("Enter")
            desk.open("W")
            let screen = render(desk.state, size: desk.state.size).text
            #expect(screen.contains("\(count) audit entries") && screen.contains("became of each session: jsonl has"))
            desk.press("Enter", "Enter")
            let order = Order(actor: "mira@desk", reason: nil, at: desk.state.now.wall)
            guard case .export(let export, let record) = desk.effects.first else {
                Issue.record("nothing is written")
                return
            }
            #expect(export.content == .entries(desk.state.audit.shown) && desk.state.audit.shown.count == count)
            #expect(export.format == .csv && export.path.hasPrefix("audit-20270115T0800") && record == order)
            #expect(export.content.sessionCount == 0, "no session is told of by itself")
            #expect(export.auditTarget == (filter.isEmpty ? "30 audit entries" : "2 audit entries matching u3"))
        }
    }

    @Test("A count in the log is written as everywhere, a name as it is, and one entry is one")
    func auditCounts() {
        var entry = chain(1)[0]
        (entry.target, entry.count, entry.result) = ("1000 sessions", 1000, "revoked 1000")
        var named = chain(2)[1]
        (named.target, named.previous) = ("user:1000", entry.hash)
        var desk = Desk(size: Size(columns: 120, rows: 40))
        desk.send(.audit([entry]))
        desk.press("5")
        desk.open("W")
        #expect(render(desk.state, size: desk.state.size).text.contains("Write 1 audit entry into"))
        desk.press("Esc")
        desk.send(.audit([named]))
        let screen = render(desk.state, size: desk.state.size).text
        for words in ["1,000 sessions", "revoked 1,000", "user:1000"] { #expect(screen.contains(words), "\(words)") }
    }

    @Test("An entry that is opened takes the room of most of the list, until it is closed")
    func auditEntry() {
        var desk = Desk()
        desk.press("5", "Enter")
        #expect(desk.state.flash?.text == "open: no entry is listed" && !desk.state.audit.isExpanded)
        desk.send(.audit(chain(30)))
        let outcomes = (0..<UInt8(40)).map { AuditOutcome(id: IDHash(hashing: [$0]), word: "revoked") }
        desk.send(.outcomes(30, outcomes))
        // More than six of them there is no room for beside the list.
        let eighth = "\(outcomes[7].id.handle)"
        func isShown() -> Bool { render(desk.state, size: desk.state.size).text.contains(eighth) }
        #expect(!isShown())
        desk.press("Enter")
        #expect(desk.state.visibleRows == 3 && desk.state.navigation.place == .audit && isShown())
        for key in ["Enter", "Esc"] {
            desk.press(key)
            #expect(!isShown() && desk.state.navigation.place == .audit)
            desk.press("Enter")
        }
    }

    @Test("All outcomes of an opened entry are scrolled through, and no more are asked for", arguments: [16, 24, 60])
    func entryPages(rows: Int) {
        let outcomes = (0..<300).map {
            AuditOutcome(id: IDHash(hashing: [UInt8($0 / 256), UInt8($0 % 256)]), word: "alreadyRevoked")
        }
        var desk = Desk(size: Size(columns: 80, rows: rows))
        /// The store answers whatever it is asked.
        func answer() {
            for case .loadOutcomes(let number, let place) in desk.effects {
                let start = place.map { Int($0) } ?? 0
                let page = Array(outcomes[start...].prefix(AuditLog.outcomeLimit))
                let end = start + page.count
                desk.send(.outcomes(number, page, next: end < outcomes.count ? Int64(end) : nil))
                return answer()
            }
        }
        func words() -> Set<Substring> { Set(render(desk.state, size: desk.state.size).text.split(separator: " ")) }
        var entry = chain(1)[0]
        entry.count = outcomes.count
        desk.press("5")
        desk.send(.audit([entry]))
        answer()
        desk.press("Enter")
        answer()
        #expect((50...100).contains(desk.state.audit.outcomes?.first.count ?? 0))
        var seen: Set<Substring> = []
        for _ in 0..<60 {
            seen.formUnion(words())
            desk.press("PgDn")
            answer()
        }
        #expect(outcomes.allSatisfy { seen.contains("\($0.id.handle)") })
        #expect(render(desk.state, size: desk.state.size).text.contains("–300/300"))
        desk.press("g")
        #expect(desk.state.audit.entryTop == 0 && words().contains("when"))
        desk.press("j", "j", "k")
        #expect(desk.state.audit.entryTop == 1 && !words().contains("when"))
        // Whatever comes meanwhile, the entry that is read stays.
        let newer = AuditEntry(
            number: 2, at: Desk.wall, actor: "jan", action: .export, target: "1 session", count: 0, result: "done",
            reason: nil, outcomesDigest: [], previous: entry.hash)
        desk.send(.audit([newer]))
        #expect(desk.state.audit.current?.number == 1 && desk.state.audit.entryTop == 1)
        desk.press("Esc", "g", "j", "Enter")
        #expect(desk.state.audit.current?.number == 1 && desk.state.audit.entryTop == 0)
    }

    @Test("At once at the end of an opened entry, what stands there is asked for page by page")
    func entryEnd() {
        var desk = Desk()
        var entry = chain(1)[0]
        entry.count = 1_000_000
        desk.press("5")
        desk.send(.audit([entry]))
        let page = (0..<50).map { AuditOutcome(id: IDHash(hashing: [UInt8($0)]), word: "revoked") }
        desk.send(.outcomes(1, page, next: 49))
        #expect(desk.effects.isEmpty, "nobody reads them yet")
        desk.press("Enter", "G")
        #expect(desk.effects == [.loadOutcomes(1, after: 49)])
        let more = Array(repeating: page, count: 10).flatMap { $0 }
        var asked = 0
        while let effect = desk.effects.first, case .loadOutcomes(1, let place) = effect, let place {
            asked += 1
            desk.send(.outcomes(1, more, next: place + 500))
        }
        #expect(asked == 20 && desk.state.audit.outcomes?.first.count == 10_050, "no more than are kept")
        #expect(render(desk.state, size: desk.state.size).text.contains("and 990,000 more"))
        desk.press("k")
        #expect(desk.effects.isEmpty)
    }

    @Test("What lies over the list of sessions doesn't scroll it")
    func listStands() {
        var desk = Desk(rows: .numbered(0..<70))
        desk.send(.audit(chain(30)))
        for _ in 0..<15 { desk.press("j") }
        #expect(desk.state.list.top == 0 && desk.state.visibleRows == 16)
        desk.press("5")
        #expect(desk.state.list.top == 0 && desk.state.visibleRows == 10)
    }

    @Test("A filter of users or of the log tells its own matches, and nothing of the sessions' filter")
    func ownFilter() {
        var desk = Desk(rows: .numbered(0..<20))
        desk.send(.audit(chain(30)))
        desk.press("/")
        desk.type("ttl<")
        desk.press("Enter")
        for (tab, hint, typed, matches) in [("2", "a user's name", "r6", 1), ("5", "a reason", "u3", 2)] {
            desk.press(tab, "/")
            #expect(render(desk.state, size: desk.state.size).text.contains(hint))
            desk.type(typed)
            let lines = render(desk.state, size: desk.state.size).text.split(separator: "\n")
            #expect(lines.contains { $0.hasPrefix(" \(matches) match") })
            desk.press("Enter")
        }
    }

    /// A report of a node, and the sample that it took then.
    private func reported(_ node: String, at heartbeat: Timestamp) -> (report: NodeReport, sample: CounterSample) {
        (
            NodeReport(id: node, started: Desk.wall, heartbeat: heartbeat),
            CounterSample(node: node, started: Desk.wall, at: heartbeat, counters: Counters())
        )
    }

    @Test("Samples are asked for since the newest of the live node that is furthest behind, whatever the clocks say")
    func samplesSince() {
        var fleet = Fleet()
        #expect(fleet.samplesSince(at: Desk.wall) == Desk.wall - .seconds(900))
        let fast = reported("fast", at: Desk.wall + .seconds(3600))
        let right = reported("right", at: Desk.wall)
        let silent = reported("silent", at: Desk.wall - .seconds(60))
        (fleet.nodes, fleet.readAt) = ([fast.report, right.report, silent.report], Desk.wall)
        fleet.add([silent.sample, right.sample, fast.sample], at: Desk.wall)
        #expect(fleet.samplesSince(at: Desk.wall + .seconds(2)) == Desk.wall)

        let next = reported("right", at: Desk.wall + .seconds(5))
        fleet.add([right.sample, next.sample, fast.sample], at: Desk.wall + .seconds(5))
        #expect(fleet.samples["right"] == [right.sample, next.sample] && fleet.samples["fast"] == [fast.sample])

        // One that is new may be behind the others, too.
        fleet.nodes.append(reported("new", at: Desk.wall - .seconds(1)).report)
        #expect(fleet.samplesSince(at: Desk.wall + .seconds(5)) == Desk.wall - .seconds(11))
        #expect(fleet.samplesSince(at: Desk.wall + .seconds(5000)) == Desk.wall + .seconds(4100))
    }

    @Test("A poll asks for the samples of every live node, also beside one with a fast clock")
    func fastClock() {
        var desk = Desk()
        let fast = reported("fast", at: Desk.wall + .seconds(3600))
        let right = reported("right", at: Desk.wall)
        desk.send(.nodes([fast.report, right.report]))
        desk.send(.samples([right.sample, fast.sample]))
        desk.wait(.seconds(2))
        let asked = desk.effects.compactMap { if case .poll(let poll) = $0 { poll.samplesSince } else { nil } }
        #expect(asked == [Desk.wall])
    }

    @Test("Users are counted, sorted, filtered, and the cursor stays on its user")
    func users() {
        var desk = Desk(rows: .numbered(0..<20))
        desk.press("2")
        #expect(desk.state.users.shown.map(\.sessions) == [3, 3, 3, 3, 3, 3, 2])
        desk.press("j", "j")
        #expect(desk.state.users.cursor == UserKey("user2"))
        desk.change([.numbered(1000, user: "user6"), .numbered(1001, user: "user6"), .numbered(1002, user: "user6")])
        #expect(desk.state.users.shown.first?.name == "user6" && desk.state.users.cursor == UserKey("user2"))
        desk.press("/")
        desk.type("R6")
        desk.press("Enter")
        #expect(desk.state.users.shown.map(\.name) == ["user6"] && desk.state.users.total == 7)
        desk.press("Enter")
        #expect(desk.state.navigation.place == .sessions(.user("user6")) && desk.state.list.count == 5)
    }

    @Test("Anonymous visitors are listed, and are no user in the heading")
    func anonymousVisitors() {
        var nobody = SessionRow.numbered(3)
        nobody.user = nil
        var desk = Desk(rows: [.numbered(1, user: "ann"), .numbered(2, user: "bob"), nobody])
        desk.press("2")
        func heading() -> String { render(desk.state, size: desk.state.size).text }
        #expect(desk.state.users.shown.count == 3 && heading().contains("Users 2 and anonymous"))
        desk.press("/")
        desk.type("an")
        desk.press("Enter")
        #expect(heading().contains("Users 1 of 2") && !heading().contains("and anonymous"))
    }

    @Test("Where there are many sessions, no key waits until their users are counted")
    func manyUsers() {
        var desk = Desk(rows: .numbered(0..<UserList.fewSessions + 1))
        desk.press("2")
        #expect(desk.state.users.shown.isEmpty && desk.state.nextWake == desk.state.now.monotonic)
        desk.wait(.zero)
        let counted = desk.state.users.shown
        #expect(!counted.isEmpty)
        desk.change(.numbered(20_000..<20_010))
        #expect(desk.state.users.shown == counted)
        desk.wait(UserList.pause)
        #expect(desk.state.users.shown.reduce(0) { $0 + $1.sessions } == UserList.fewSessions + 11)
    }

    @Test("Names that only look equal are different users")
    func canonicalEquivalents() {
        var desk = Desk(rows: [.numbered(1, user: "caf\u{E9}"), .numbered(2, user: "cafe\u{301}")])
        desk.press("2")
        #expect(desk.state.users.total == 2)
        desk.press("Enter")
        #expect(desk.state.list.count == 1)
        desk.open("A")
        #expect(desk.revokeDialog?.frozen.count == 1)
    }

    @Test("From a node to the sessions that it served last")
    func nodes() {
        var desk = Desk(rows: .numbered(0..<30))
        desk.press("4")
        desk.send(
            .nodes(
                ["web-02", "web-01", "web-03"].map {
                    NodeReport(
                        id: $0, started: Desk.wall, heartbeat: Desk.wall, applied: .start, lease: .seconds(2))
                }))
        #expect(desk.state.fleet.nodes.map(\.id) == ["web-01", "web-02", "web-03"])
        desk.press("j", "Enter")
        #expect(desk.state.navigation.place == .sessions(.node("web-02")) && desk.state.list.count == 10)
    }

    @Test("A ring keeps the last few, oldest first")
    func ring() {
        var ring = Ring<Int>(capacity: 3)
        for number in 1...5 { ring.append(number) }
        #expect(ring.values == [3, 4, 5] && ring.last == 5 && ring.count == 3)
    }
}
