#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// SplitMix64: the demo's chance, the same for the same seed.
///
/// Never for ids: those come from the system's generator.
struct SeededGenerator: RandomNumberGenerator {
    private var state: UInt64

    init(seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }

    /// A generator of its own for a part, so that what one part draws doesn't shift what another gets.
    mutating func split() -> SeededGenerator { SeededGenerator(seed: next()) }
}

extension RandomNumberGenerator {
    /// Whether something of this probability happens.
    mutating func chance(_ probability: Double) -> Bool { Double.random(in: 0..<1, using: &self) < probability }

    /// A duration from the exponential distribution: the time to the next event of a memoryless process.
    mutating func exponential(mean: Duration) -> Duration {
        // 1 - u is in (0, 1], so that the logarithm is finite.
        mean * -log(1 - Double.random(in: 0..<1, using: &self))
    }
}
