public import CoreMetrics

/// Where bearer tokens are counted.
public struct BearerSettings: Sendable {
    /// Counts what was refused as no client of ours does it.
    public var attacks: AttackCounters
    /// Where swift-metrics counts: `sessions.tokens`.
    public var metrics: any MetricsFactory

    /// Makes settings.
    ///
    /// - Parameters:
    ///   - attacks: counts what was refused as no client of ours does it.
    ///   - metrics: where swift-metrics counts.
    public init(attacks: AttackCounters = AttackCounters(), metrics: any MetricsFactory = MetricsSystem.factory) {
        (self.attacks, self.metrics) = (attacks, metrics)
    }
}
