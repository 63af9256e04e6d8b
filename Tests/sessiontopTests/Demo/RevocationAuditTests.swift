import Sessions
import Testing

@testable import sessiontop

@Suite("The audit from outside")
struct RevocationAuditTests {
    private let start = ContinuousClock.now
    private let wall = Timestamp(milliseconds: 1_700_000_000_000)
    private let id = IDHash(hashing: [1])

    private func moment(_ milliseconds: Int) -> ContinuousClock.Instant { start + .milliseconds(milliseconds) }

    private func use(_ milliseconds: Int, user: String? = "alice", epoch: Int64 = 0) -> RevocationAudit.Use {
        RevocationAudit.Use(id: id, user: user, epoch: FeedPosition(epoch), start: moment(milliseconds))
    }

    /// An audit that sees an entry, committed at one moment, at another.
    private func audit(
        seeing event: FeedEntry.Event, position: Int64 = 1, committed: Int = 0, seen: Int = 20
    ) -> RevocationAudit {
        var audit = RevocationAudit(after: FeedPosition(position - 1), lease: .seconds(2))
        see(&audit, event, position: position, committed: committed, seen: seen)
        return audit
    }

    private func see(
        _ audit: inout RevocationAudit, _ event: FeedEntry.Event, position: Int64, committed: Int, seen: Int
    ) {
        let position = FeedPosition(position)
        let entry = FeedEntry(position: position, event: event, at: wall + .milliseconds(committed))
        let page = FeedPage(entries: [entry], end: position, start: .start)
        audit.take(page, at: moment(seen), wall: wall + .milliseconds(seen))
    }

    private func report(applied: Int64, status: NodeReport.Status = .up, lease: Duration = .seconds(2)) -> NodeReport {
        NodeReport(
            id: "web-01", started: wall, heartbeat: wall, status: status, applied: FeedPosition(applied), lease: lease)
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
        audit.take([report(applied: 1), report(applied: 0)], at: moment(100))
        #expect(audit.isWaiting)
        audit.take([report(applied: 1), report(applied: 3), report(applied: 0, status: .stopped)], at: moment(200))
        #expect(!audit.isWaiting)
        audit.served(use(199))
        #expect(audit.findings.servedAfterEffective == 0)
        audit.served(use(201))
        #expect(audit.findings.servedAfterEffective == 1)
    }

    @Test("A node with a longer lease makes everybody wait for it")
    func longestLease() {
        var audit = RevocationAudit(after: .start, lease: .seconds(2))
        audit.take([report(applied: 0, lease: .seconds(10)), report(applied: 0)], at: moment(0))
        see(&audit, .revoked(id), position: 1, committed: 0, seen: 20)
        audit.served(use(9000))
        #expect(audit.findings.servedAfterEffective == 0)
        audit.served(use(10_200))
        #expect(audit.findings.servedAfterEffective == 1)
    }

    @Test("A process that was stopped judges what it served before it read the feed again")
    func stoppedProcess() {
        var audit = RevocationAudit(after: .start, lease: .seconds(2))
        // Stopped from before the commit at 0 until 5000; then a request is served before the feed is read.
        audit.served(use(2000))
        audit.served(use(5000))
        #expect(audit.findings.servedAfterEffective == 0)
        see(&audit, .revoked(id), position: 1, committed: 0, seen: 5020)
        #expect(audit.findings.servedAfterEffective == 1)
        see(&audit, .revoked(IDHash(hashing: [2])), position: 2, committed: 5100, seen: 5120)
        #expect(audit.findings.servedAfterEffective == 1)
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

    @Test("Refusals of revoked sessions are counted, of others not")
    func refusals() {
        var audit = audit(seeing: .revoked(id))
        audit.refused(id)
        audit.refused(IDHash(hashing: [9]))
        #expect(audit.findings.refusedAfterRevoke == 1)
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
