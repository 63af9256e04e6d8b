import Sessions

/// When requests are due: a Poisson process of a given rate.
///
/// After a pause of the process, or when the machine can't keep up, what was missed is left out: no burst follows.
struct Pacer: Sendable {
    private let interval: Duration
    private var next: MonotonicInstant

    /// Requests that are late by more than this are left out.
    static let patience = Duration.milliseconds(250)

    /// Makes a pacer.
    ///
    /// - Parameters:
    ///   - rate: requests a second, above zero.
    ///   - start: the first request comes after this.
    init(rate: Double, start: MonotonicInstant) {
        interval = .seconds(1) / rate
        next = start
    }

    /// How many requests have become due since the last call.
    mutating func due(at now: MonotonicInstant, using generator: inout SeededGenerator) -> Int {
        if now - next > Self.patience { next = now }
        var count = 0
        while next <= now {
            count += 1
            next += generator.exponential(mean: interval)
        }
        return count
    }
}
