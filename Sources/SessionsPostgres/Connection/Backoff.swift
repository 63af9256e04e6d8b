/// How long to leave a server alone that refused connections: longer each time, and never all clients at once.
struct Backoff {
    private static let shortest = Duration.milliseconds(50)
    private static let longest = Duration.seconds(2)

    private var failures = 0

    /// The pause after one more failure: from half to the whole of 50 ms, 100 ms, 200 ms and so on up to 2 s.
    mutating func pause(using generator: inout some RandomNumberGenerator) -> Duration {
        let whole = min(Self.longest, Self.shortest * (1 << min(failures, 10)))
        failures += 1
        return whole * Double.random(in: 0.5...1, using: &generator)
    }

    /// A connection came about: the next failure is a first one again.
    mutating func reset() { failures = 0 }
}
