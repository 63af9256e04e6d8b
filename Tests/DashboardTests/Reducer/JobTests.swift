import Screen
import SessionTesting
import Sessions
import Testing

@testable import Dashboard

@Suite("Changes, stage by stage")
struct JobTests {
    private func revoking(_ count: Int) -> (desk: Desk, id: JobID, rows: [SessionRow]) {
        let rows = [SessionRow].numbered(0..<count)
        var desk = Desk(rows: .numbered(0..<200))
        for _ in 0..<count { desk.press(" ") }
        desk.open("X")
        if count == 1 {
            desk.press("y")
        } else {
            desk.press("Shift-Tab")
            desk.type("INC-1")
            desk.press("Tab", "Tab", "Tab", "Enter")
        }
        return (desk, desk.state.jobs.jobs.last?.id ?? JobID(0), rows)
    }

    private func receipt(_ rows: [SessionRow], _ outcome: RevokeOutcome = .revoked) -> RevokeReceipt {
        RevokeReceipt(
            outcomes: rows.map { ($0.id, $0.user, outcome) }, position: FeedPosition(9), durable: Desk.origin)
    }

    @Test("Nothing is said to be done before it is heard of")
    func stages() throws {
        var (desk, id, rows) = revoking(3)
        #expect(desk.state.jobs[id]?.stage == .running)
        #expect(desk.state.flash?.text.contains("durable") != true)
        desk.send(.job(id, .progress(done: 2, failed: 0)))
        #expect(desk.state.jobs[id]?.line == "revoking 2/3 · Ctrl-C stops")
        desk.send(.job(id, .durable(receipt(rows))))
        let ended: [IDHash: String?] = Dictionary(rows.map { ($0.id, $0.user) }) { first, _ in first }
        #expect(
            Array(desk.effects.prefix(3)) == [
                .watchEffective(id, FeedPosition(9), durable: Desk.origin),
                .recheck(id, ended, after: .seconds(2)), .recheck(id, ended, after: .seconds(10)),
            ])
        #expect(desk.state.list.table.marks.isEmpty)
        desk.send(.job(id, .applied(nodes: ["web-01", "web-03", "web-04"], waiting: ["web-02"])))
        let line = "3 sessions: durable 3 · effective on 3/4 nodes (waiting for web-02)"
        #expect(desk.state.jobs[id]?.line == line)
        desk.send(.job(id, .effective(after: .milliseconds(610))))
        #expect(desk.state.jobs[id]?.line == "3 sessions: effective everywhere after 0.6 s")
        #expect(desk.state.jobs[id]?.isOver == false)
        desk.send(.job(id, .rechecked(after: .seconds(2), cameBack: [])))
        desk.send(.job(id, .rechecked(after: .seconds(10), cameBack: [])))
        let end = "3 sessions: effective everywhere after 0.6 s · none came back by 10 s"
        #expect(desk.state.jobs[id]?.line == end && desk.state.jobs[id]?.isOver == true)
    }

    @Test("Sessions that ended and that no answer had room to name are counted with the rest")
    func unlisted() {
        var (desk, id, rows) = revoking(3)
        var receipt = receipt(rows)
        receipt.unlisted = 200_000
        desk.send(.job(id, .durable(receipt)))
        #expect(desk.state.jobs[id]?.counts == ["revoked": 200_003] && desk.state.jobs[id]?.done == 200_003)
        #expect(desk.state.jobs[id]?.line == "3 sessions: durable 200,003")
    }

    @Test("What came back is said loudly, and stands in the result")
    func cameBack() {
        var (desk, id, rows) = revoking(3)
        desk.send(.job(id, .durable(receipt(rows))))
        desk.send(.job(id, .rechecked(after: .seconds(2), cameBack: [rows[1].id])))
        #expect(desk.state.flash?.level == .error && desk.state.flash?.text.contains("1 CAME BACK") == true)
        #expect(desk.state.jobs[id]?.lines.map(\.outcome) == [.revoke(.revoked), .cameBack, .revoke(.revoked)])
        desk.press("r", "j")
        #expect(desk.state.navigation.place == .result(id) && desk.state.currentSession == rows[1].id)
    }

    @Test("A session that came back has one outcome, however often a look finds it")
    func cameBackOnce() throws {
        var (desk, id, rows) = revoking(3)
        desk.send(.job(id, .durable(receipt(rows))))
        desk.send(.job(id, .rechecked(after: .seconds(2), cameBack: [rows[1].id])))
        #expect(desk.state.jobs[id]?.counts == ["revoked": 2, "cameBack": 1])
        let job = try #require(desk.state.jobs[id])
        guard case .revoke(let target) = job.kind else {
            Issue.record("it is no revoke")
            return
        }
        let order = Order(actor: "mira@desk", reason: "INC-1", at: desk.state.now.wall)
        #expect(desk.effects == [.recordReturned([rows[1].id], of: target, order)])
        desk.send(.job(id, .rechecked(after: .seconds(10), cameBack: [rows[0].id, rows[1].id])))
        #expect(desk.state.jobs[id]?.counts == ["revoked": 1, "cameBack": 2])
        #expect(desk.effects == [.recordReturned([rows[0].id], of: target, order)])
        #expect(desk.state.jobs[id]?.countsNote == "came back 2, revoked 1")
    }

    @Test("What became of a change is said in words, not in those that programs go by")
    func words() {
        var (desk, id, rows) = revoking(3)
        var mixed = receipt(rows)
        mixed.outcomes[0].outcome = .alreadyRevoked(nil)
        mixed.outcomes[1].outcome = .notFound
        desk.send(.job(id, .durable(mixed)))
        desk.send(.job(id, .rechecked(after: .seconds(2), cameBack: [rows[2].id])))
        desk.press("r")
        let screen = render(desk.state, size: Size(columns: 120, rows: 40)).text
        for word in ["already revoked", "not found", "came back"] { #expect(screen.contains(word), "\(word)") }
        for word in ["alreadyRevoked", "notFound", "cameBack"] { #expect(!screen.contains(word), "\(word)") }
    }

    @Test("What is unpinned is said to be just that: nothing is revoked, effective or back")
    func unpinning() throws {
        var capabilities = Capabilities.all
        capabilities.revokeMeaning = .unpins
        let row = SessionRow.numbered(0)
        var desk = Desk(rows: .numbered(0..<9), capabilities: capabilities)
        desk.open("X")
        desk.press("y")
        let id = try #require(desk.state.jobs.jobs.last).id
        #expect(desk.state.jobs[id]?.line.hasPrefix("unpinning 0/1") == true)
        desk.send(.job(id, .durable(receipt([row]))))
        #expect(!desk.effects.contains { if case .watchEffective = $0 { true } else { false } })
        #expect(desk.state.flash?.text == "s:\(row.id) (user0): unpinned 1")
        desk.send(.job(id, .rechecked(after: .seconds(2), cameBack: [row.id])))
        #expect(desk.state.flash?.text == "s:\(row.id) (user0): bound anew 1" && desk.state.flash?.level == .info)
        desk.press("r")
        let screen = render(desk.state, size: Size(columns: 120, rows: 40)).text.lowercased()
        #expect(screen.contains("unpin s:\(row.id)") && screen.contains("1 bound anew at 2s"))
        for word in ["revok", "effective", "came back", "durable"] { #expect(!screen.contains(word), "\(word)") }
        desk.send(.job(id, .rechecked(after: .seconds(10), cameBack: [])))
        #expect(desk.state.jobs[id]?.isOver == true)
    }

    @Test("Page by page every outcome is seen")
    func pages() {
        var (desk, id, rows) = revoking(25)
        desk.send(.job(id, .durable(receipt(rows))))
        desk.press("r")
        #expect(desk.state.navigation.place == .result(id))
        var seen: Set<IDHash> = []
        for _ in 0..<20 {
            let screen = render(desk.state, size: desk.state.size).text
            seen.formUnion(rows.map(\.id).filter { screen.contains("\($0.handle)") })
            desk.press("PgDn")
        }
        #expect(seen == Set(rows.map(\.id)))
    }

    @Test("Ctrl-C stops the change that runs, and doesn't quit")
    func stop() {
        var (desk, id, _) = revoking(3)
        desk.press("Ctrl-C")
        #expect(desk.effects == [.stop(id)])
        desk.send(.job(id, .stopped))
        #expect(desk.state.jobs[id]?.isOver == true)
    }

    @Test("What had ended before is looked at no second time")
    func alreadyGone() {
        var (desk, id, rows) = revoking(1)
        desk.send(.job(id, .durable(receipt(rows, .notFound))))
        #expect(desk.state.jobs[id]?.counts == ["notFound": 1])
        desk.send(.job(id, .effective(after: .zero)))
        #expect(desk.state.jobs[id]?.isOver == true)
    }

    @Test("Where a node could not be told, it is never said to be effective, and nobody waits for that")
    func unreached() {
        var (desk, id, rows) = revoking(3)
        var partial = receipt(rows)
        partial.unreached = ["web-02"]
        desk.send(.job(id, .durable(partial)))
        #expect(!desk.effects.contains(.watchEffective(id, FeedPosition(9), durable: Desk.origin)))
        #expect(
            desk.state.flash?.level == .error && desk.state.flash?.text.contains("web-02 could not be told") == true)
        for after in [2, 10] { desk.send(.job(id, .rechecked(after: .seconds(after), cameBack: []))) }
        #expect(desk.state.jobs[id]?.isOver == true)
    }

    @Test("What was not revoked, since it had ended under the dialog, is told before that the rest is effective")
    func endedMeanwhile() {
        var (desk, id, rows) = revoking(9)
        var mixed = receipt(rows)
        mixed.outcomes[3].outcome = .expired(at: nil)
        desk.send(.job(id, .durable(mixed)))
        desk.send(.job(id, .applied(nodes: ["web-01"], waiting: ["web-02"])))
        let waiting = "durable, expired 1, revoked 8 · effective on 1/2 nodes (waiting for web-02)"
        #expect(desk.state.jobs[id]?.line == "9 sessions: \(waiting)")
        desk.send(.job(id, .effective(after: .zero)))
        let told = "9 sessions: expired 1, revoked 8 · effective everywhere after 0 s"
        #expect(desk.state.flash?.text == told)
        #expect(render(desk.state, size: Size(columns: 80, rows: 24)).text.contains(told))
        (desk, id, rows) = revoking(1)
        desk.send(.job(id, .durable(receipt(rows, .expired(at: nil)))))
        desk.send(.job(id, .effective(after: .zero)))
        #expect(desk.state.flash?.text == "s:\(rows[0].id) (user0): expired 1 · effective everywhere after 0 s")
    }

    @Test("Sessions that nobody can tell about stand among the outcomes, loudly")
    func failedOutcomes() {
        var (desk, id, rows) = revoking(3)
        desk.send(.job(id, .durable(receipt(rows, .failed(because: "web-02 doesn't answer")))))
        #expect(desk.state.jobs[id]?.counts == ["failed": 3])
        #expect(desk.state.flash?.level == .error && desk.state.flash?.text.hasSuffix("failed 3") == true)
    }

    @Test("A change that fails says why")
    func failure() {
        var (desk, id, _) = revoking(1)
        desk.send(.job(id, .failed("the disk is full")))
        #expect(
            desk.state.flash?.level == .error && desk.state.flash?.text.hasSuffix("failed: the disk is full") == true)
        #expect(desk.state.list.table.marks.count == 1, "what was not done stays marked")
    }

    @Test("A change that fails on the way says what was done, follows it, and keeps the marks of the rest")
    func failureOnTheWay() {
        var (desk, id, rows) = revoking(3)
        desk.send(.job(id, .durable(receipt(Array(rows.prefix(2))))))
        #expect(desk.effects.first == .watchEffective(id, FeedPosition(9), durable: Desk.origin))
        desk.send(.job(id, .failed("the disk is full")))
        let ended = "failed after 2 of 3 sessions: the disk is full"
        #expect(desk.state.jobs[id]?.line == "\(ended) · durable 2")
        #expect(desk.state.jobs[id]?.lines.map(\.id) == rows.prefix(2).map(\.id))
        #expect(desk.state.list.table.marks == [rows[2].id])
        #expect(desk.state.jobs[id]?.isOver == false)
        desk.send(.job(id, .effective(after: .milliseconds(610))))
        #expect(desk.state.jobs[id]?.stage == .failed("the disk is full"))
        #expect(desk.state.jobs[id]?.line == "\(ended) · effective everywhere after 0.6 s")
        #expect(desk.state.flash?.level == .error, "not all was done")
        desk.send(.job(id, .rechecked(after: .seconds(2), cameBack: [rows[0].id])))
        #expect(desk.state.flash?.text.hasSuffix("1 CAME BACK · effective everywhere after 0.6 s") == true)
        #expect(desk.state.jobs[id]?.isOver == false)
        desk.send(.job(id, .rechecked(after: .seconds(10), cameBack: [])))
        #expect(desk.state.jobs[id]?.isOver == true)
    }

    @Test("A change that was stopped on the way stays stopped, and is over when what was done is")
    func stopOnTheWay() {
        var (desk, id, rows) = revoking(3)
        desk.send(.job(id, .durable(receipt([rows[0]], .notFound))))
        desk.send(.job(id, .stopped))
        #expect(desk.state.jobs[id]?.line == "stopped after 1 of 3 sessions · durable, not found 1")
        #expect(desk.state.list.table.marks == Set(rows.dropFirst().map(\.id)))
        #expect(desk.state.jobs[id]?.isOver == false)
        desk.send(.job(id, .uncertain("the nodes can't be asked")))
        #expect(desk.state.jobs[id]?.stage == .stopped && desk.state.jobs[id]?.isOver == true)
    }

    @Test("What was stopped is never told as if all were well, and a narrow screen says how far it came")
    func stoppedPart() {
        var (desk, id, rows) = revoking(3)
        let told = "▲ stopped after 22,000 of 32,805 sessions · effective everywhere after 0.6 s"
        desk.state.jobs[id]?.total = 32_805
        desk.state.jobs[id]?.title = "32,805 sessions"
        var part = receipt(rows)
        part.unlisted = 21_997
        desk.send(.job(id, .durable(part)))
        desk.send(.job(id, .stopped))
        desk.send(.job(id, .effective(after: .milliseconds(610))))
        #expect(desk.state.flash?.level == .warning)
        #expect(render(desk.state, size: desk.state.size).text.contains(told))
    }

    @Test("Where nobody can tell whether it is effective, what came back is said all the same")
    func cameBackUncertain() {
        var (desk, id, rows) = revoking(3)
        desk.send(.job(id, .durable(receipt(rows))))
        desk.send(.job(id, .uncertain("nodes publish nothing")))
        desk.send(.job(id, .rechecked(after: .seconds(2), cameBack: [rows[1].id])))
        #expect(desk.state.flash?.level == .error && desk.state.flash?.text.contains("1 CAME BACK") == true)
    }

    @Test("That a session came back stays in the line, whatever is heard next, until nothing is told of the revoke")
    func cameBackStays() {
        var (desk, id, rows) = revoking(1)
        func isSaid() -> Bool { render(desk.state, size: Size(columns: 80, rows: 24)).text.contains("1 CAME BACK") }
        desk.send(.job(id, .durable(receipt(rows))))
        desk.send(.job(id, .rechecked(after: .seconds(2), cameBack: [rows[0].id])))
        #expect(isSaid())
        desk.send(.job(id, .uncertain("nodes publish nothing")))
        #expect(isSaid())
        desk.wait(Flash.stay)
        #expect(desk.state.flash == nil && isSaid())
        desk.send(.job(id, .recheckFailed(after: .seconds(10), "the store doesn't answer")))
        #expect(desk.state.flash?.level == .error && isSaid())
    }

    @Test("A revoke that is effective after a session came back is not told as if all were well")
    func effectiveAfterComeback() {
        var (desk, id, rows) = revoking(3)
        desk.send(.job(id, .durable(receipt(rows))))
        desk.send(.job(id, .rechecked(after: .seconds(2), cameBack: [rows[1].id])))
        desk.send(.job(id, .effective(after: .milliseconds(2500))))
        #expect(desk.state.flash?.text == "3 sessions: 1 CAME BACK · effective everywhere after 2.5 s")
        #expect(desk.state.flash?.level == .error)
    }

    @Test("An extend that is stopped on the way has the outcomes of what was done, and keeps the marks of the rest")
    func extendOnTheWay() {
        let rows = [SessionRow].numbered(0..<3)
        var desk = Desk(rows: .numbered(0..<200))
        for _ in rows { desk.press(" ") }
        let (id, deadline) = (JobID(1), NewDeadline.by(.seconds(60)))
        let asked = desk.state.begin(.extend(rows.map(\.id), deadline), title: "3 sessions", total: 3, reason: "x")
        #expect(asked == [.extend(id, rows.map(\.id), deadline, Order(actor: "mira@desk", reason: "x", at: Desk.wall))])
        desk.send(.job(id, .extended([.notFound, .notFound])))
        desk.send(.job(id, .stopped))
        #expect(desk.state.jobs[id]?.line == "stopped after 2 of 3 sessions")
        #expect(desk.state.jobs[id]?.counts == ["notFound": 2])
        #expect(desk.state.list.table.marks == [rows[2].id])
        #expect(desk.state.jobs[id]?.isOver == true)
    }

    @Test("An extend asks for the time, shows what clips it, and goes")
    func extend() throws {
        let rows = [SessionRow].numbered(0..<9)
        var desk = Desk(rows: rows)
        desk.open("E")
        guard case .dialog(.extend(let dialog)) = desk.state.overlay else {
            Issue.record("no dialog")
            return
        }
        let old = Desk.wall + .seconds(3600)
        let line = dialog.frozen.lines[0]
        #expect(dialog.outcome(of: line, at: Desk.wall) == .extended(from: old, to: old + .seconds(1800)))
        desk.press("Ctrl-U")
        desk.type("9000h")
        guard case .dialog(.extend(let far)) = desk.state.overlay else { return }
        let end = Desk.wall + .seconds(100_000)
        #expect(far.outcome(of: far.frozen.lines[0], at: Desk.wall) == .clipped(from: old, to: end))
        desk.press("Enter", "Enter", "y")
        #expect(desk.effects.isEmpty && !desk.isIdle, "an Enter of the same burst is no answer")
        desk.wait(Dialog.deafTime)
        desk.press("Enter")
        let order = Order(actor: "mira@desk", reason: nil, at: desk.state.now.wall)
        #expect(desk.effects == [.extend(JobID(1), [rows[0].id], .by(.seconds(9000 * 3600)), order)])
        desk.send(.job(JobID(1), .extended([.clipped(from: old, to: Desk.wall)])))
        #expect(desk.state.jobs[JobID(1)]?.line == "s:\(rows[0].id) (user0): clipped 1")
    }

    @Test("However long a session lives yet, an extend's dialog and its result tell how long before and after")
    func longDeadlines() {
        var row = SessionRow.numbered(0)
        let old = Desk.wall + .seconds(864_750)
        row.deadlines = Deadlines(idle: old, absolute: nil)
        var desk = Desk(rows: [row])
        desk.open("E")
        #expect(render(desk.state, size: desk.state.size).text.contains(" 10d12m  to 10d42m "))
        let moved = Job.Outcome.extend(.extended(from: old, to: old + .seconds(1800)))
        #expect(OutcomeText(moved, .ends, now: Desk.wall).detail.hasPrefix("30m more: "))
    }

    @Test("The result of an extend says whose the sessions are, also where their rows have gone meanwhile")
    func extendedUsers() {
        var rows = [SessionRow].numbered(0..<3)
        rows[2].user = nil
        var desk = Desk(rows: rows)
        let change = Job.Kind.extend(rows.map(\.id), .by(.seconds(60)))
        _ = desk.state.begin(change, title: "3 sessions", total: 3, reason: "x")
        desk.change([], removed: [rows[0].id])
        desk.send(.job(JobID(1), .extended([.notFound, .notFound, .notFound])))
        #expect(desk.state.jobs[JobID(1)]?.lines.map(\.user) == ["user0", "user1", nil])
    }

    @Test(
        "A deadline that can't be understood, or has passed, extends nothing",
        arguments: ["", "x", "-5m", "0s", "2020-01-01T00:00:00Z", "99999999d"])
    func badDeadline(text: String) {
        var desk = Desk(rows: .numbered(0..<9))
        desk.open("E")
        desk.press("Ctrl-U")
        desk.type(text)
        desk.press("Tab", "Tab", "Tab", "Enter")
        #expect(desk.effects.isEmpty && !desk.isIdle)
    }

    @Test("Finished changes are let go, running ones never")
    func bounded() {
        var desk = Desk(rows: .numbered(0..<9))
        for number in 1...Job.linesAtMost {
            desk.open("X")
            desk.press("y")
            if number.isMultiple(of: 2) { desk.send(.job(JobID(number), .failed("no"))) }
        }
        #expect(desk.state.jobs.jobs.filter(\.isRunning).count == Job.linesAtMost / 2)
        #expect(desk.state.jobs.jobs.count <= Job.linesAtMost / 2 + JobList.limit)
    }
}

extension Job {
    /// More changes than are kept.
    static let linesAtMost = 60
}
