internal import Foundation

/// Damages good examples, again and again, and gives them to a decoder of strangers' bytes.
///
/// The same seed damages the same. A test run does a few thousand; `FUZZ_SECONDS=600` goes on for so long, from a seed of
/// its own, and says how far it has come, so that an input that traps can be found again with `FUZZ_SEED`.
public struct Fuzzing: Sendable {
    /// What is fuzzed, for what is said.
    public let name: String
    /// What the damage begins with: at least one.
    public let examples: [[UInt8]]
    /// Pieces that mean something to the decoder.
    public let pieces: [[UInt8]]

    private static let environment = ProcessInfo.processInfo.environment
    private static let seconds = environment["FUZZ_SECONDS"].flatMap(Double.init)
    private static let seed = environment["FUZZ_SEED"].flatMap { UInt64($0) }
    /// So many inputs are made where no time is given.
    private static let inputs: UInt64 = 4000
    /// What grows longer than this is cut.
    private static let longest = 1 << 16

    /// Makes a fuzzer.
    ///
    /// - Parameters:
    ///   - name: what is fuzzed.
    ///   - examples: what the decoder takes.
    ///   - pieces: what means something to it: separators, edges of numbers.
    public init(_ name: String, _ examples: [[UInt8]], pieces: [String] = []) {
        self.name = name
        self.examples = examples
        self.pieces = pieces.map { Array($0.utf8) } + [[0], [0xff], [0x7f], [0x80], [0xff, 0xff, 0xff, 0xff]]
    }

    /// Gives the decoder one input after the other.
    ///
    /// - Parameter body: decodes an input, and checks what came of it; the generator is for its own choices.
    /// - Throws: what `body` throws.
    public func run(_ body: (_ input: [UInt8], _ random: inout SeededGenerator) throws -> Void) rethrows {
        let start = ContinuousClock.now
        let first = Self.seed ?? (Self.seconds == nil ? 1 : .random(in: 0...(1 << 40)))
        var count: UInt64 = 0
        while Self.seconds.map({ ContinuousClock.now - start < .seconds($0) }) ?? (count < Self.inputs) {
            if Self.seconds != nil, count.isMultiple(of: 200_000) { print("fuzz: \(name): seed \(first &+ count)") }
            // Each input has a seed of its own.
            var random = SeededGenerator(seed: first &+ count)
            try body(input(&random), &random)
            count += 1
        }
        if Self.seconds != nil { print("fuzz: \(name): \(count) inputs, nothing found") }
    }

    private func input(_ random: inout SeededGenerator) -> [UInt8] {
        var bytes = random.pick(examples)
        for _ in 0..<Int.random(in: 1...8, using: &random) { damage(&bytes, &random) }
        return Array(bytes.prefix(Self.longest))
    }

    private func damage(_ bytes: inout [UInt8], _ random: inout SeededGenerator) {
        let place = Int.random(in: 0...bytes.count, using: &random)
        let end = min(bytes.count, place + Int.random(in: 1...(random.once(in: 4) ? 64 : 4), using: &random))
        switch Int.random(in: 0..<8, using: &random) {
        case 0 where place < bytes.count: bytes[place] ^= 1 << UInt8.random(in: 0...7, using: &random)
        case 1 where place < bytes.count: bytes[place] = UInt8.random(in: 0...255, using: &random)
        case 2: bytes.removeSubrange(place..<end)
        case 3: bytes.insert(contentsOf: random.pick(pieces), at: place)
        case 4: bytes.insert(contentsOf: bytes[place..<end], at: place)
        case 5: bytes.replaceSubrange(place..<end, with: random.pick(pieces))
        case 6:
            // The rest of another.
            let other = random.pick(examples)
            bytes.replaceSubrange(place..., with: other[Int.random(in: 0...other.count, using: &random)...])
        default: bytes.removeSubrange(place...)
        }
        if bytes.count > Self.longest { bytes.removeSubrange(Self.longest...) }
    }
}

extension SeededGenerator {
    /// Cuts bytes into pieces of chance lengths.
    ///
    /// - Parameter bytes: the bytes.
    /// - Returns: the pieces, in order; none is empty.
    public mutating func pieces(of bytes: [UInt8]) -> [[UInt8]] {
        var (pieces, rest) = ([[UInt8]](), bytes[...])
        while !rest.isEmpty {
            let count = Int.random(in: 1...(once(in: 3) ? 1 : 40), using: &self)
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }
}
