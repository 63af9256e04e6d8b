public import CoreMetrics
internal import Synchronization

/// Counts what was refused as no client of ours does it.
///
/// Each is a counter of swift-metrics, too: `sessions.suspicious`, with the attack's name as `kind`.
public final class AttackCounters: Sendable {
    private let counts = Mutex<[Attack: Int]>([:])
    private let metrics: [Attack: Counter]

    /// Makes counters that stand at zero.
    ///
    /// - Parameter factory: where swift-metrics counts.
    public init(metrics factory: any MetricsFactory = MetricsSystem.factory) {
        metrics = Dictionary(
            uniqueKeysWithValues: Attack.allCases.map {
                ($0, Counter(label: "sessions.suspicious", dimensions: [("kind", $0.rawValue)], factory: factory))
            })
    }

    /// How often something was tried.
    public subscript(attack: Attack) -> Int { counts.withLock { $0[attack] ?? 0 } }

    /// How often all together were tried.
    public var total: Int { counts.withLock { $0.values.reduce(0, +) } }

    /// Counts one.
    public func count(_ attack: Attack) {
        counts.withLock { $0[attack, default: 0] += 1 }
        metrics[attack]?.increment()
    }
}
