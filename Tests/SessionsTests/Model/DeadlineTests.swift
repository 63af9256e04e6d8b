import SessionTesting
import Testing

@testable import Sessions

@Suite("Deadlines and lifetimes")
struct DeadlineTests {
    func at(_ second: Int64) -> Timestamp { Timestamp(milliseconds: second * 1000) }

    @Test("A touch never shortens, never passes the absolute deadline", arguments: 0..<10)
    func touch(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for _ in 0..<1000 {
            let absolute = Bool.random(using: &generator) ? at(Int64.random(in: 0..<100, using: &generator)) : nil
            var idle = at(Int64.random(in: 0..<100, using: &generator))
            if let absolute { idle = min(idle, absolute) }
            var deadlines = Deadlines(idle: idle, absolute: absolute)
            let now = at(Int64.random(in: 0..<100, using: &generator))
            let timeout = Duration.seconds(Int.random(in: 1..<50, using: &generator))
            deadlines.touch(at: now, idle: timeout)
            let new = deadlines.idle ?? at(-1)
            #expect(new >= idle)
            #expect(absolute.map { new <= $0 } ?? true)
            #expect(new == idle || new == now + timeout || new == absolute)
            #expect(deadlines.absolute == absolute)
        }
    }

    @Test("A session without an idle limit gets none by being used")
    func touchWithoutIdle() {
        var none = Deadlines(idle: nil, absolute: at(10))
        none.touch(at: at(1), idle: .seconds(5))
        #expect(none == Deadlines(idle: nil, absolute: at(10)))
        var kept = Deadlines(idle: at(3), absolute: at(10))
        kept.touch(at: at(1), idle: nil)
        #expect(kept == Deadlines(idle: at(3), absolute: at(10)))
    }

    @Test("An extend tells what it did, and its word agrees with the deadlines", arguments: 0..<10)
    func extend(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        func maybe(_ moment: Int64) -> Timestamp? { Bool.random(using: &generator) ? at(moment) : nil }
        for _ in 0..<1000 {
            let absolute = maybe(Int64.random(in: 50..<100, using: &generator))
            let idle = maybe(Int64.random(in: 0..<50, using: &generator))
            let before = Deadlines(idle: idle, absolute: absolute)
            var after = before
            let wanted = at(Int64.random(in: 0..<150, using: &generator))
            let outcome = after.extend(to: wanted)
            #expect(after.absolute == absolute)
            switch outcome {
            case .extended(let from, let to):
                #expect(from == idle && to == wanted && after.idle == to && from < to)
            case .clipped(let from, let to):
                #expect(from == idle && to == absolute && after.idle == to && from < to && to < wanted)
            case .unchanged(let deadline):
                #expect(after == before && deadline == idle ?? absolute)
                #expect(idle.map { wanted <= $0 || $0 == absolute } ?? true)
            default: Issue.record("an extend of deadlines has no other outcome")
            }
        }
    }

    @Test("An extend to the absolute deadline exactly isn't clipped; one that stands there already is unchanged")
    func extendToTheEnd() {
        var deadlines = Deadlines(idle: at(5), absolute: at(10))
        #expect(deadlines.extend(to: at(10)) == .extended(from: at(5), to: at(10)))
        #expect(deadlines.extend(to: at(11)) == .unchanged(deadline: at(10)))
        var past = Deadlines(idle: at(12), absolute: at(10))
        #expect(past.extend(to: at(20)) == .unchanged(deadline: at(12)), "a foreign row that lies: never shorter")
    }

    @Test("The nearest deadline ends a session at its very moment; without any it never ends")
    func nearest() {
        let both = Deadlines(idle: at(5), absolute: at(10))
        #expect(both.nearest?.kind == .idle)
        #expect(!both.havePassed(at: Timestamp(milliseconds: 4999)))
        #expect(both.havePassed(at: at(5)))
        #expect(Deadlines(idle: at(10), absolute: at(10)).nearest?.kind == .absolute)
        #expect(Deadlines(idle: nil, absolute: at(10)).nearest?.moment == at(10))
        #expect(Deadlines(idle: at(5), absolute: nil).nearest?.kind == .idle)
        #expect(!Deadlines(idle: nil, absolute: nil).havePassed(at: Timestamp(milliseconds: .max)))
    }

    @Test("A lifetime needs positive durations, and its idle time never exceeds the absolute")
    func lifetimes() throws {
        expect(.invalidLifetime) { try Lifetime(idle: nil, absolute: .zero) }
        expect(.invalidLifetime) { try Lifetime(idle: .zero, absolute: .seconds(1)) }
        expect(.invalidLifetime) { try Lifetime(idle: .seconds(-1), absolute: .seconds(1)) }
        #expect(try Lifetime(idle: .seconds(9), absolute: .seconds(5)).idle == .seconds(5))
        for (name, lifetime) in Lifetime.profiles {
            let deadlines = lifetime.deadlines(from: at(0))
            #expect(deadlines.absolute == at(0) + lifetime.absolute, "\(name)")
            #expect(deadlines.idle == lifetime.idle.map { at(0) + $0 }, "\(name)")
            #expect(lifetime.touchInterval == lifetime.idle.map { $0 / 10 }, "\(name)")
        }
    }
}
