#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// Draws an index with the probability of its weight, in constant time: Walker's alias method, arranged as Vose did.
struct AliasTable: Sendable {
    /// Where the first of a column's two outcomes ends, in 0...1.
    private var thresholds: [Double]
    private var aliases: [Int]

    /// Prepares a table.
    ///
    /// - Parameter weights: at least one, none negative, not all zero.
    init(weights: [Double]) {
        precondition(!weights.isEmpty && weights.allSatisfy { $0 >= 0 } && weights.contains { $0 > 0 })
        let mean = weights.reduce(0, +) / Double(weights.count)
        var scaled = weights.map { $0 / mean }
        var small = scaled.indices.filter { scaled[$0] < 1 }
        var large = scaled.indices.filter { scaled[$0] >= 1 }
        thresholds = Array(repeating: 1, count: weights.count)
        aliases = Array(weights.indices)
        while let poor = small.popLast(), let rich = large.popLast() {
            thresholds[poor] = scaled[poor]
            aliases[poor] = rich
            scaled[rich] -= 1 - scaled[poor]
            if scaled[rich] < 1 { small.append(rich) } else { large.append(rich) }
        }
    }

    /// A table of Zipf's law: the item of rank k, from 0, has the weight `1 / (k + 1)^exponent`.
    static func zipf(count: Int, exponent: Double) -> AliasTable {
        AliasTable(weights: (0..<count).map { pow(Double($0 + 1), -exponent) })
    }

    /// How many indices there are.
    var count: Int { thresholds.count }

    /// Draws an index.
    func draw(using generator: inout some RandomNumberGenerator) -> Int {
        let column = Int.random(in: thresholds.indices, using: &generator)
        return Double.random(in: 0..<1, using: &generator) < thresholds[column] ? column : aliases[column]
    }
}
