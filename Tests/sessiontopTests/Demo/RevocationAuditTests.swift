import Sessions
import Testing

@testable import sessiontop

@Suite("The audit from outside")
struct RevocationAuditTests {
    private let start = MonotonicInstant.now
    private let wall = Timestamp(milliseconds: 1_700_000_000_000)
    private let id = IDHash(hashing: [1])

    private func moment(_ milliseconds: Int) -> MonotonicInstant { start + .milliseconds(milliseconds) }

    private func use(_ milliseconds: Int, user: String? = "alice", epoch: Int64 = 0) -> RevocationAudit.Use {
        RevocationAudit.Use(id: id, user: user, epoch: FeedPosition(epoch), start: moment(milliseconds))
    }

    /// An audit by a process whose nodes are called `own`, that looks first at a moment.
    private func audit(after position: Int64 = 0, looked: Int = 0) -> RevocationAudit {
        RevocationAudit(
            after: FeedPosition(position), lease: .seconds(2), own: ["own"], at: moment(looked))
    }

    /// An audit that sees an entry, committed at one moment, at another.
    private func audit(seeing event: FeedEntry.Event, position: Int64 = 1) -> RevocationAudit {
        var audit = audit(after: position - 1)
        see(&audit, event, position: position, committed: 0, seen: 20)
        return audit
    }

    private func see(
        _ audit: inout RevocationAudit, _ event: FeedEntry.Event, position: Int64, committed: Int, seen: Int,
        nodes: [NodeReport] = []
    ) {
        let position = FeedPosition(position)
        let entry = FeedEntry(position: position, event: event, at: wall + .milliseconds(committed))
        let page = FeedPage(entries: [entry], end: position, start: .start)
        audit.look(nodes, page, at: moment(seen), wall: wall + .milliseconds(seen))
    }

    private func look(_ audit: inout RevocationAudit, _ nodes: [NodeReport], at milliseconds: Int) {
        let page = FeedPage(entries: [], end: audit.position, start: .start)
        audit.look(nodes, page, at: moment(milliseconds), wall: wall + .milliseconds(milliseconds))
    }

    private func report(
        _ id: String = "other", applied: Int64 = 0, status: NodeReport.Status = .up, lease: Duration = .seconds(2),
        heartbeat: Int = 0
    ) -> NodeReport {
        NodeReport(
            id: id, started: wall, heartbeat: wall + .milliseconds(heartbeat), status: status,
            applied: FeedPosition(applied), lease: lease)
    }

    @Test("A request that starts within the lease may be served, one after it may not")
    func leaseBounds() {
        var audit = audit(seeing: .revoked(id))
        audit.served(use(1900))
        #expect(audit.findings.servedAfterEffective == 0)
        #expect(audit.findings.servedBeforeEffective == 1)
        // Seen 20 ms after the commit; 2 s and 1 % later it must be over.
        audit.served(use(2041))
        #expect(audit.findings.servedAfterEffective == 1)
    }

    @Test("What was served before the revoke, or finished after it, is no fault")
    func earlierRequests() {
        var audit = audit(seeing: .revoked(id))
        audit.served(use(-5000))
        audit.served(use(0))
        #expect(audit.findings.servedAfterEffective == 0)
        #expect(audit.findings.servedBeforeEffective == 0)
    }

    @Test("Once every node has applied it, it is effective at once")
    func appliedByAll() {
        var audit = audit(seeing: .revoked(id))
        look(&audit, [report(applied: 1), report(applied: 0)], at: 100)
        #expect(audit.isWaiting)
        look(&audit, [report(applied: 1), report(applied: 3), report(applied: 0, status: .stopped)], at: 200)
        #expect(!audit.isWaiting)
        audit.served(use(199))
        #expect(audit.findings.servedAfterEffective == 0)
        audit.served(use(201))
        #expect(audit.findings.servedAfterEffective == 1)
    }

    @Test("A node with a longer lease makes everybody wait for it")
    func longestLease() {
        var audit = audit()
        look(&audit, [report(applied: 0, lease: .seconds(10)), report(applied: 0)], at: 0)
        see(&audit, .revoked(id), position: 1, committed: 0, seen: 20)
        audit.served(use(9000))
        #expect(audit.findings.servedAfterEffective == 0)
        audit.served(use(10_200))
        #expect(audit.findings.servedAfterEffective == 1)
    }

    /// Stopped from before the commit at 0 until 5000; then a request is served before the feed is read.
    private func stoppedAudit(nodes: [NodeReport]) -> RevocationAudit {
        var audit = audit(looked: -100)
        audit.served(use(-50))
        audit.served(use(5000))
        #expect(audit.findings.servedAfterEffective == 0)
        see(&audit, .revoked(id), position: 1, committed: 0, seen: 5020, nodes: nodes)
        return audit
    }

    @Test("A process that was stopped judges what it served before it read the feed again")
    func stoppedProcess() {
        var audit = stoppedAudit(nodes: [report(heartbeat: 4500)])
        #expect(audit.findings.servedAfterEffective == 1)
        see(&audit, .revoked(IDHash(hashing: [2])), position: 2, committed: 5030, seen: 5040)
        #expect(audit.findings.servedAfterEffective == 1)
    }

    @Test(
        "Nobody is blamed where the stopped process may itself have held the commit up",
        arguments: [nil, ("own", 4500), ("other", 1000), ("other", 5030)] as [(String, Int)?])
    func heldUpCommit(node: (id: String, heartbeat: Int)?) {
        let nodes = node.map { [report($0.id, heartbeat: $0.heartbeat)] } ?? []
        var audit = stoppedAudit(nodes: nodes)
        #expect(audit.findings.servedAfterEffective == 0)
        audit.served(use(7041))
        #expect(audit.findings.servedAfterEffective == 1)
    }

    @Test("The time that an entry carries decides nothing while the process runs")
    func entriesOfSlowCommits() {
        var audit = audit(looked: 2900)
        // Ordered at 0, but a busy store took it at 2990 only.
        see(&audit, .revoked(id), position: 1, committed: 0, seen: 3000, nodes: [report(heartbeat: 2950)])
        audit.served(use(4900))
        #expect(audit.findings.servedAfterEffective == 0)
    }

    @Test("A cut-off ends what was issued before it, and nothing else")
    func cutoffs() {
        let scope = CutoffScope.user("zoë")
        let cutoff = Cutoff(scope: scope, notBefore: wall, epoch: FeedPosition(5))
        var audit = audit(seeing: .cutoff(cutoff), position: 5)
        audit.served(use(3000, user: "zoë", epoch: 5))
        audit.served(use(3000, user: "alice", epoch: 1))
        audit.served(use(3000, user: nil, epoch: 1))
        // The same name to a reader, other bytes: another user.
        audit.served(use(3000, user: "zoe\u{308}", epoch: 1))
        #expect(audit.findings.servedAfterEffective == 0)
        audit.served(use(3000, user: "zoë", epoch: 4))
        #expect(audit.findings.servedAfterEffective == 1)
    }

    @Test("A cut-off for everyone ends anonymous sessions, too")
    func everyone() {
        let cutoff = Cutoff(scope: .everyone, notBefore: wall, epoch: FeedPosition(2))
        var audit = audit(seeing: .cutoff(cutoff), position: 2)
        audit.served(use(3000, user: nil, epoch: 1))
        audit.served(use(3000, user: "alice", epoch: 1))
        audit.served(use(3000, user: "alice", epoch: 2))
        #expect(audit.findings.servedAfterEffective == 2)
    }

    @Test("A later cut-off doesn't excuse what an earlier one had ended")
    func laterCutoff() {
        func cutoff(_ epoch: Int64) -> FeedEntry.Event {
            .cutoff(Cutoff(scope: .user("alice"), notBefore: wall, epoch: FeedPosition(epoch)))
        }
        var audit = audit(seeing: cutoff(1))
        see(&audit, cutoff(2), position: 2, committed: 2900, seen: 2920)
        audit.served(use(3000, epoch: 0))
        #expect(audit.findings.servedAfterEffective == 1)
        audit.served(use(3000, epoch: 1))
        #expect(audit.findings.servedAfterEffective == 1)
    }

    @Test("Sessions that were served, revoked and then refused are counted once; others, and expired ones, not")
    func refusals() {
        let cutoff = Cutoff(scope: .user("bob"), notBefore: wall, epoch: FeedPosition(2))
        var audit = audit()
        for (number, user) in zip([1, 2, 3] as [UInt8], ["alice", "bob", "carol"]) {
            audit.served(
                RevocationAudit.Use(id: IDHash(hashing: [number]), user: user, epoch: .start, start: moment(-100)))
        }
        see(&audit, .revoked(id), position: 1, committed: 0, seen: 20)
        see(&audit, .cutoff(cutoff), position: 2, committed: 30, seen: 40)
        for number in [1, 1, 2, 3, 9] as [UInt8] { audit.refused(IDHash(hashing: [number])) }
        #expect(audit.findings.sessionsRefused == 2)
    }

    @Test("A refusal that comes before its revoke was read in the feed is counted when it is, once")
    func earlyRefusals() {
        var audit = audit()
        audit.served(RevocationAudit.Use(id: id, user: "alice", epoch: .start, start: moment(-100)))
        audit.refused(id)
        audit.refused(IDHash(hashing: [9]))
        #expect(audit.findings.sessionsRefused == 0)
        see(&audit, .revoked(id), position: 1, committed: 0, seen: 20)
        #expect(audit.findings.sessionsRefused == 1)
        see(&audit, .revoked(IDHash(hashing: [7])), position: 2, committed: 30, seen: 40)
        #expect(audit.findings.sessionsRefused == 1)
    }

    @Test("Reading the same piece of the feed twice changes nothing")
    func idempotent() {
        var audit = audit(seeing: .revoked(id))
        see(&audit, .revoked(id), position: 1, committed: 0, seen: 500)
        #expect(audit.findings.entries == 1)
        audit.served(use(2041))
        #expect(audit.findings.servedAfterEffective == 1)
    }
}
