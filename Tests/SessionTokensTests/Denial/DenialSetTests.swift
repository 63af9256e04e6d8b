import SessionTesting
import Testing

@testable import SessionTokens
@testable import Sessions

@Suite("The set of denied keys")
struct DenialSetTests {
    private let start = MonotonicInstant.now

    private func key(_ number: Int) -> IDHash { IDHash(hashing: withUnsafeBytes(of: number) { Array($0) }) }

    @Test("It holds what was put in and is not over, whatever else happens", arguments: 1...8)
    func model(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var set = DenialSet(parts: [1, 2, 256].randomElement(using: &random) ?? 1)
        var model: [Int: Int] = [:]
        var now = 0
        for step in 0..<4000 {
            let number = Int.random(in: 0..<600, using: &random)
            switch Int.random(in: 0..<8, using: &random) {
            case 0...4:
                let until = now + Int.random(in: 1...50, using: &random)
                set.insert(key(number), until: start + .seconds(until))
                model[number] = max(model[number] ?? until, until)
            case 5: now += Int.random(in: 0...3, using: &random)
            default: set.forget(at: start + .seconds(now))
            }
            let asked = Int.random(in: 0..<600, using: &random)
            let expected = model[asked].map { $0 > now } ?? false
            // What is over may be there still: forgetting is done in passing.
            if expected { #expect(set.contains(key(asked)), "step \(step)") }
            if model[asked] == nil { #expect(!set.contains(key(asked)), "step \(step)") }
        }
        for _ in 0..<256 { set.forget(at: start + .seconds(now)) }
        let left = model.filter { $0.value > now }
        #expect(set.count == left.count)
        for (number, until) in model {
            #expect(set.end(of: key(number)) == (until > now ? start + .seconds(until) : nil))
        }
        for _ in 0..<256 { set.forget(at: start + .seconds(now + 100)) }
        #expect(set.count == 0 && set.byteCount == 0)
    }

    @Test("A million denials take 100 MB at most, and what they took is given back when they are over")
    func million() {
        var set = DenialSet(parts: 256)
        let end = start + .seconds(960)
        for number in 0..<1_000_000 { set.insert(key(number), until: end) }
        #expect(set.count == 1_000_000)
        #expect(set.byteCount <= 100_000_000)
        #expect(set.contains(key(999_999)) && !set.contains(key(1_000_000)))
        for _ in 0..<128 { set.forget(at: end) }
        #expect(set.count == 0 && set.byteCount == 0)
    }

    @Test("The first 16 bytes tell keys apart, zeros among them")
    func zeros() throws {
        var set = DenialSet(parts: 1)
        let zeros = try #require(IDHash(digest: Array(repeating: 0, count: 32)))
        #expect(!set.contains(zeros))
        set.insert(zeros, until: start + .seconds(1))
        #expect(set.contains(zeros) && set.count == 1)
        var near = Array(repeating: UInt8(0), count: 32)
        near[0] = 1
        #expect(!set.contains(try #require(IDHash(digest: near))))
    }
}
