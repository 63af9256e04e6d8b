import Testing

@testable import Sessions

@Suite("The latest cut-off of each scope")
struct LatestCutoffsTests {
    private func cutoff(_ scope: CutoffScope, _ epoch: Int64) -> Cutoff {
        Cutoff(scope: scope, notBefore: Ticks.wall(0), epoch: FeedPosition(epoch))
    }

    private func session(tenant: String? = nil, user: String? = nil, client: String? = nil) -> Session {
        Session(id: anID(1), user: user, tenant: tenant, client: client, created: Ticks.wall(0), lifetime: .office)
    }

    @Test("Of a scope the latest is kept, in whatever order they come, and all are told in the order of epochs")
    func latest() {
        let list = [cutoff(.user("u"), 3), cutoff(.everyone, 5), cutoff(.user("u"), 7), cutoff(.tenant("u"), 1)]
        for order in [list, list.reversed()] {
            #expect(LatestCutoffs(order).all == [list[3], list[1], list[2]])
            #expect(LatestCutoffs(order)[.user("u")] == list[2])
            #expect(LatestCutoffs(order)[.client("u")] == nil)
        }
    }

    @Test("A session is covered by at most one of each kind, however many others were set")
    func covering() {
        let own = [cutoff(.everyone, 1), cutoff(.tenant("t"), 2), cutoff(.user("u"), 3), cutoff(.client("c"), 4)]
        let cutoffs = LatestCutoffs(own + (5..<1000).map { cutoff(.user("u\($0)"), $0) })
        #expect(cutoffs.covering(session(tenant: "t", user: "u", client: "c")) == own)
        #expect(cutoffs.covering(session(tenant: "other", user: "other")) == [own[0]])
        #expect(cutoffs.covering(session()) == [own[0]])
    }

    @Test("Names are compared by bytes")
    func bytes() {
        var cutoffs = LatestCutoffs([cutoff(.user("\u{e9}"), 1)])
        #expect(cutoffs.covering(session(user: "e\u{301}")).isEmpty)
        cutoffs.insert(cutoff(.user("e\u{301}"), 2))
        #expect(cutoffs.all.map(\.epoch) == [FeedPosition(1), FeedPosition(2)])
    }
}
