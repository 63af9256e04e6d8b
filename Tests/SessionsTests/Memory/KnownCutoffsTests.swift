import Testing

@testable import Sessions

@Suite("The cut-offs that lists are judged by")
struct KnownCutoffsTests {
    private func mark(
        _ end: Int64, generation: Int64 = 0, of scope: CutoffScope? = .everyone, at tick: Int = 0
    ) -> KnownCutoffs.Mark {
        let latest = scope.map { Cutoff(scope: $0, notBefore: Ticks.wall(tick), epoch: FeedPosition(end)) }
        return KnownCutoffs.Mark(end: FeedPosition(end), generation: generation, latest: latest)
    }

    @Test("They are read again where another was set, or the store went back in time, and else not")
    func reading() {
        let known = KnownCutoffs()
        var reads = 0
        func cutoffs(_ mark: KnownCutoffs.Mark, _ epoch: Int64) -> Cutoffs {
            known.cutoffs(at: mark) {
                reads += 1
                return [Cutoff(scope: .everyone, notBefore: Ticks.wall(0), epoch: FeedPosition(epoch))]
            }
        }
        #expect(cutoffs(mark(1), 1).latest == FeedPosition(1) && reads == 1)
        #expect(cutoffs(mark(1), 9).latest == FeedPosition(1) && reads == 1)
        #expect(cutoffs(mark(2), 2).latest == FeedPosition(2) && reads == 2)
        #expect(cutoffs(mark(1), 1).latest == FeedPosition(1) && reads == 3)
        #expect(cutoffs(mark(1, generation: 7), 0).latest == .start && reads == 4)
        // The epoch was given to another, and nobody has begun a generation.
        let others = [
            mark(1, of: .user("a")), mark(1, of: .user("b")), mark(1, of: .tenant("b")),
            mark(1, of: .tenant("b"), at: 1), mark(1, of: nil), mark(1, of: .user("\u{e9}")),
            mark(1, of: .user("e\u{301}")),
        ]
        for (number, other) in others.enumerated() {
            #expect(cutoffs(other, 1).latest == FeedPosition(1) && reads == 5 + number)
            #expect(cutoffs(other, 9).latest == FeedPosition(1) && reads == 5 + number)
        }
    }

    @Test("What can't be read isn't known")
    func failure() {
        let known = KnownCutoffs()
        #expect(throws: SessionsError.self) {
            try known.cutoffs(at: mark(1)) { throw SessionsError(.unavailable, "away") }
        }
        #expect(known.cutoffs(at: mark(1)) { [] } == Cutoffs())
    }
}
