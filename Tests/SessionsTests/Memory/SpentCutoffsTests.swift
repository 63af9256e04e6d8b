import Synchronization
import Testing

@testable import Sessions

@Suite("Cut-offs that can end nothing any more")
struct SpentCutoffsTests {
    private func cutoff(_ scope: CutoffScope, _ epoch: Int64, at second: Int = 0) -> Cutoff {
        Cutoff(scope: scope, notBefore: Ticks.wall(0) + .seconds(second), epoch: FeedPosition(epoch))
    }

    @Test("One goes where every session that is left in its scope is of its epoch or later")
    func sessions() {
        let list = [
            cutoff(.user("u"), 1), cutoff(.user("u"), 5), cutoff(.tenant("u"), 2), cutoff(.client("u"), 3),
            cutoff(.everyone, 4), cutoff(.user("v"), 4),
        ]
        var cutoffs = SpentCutoffs(of: list, setBefore: Ticks.wall(0) + .seconds(1), feedStart: FeedPosition(9))
        #expect(!cutoffs.isEmpty && cutoffs.spent == list)
        cutoffs.take(epoch: FeedPosition(4), tenant: "t", user: "u", client: "c", absolute: nil)
        cutoffs.take(epoch: FeedPosition(5), tenant: "u", user: "v", client: nil, absolute: nil)
        #expect(cutoffs.spent == [list[0], list[2], list[3], list[4], list[5]])
        cutoffs.take(epoch: FeedPosition(1), tenant: nil, user: nil, client: "u", absolute: nil)
        #expect(cutoffs.spent == [list[0], list[2], list[5]])
    }

    @Test("One that isn't old enough stays, and so does one that the feed still tells, whatever its time")
    func age() {
        let list = [cutoff(.user("u"), 1, at: 10), cutoff(.user("v"), 2, at: 9), cutoff(.user("w"), 3, at: 0)]
        let moment = Ticks.wall(0) + .seconds(10)
        #expect(SpentCutoffs(of: list, setBefore: moment, feedStart: FeedPosition(2)).spent == [list[1]])
        #expect(SpentCutoffs(of: list, setBefore: moment, feedStart: .start).isEmpty)
    }

    @Test("Names are compared by bytes")
    func bytes() {
        let list = [cutoff(.user("zo\u{e9}"), 5), cutoff(.user("zoe\u{301}"), 6)]
        var cutoffs = SpentCutoffs(of: list, setBefore: Ticks.wall(0) + .seconds(1), feedStart: FeedPosition(9))
        cutoffs.take(epoch: .start, tenant: nil, user: "zoe\u{301}", client: nil, absolute: nil)
        #expect(cutoffs.spent.map(\.epoch) == [FeedPosition(5)])
    }

    @Test("What sessions of before hold isn't looked for until the last of them reaches its absolute deadline")
    func held() {
        let list = [cutoff(.everyone, 4), cutoff(.everyone, 7), cutoff(.user("u"), 5)]
        let (start, held) = (Ticks.wall(10), HeldCutoffs())
        func look(after seconds: Int) -> SpentCutoffs {
            held.look(
                at: list, setBefore: start, feedStart: FeedPosition(9), at: start + .seconds(seconds))
        }
        var first = look(after: 0)
        for seconds in [60, 100, 80] {
            first.take(
                epoch: FeedPosition(3), tenant: nil, user: nil, client: nil, absolute: start + .seconds(seconds))
        }
        // After the first of everyone's: it holds the second one alone.
        first.take(epoch: FeedPosition(4), tenant: nil, user: nil, client: nil, absolute: start + .seconds(900))
        #expect(first.spent == [list[2]])
        held.remember(first, at: start)
        #expect(look(after: 99).spent == [list[2]])
        #expect(look(after: 100).spent == list)
        #expect(look(after: -1).spent == list, "that clock says nothing of what was found later")
    }

    @Test("A session without an absolute deadline holds its cut-offs for a day, and is looked for again then")
    func heldForever() {
        let (start, held) = (Ticks.wall(10), HeldCutoffs())
        func look(after seconds: Int) -> SpentCutoffs {
            held.look(
                at: [cutoff(.user("u"), 5)], setBefore: start, feedStart: FeedPosition(9),
                at: start + .seconds(seconds))
        }
        var first = look(after: 0)
        first.take(epoch: FeedPosition(3), tenant: nil, user: "u", client: nil, absolute: nil)
        held.remember(first, at: start)
        #expect(look(after: 86_399).isEmpty)
        #expect(!look(after: 86_400).isEmpty)
    }

    @Test("The memory of a node keeps the latest of each scope: others may hand sessions over to it")
    func nodes() async throws {
        let store = MemoryStore()
        store.state.withLock { $0.owner = "web-01" }
        let cutoff = try await store.cutOff(.user("u"), by: "x", reason: nil, at: Ticks.wall(0))
        _ = try await store.purge(Retention(), at: Ticks.wall(0) + .seconds(100_000))
        #expect(try await store.cutoffs().cutoffs == [cutoff])
    }
}
