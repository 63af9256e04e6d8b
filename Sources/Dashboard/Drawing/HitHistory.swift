internal import Screen
internal import Sessions

/// The hit rate of a tier over time, in equal steps, for a graph.
///
/// A step of which nothing is known is not a number.
struct HitHistory {
    /// The ratios, oldest first.
    let values: [Double]

    /// - Parameters:
    ///   - samples: of each node, in the order of time.
    ///   - tier: of which the hits are.
    ///   - steps: how many values are wanted.
    ///   - span: the time that they cover, up to `now`.
    ///   - now: the end.
    init(_ samples: some Sequence<[CounterSample]>, tier: Tier, steps: Int, span: Duration, now: Timestamp) {
        let steps = max(1, steps)
        var sums = Array(repeating: (hits: 0.0, lookups: 0.0), count: steps)
        let start = now - span
        let step = span.inSeconds / Double(steps)
        for history in samples {
            var earlier: (sample: CounterSample, hits: Int64, lookups: Int64)?
            for sample in history {
                let (hits, lookups) = Self.counts(sample, tier)
                defer { earlier = (sample, hits, lookups) }
                guard let earlier, sample.started == earlier.sample.started, sample.at > earlier.sample.at,
                    sample.at > start,
                    hits >= earlier.hits, lookups >= earlier.lookups
                else { continue }
                // Both are told as rates, so that nodes whose samples lie differently can be added up.
                let seconds = (sample.at - earlier.sample.at).inSeconds
                let from = Int(max(0, ((earlier.sample.at - start).inSeconds / step).rounded(.down)))
                let to = Int(min(Double(steps), ((sample.at - start).inSeconds / step).rounded(.up)))
                for index in from..<max(from, to) where index < steps {
                    sums[index].hits += Double(hits - earlier.hits) / seconds
                    sums[index].lookups += Double(lookups - earlier.lookups) / seconds
                }
            }
        }
        values = sums.map { $0.lookups > 0 ? $0.hits / $0.lookups : .nan }
    }

    private static func counts(_ sample: CounterSample, _ tier: Tier) -> (hits: Int64, lookups: Int64) {
        let hits = tier.hits.reduce(0) { $0 + sample.counters[$1] }
        return (hits, hits + tier.misses.reduce(0) { $0 + sample.counters[$1] })
    }

    /// What a graph shows of it: full steps of five hundredths, so that the scale stands still and small changes show.
    var range: ClosedRange<Double> {
        let known = values.filter(\.isFinite)
        let floor = min(0.95, max(0, ((known.min() ?? 0) * 20).rounded(.down) / 20))
        let ceiling = min(1, ((known.max() ?? 1) * 20).rounded(.up) / 20)
        return floor...max(ceiling, floor + 0.05)
    }
}

extension Fleet {
    /// Every node's samples, in the order of the names: sums of fractions depend on their order, and a screen must not
    /// depend on a dictionary's.
    var histories: [[CounterSample]] { samples.sorted { $0.key < $1.key }.map(\.value) }
}
