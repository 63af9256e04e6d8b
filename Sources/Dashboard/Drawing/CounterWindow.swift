internal import Sessions

/// What nodes counted over a window of time: differences of their samples, never across a restart.
struct CounterWindow: Sendable, Equatable {
    /// The time that the differences cover, of the node that covers the most.
    var span = Duration.zero
    /// What was counted.
    private(set) var counts: [Counters.Name: Int64] = [:]

    /// Sums up samples.
    ///
    /// - Parameters:
    ///   - samples: of each node, in the order of time.
    ///   - window: how far back.
    ///   - now: the end of the window.
    ///   - names: what is of interest.
    init(_ samples: some Sequence<[CounterSample]>, window: Duration, now: Timestamp, names: [Counters.Name]) {
        for history in samples { add(history, from: now - window, names: names) }
    }

    /// One of the counts.
    subscript(name: Counters.Name) -> Int64 { counts[name] ?? 0 }

    /// How often a second, as far as it can be told.
    func rate(_ name: Counters.Name) -> Double? {
        span > .zero ? Double(self[name]) / span.inSeconds : nil
    }

    private mutating func add(_ history: [CounterSample], from start: Timestamp, names: [Counters.Name]) {
        // The last sample at or before the start belongs to the window: without it the first difference is lost.
        let first = max(0, (history.firstIndex { $0.at > start } ?? history.count) - 1)
        var covered = Duration.zero
        for run in Self.runs(of: history[first...]) {
            guard let earlier = run.first, let later = run.last, later.continues(earlier, names: names) else {
                continue
            }
            covered += later.at - earlier.at
            // A counter is bounded, but not how many nodes and restarts there are.
            for name in names {
                counts[name] = min(self[name] + later.counters[name] - earlier.counters[name], Counters.most)
            }
        }
        span = max(span, covered)
    }

    /// Stretches without a restart: counters only grow within one, so its ends say all.
    private static func runs(of history: ArraySlice<CounterSample>) -> [ArraySlice<CounterSample>] {
        history.split(whereStarts: { $0.started != $1.started })
    }
}

extension ArraySlice {
    /// Cuts where a condition holds between an element and the next.
    fileprivate func split(whereStarts isCut: (Element, Element) -> Bool) -> [ArraySlice] {
        var parts: [ArraySlice] = []
        var start = startIndex
        for index in indices.dropFirst() where isCut(self[index - 1], self[index]) {
            parts.append(self[start..<index])
            start = index
        }
        if start < endIndex { parts.append(self[start...]) }
        return parts
    }
}

extension CounterSample {
    /// Whether the difference to an earlier sample means anything: the same process, and nothing fell.
    func continues(_ earlier: CounterSample, names: [Counters.Name]) -> Bool {
        started == earlier.started && at > earlier.at && names.allSatisfy { counters[$0] >= earlier.counters[$0] }
    }
}

extension Tier {
    /// The tiers that nodes count look-ups of, in the order of the request path.
    static let counted = allCases

    /// Whether look-ups of it stand in any of some windows: a fleet without a shared cache shows no row for one.
    func isAsked(in windows: [CounterWindow]) -> Bool {
        self != .l2 || windows.contains { HitRate(self, in: $0).lookups > 0 }
    }

    /// Its name on the screen.
    var title: String {
        switch self {
        case .l1: "L1"
        case .l2: "L2"
        case .database: "database"
        }
    }
}

/// A hit rate, with what it was taken from.
struct HitRate: Sendable, Equatable {
    var hits: Int64
    var lookups: Int64

    init(_ tier: Tier, in window: CounterWindow) {
        hits = tier.hits.reduce(0) { $0 + window[$1] }
        lookups = hits + tier.misses.reduce(0) { $0 + window[$1] }
    }

    /// The ratio; `nil`: too few look-ups to tell.
    var ratio: Double? { lookups >= TierWindow.fewestLookups ? Double(hits) / Double(lookups) : nil }

    /// As it stands in a table: the ratio, or that there is none and the count.
    var text: String { ratio.map(Format.percent) ?? "\(Format.unknown) (\(max(lookups, 0)))" }
}
