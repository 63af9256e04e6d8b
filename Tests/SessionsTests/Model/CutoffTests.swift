import Testing

@testable import Sessions

@Suite("Cut-offs")
struct CutoffTests {
    static let scopes: [CutoffScope] = [
        .everyone, .tenant("t"), .tenant("other"), .user("u"), .user("other"), .client("c"), .client("other"),
    ]

    func session(tenant: String? = "t", user: String? = "u", client: String? = "c", epoch: Int64) -> Session {
        var session = Session(
            id: anID(1), user: user, tenant: tenant, client: client, created: Ticks.wall(0), lifetime: .office)
        session.epoch = FeedPosition(epoch)
        return session
    }

    func cutoff(_ scope: CutoffScope, _ epoch: Int64) -> Cutoff {
        Cutoff(scope: scope, notBefore: Ticks.wall(0), epoch: FeedPosition(epoch))
    }

    @Test("The latest of all that apply counts, for every pair of scopes and every order", arguments: scopes, scopes)
    func everyPair(a: CutoffScope, b: CutoffScope) {
        for (first, second) in [(3, 6), (6, 3), (4, 4)] as [(Int64, Int64)] {
            let list = [cutoff(a, first), cutoff(b, second)]
            for order in [list, list.reversed()] {
                let cutoffs = Cutoffs(order)
                for tenant in ["t", nil] {
                    for user in ["u", nil] {
                        for client in ["c", nil] {
                            for epoch in 0...8 {
                                let session = session(tenant: tenant, user: user, client: client, epoch: Int64(epoch))
                                let latest = list.filter { $0.scope.covers(session) }.map(\.epoch).max()
                                #expect(cutoffs.refuse(session) == (latest.map { session.epoch < $0 } ?? false))
                            }
                        }
                    }
                }
            }
        }
    }

    @Test("A session of the cut-off's own epoch or later is not refused, one before is")
    func boundary() {
        let cutoffs = Cutoffs([cutoff(.user("u"), 5)])
        #expect(cutoffs.refuse(session(epoch: 4)))
        #expect(!cutoffs.refuse(session(epoch: 5)))
        #expect(session(epoch: 4).standing(at: Ticks.wall(0), cutoffs: cutoffs) == .revoked)
        #expect(session(epoch: 5).standing(at: Ticks.wall(0), cutoffs: cutoffs) == .live)
        #expect(session(epoch: 5).standing(at: Ticks.wall(100_000), cutoffs: cutoffs) == .expired)
        #expect(session(epoch: 4).standing(at: Ticks.wall(100_000), cutoffs: cutoffs) == .revoked)
    }

    @Test("Names are compared by bytes, and kinds don't mix")
    func bytes() {
        let cutoffs = Cutoffs([cutoff(.user("\u{e9}"), 5), cutoff(.tenant("u"), 5)])
        #expect(cutoffs.refuse(session(user: "\u{e9}", epoch: 0)))
        #expect(!cutoffs.refuse(session(user: "e\u{301}", epoch: 0)))
        #expect(!cutoffs.refuse(session(user: "u", epoch: 0)))
        #expect(!CutoffScope.user("\u{e9}").covers(session(user: "e\u{301}", epoch: 0)))
    }

    @Test("A scope reads back from its kind and key", arguments: scopes)
    func roundTrip(scope: CutoffScope) {
        #expect(CutoffScope(kind: scope.kind, key: scope.key) == scope)
        #expect(CutoffScope(kind: scope.kind.uppercased(), key: scope.key) == nil)
    }
}
