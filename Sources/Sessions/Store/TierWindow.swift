/// What one node's look-ups came to over a window, by tier: from its own counters, so that nobody else's are in it.
public struct TierWindow: Sendable, Equatable {
    /// The tier.
    public var tier: Tier
    /// The node.
    public var node: String
    /// Look-ups that the tier answered.
    ///
    /// To know that a session has ended is an answer, too.
    public var hits: Int64
    /// Look-ups that it did not answer.
    public var misses: Int64
    /// The time that was counted over.
    public var span: Duration

    /// Fewer look-ups than these tell no rate.
    public static let fewestLookups: Int64 = 20

    /// The share of look-ups that were answered; `nil`: too few to tell.
    public var hitRate: Double? {
        hits + misses >= Self.fewestLookups ? Double(hits) / Double(hits + misses) : nil
    }

    /// Takes the windows of every node from its samples: one for each tier that nodes have.
    ///
    /// Differences are taken between samples of the same process alone. Where a node began anew, or a counter fell, its
    /// window begins there.
    ///
    /// - Parameters:
    ///   - samples: of any nodes, each node's in the order of time.
    ///   - window: how far back.
    ///   - now: the end of the window.
    /// - Returns: by node, and by tier in the order of the request path; nodes without two samples are left out.
    public static func windows(_ samples: [CounterSample], over window: Duration, until now: Timestamp) -> [TierWindow]
    {
        // The sample before the window begins belongs to it: without it the first difference is lost.
        let start = now - window
        var ends: [String: (first: CounterSample, last: CounterSample)] = [:]
        for sample in samples where sample.at <= now {
            if let known = ends[sample.node], sample.continues(known.last), known.last.at > start || sample.at > start {
                ends[sample.node] = (known.last.at > start ? known.first : known.last, sample)
            } else {
                ends[sample.node] = (sample, sample)
            }
        }
        return ends.values.sorted { $0.last.node < $1.last.node }.flatMap { windows(from: $0.first, to: $0.last) }
    }

    private static func windows(from first: CounterSample, to last: CounterSample) -> [TierWindow] {
        guard first.at < last.at else { return [] }
        let counted = last.counters - first.counters
        return Tier.allCases.filter { $0.isAsked(by: last.counters) }.map { tier in
            TierWindow(
                tier: tier, node: last.node, hits: tier.hits.reduce(0) { $0 + counted[$1] },
                misses: tier.misses.reduce(0) { $0 + counted[$1] }, span: last.at - first.at)
        }
    }
}

extension Tier {
    /// The counters that say that it answered.
    public var hits: [Counters.Name] {
        switch self {
        case .l1: [.l1Hit, .l1NegativeHit, .l1Stopped]
        case .l2: [.l2Hit, .l2Stopped]
        case .database: [.databaseHit]
        }
    }

    /// The counters that say that it was asked in vain, or could not be asked.
    public var misses: [Counters.Name] {
        switch self {
        case .l1: [.l1Miss, .l1Bypassed]
        case .l2: [.l2Miss, .l2MissLost, .l2Tombstone, .l2Bypassed, .l2Error, .l2Timeout]
        case .database: [.databaseMiss]
        }
    }

    /// All counters of its look-ups.
    public var lookups: [Counters.Name] { hits + misses }

    /// Whether a node has it, by what it has counted: not every node has a shared cache.
    public func isAsked(by counters: Counters) -> Bool {
        self != .l2 || lookups.contains { counters[$0] > 0 }
    }
}

extension CounterSample {
    /// Whether it tells of the same process as an earlier sample, and nothing fell in between.
    public func continues(_ earlier: CounterSample) -> Bool {
        started == earlier.started && at >= earlier.at && !counters.hasFallen(below: earlier.counters)
    }
}
