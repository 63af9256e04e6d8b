/// How long to wait before trying again: twice as long each time, and never all together.
package struct Backoff: Sendable {
    /// The longest first wait.
    package var first: Duration
    /// The longest wait.
    package var limit: Duration

    package init(first: Duration = .milliseconds(50), limit: Duration = .seconds(2)) {
        (self.first, self.limit) = (first, limit)
    }

    /// The wait after so many failures in a row, at least one: between a half and the whole of what is due.
    package func delay<Generator: RandomNumberGenerator>(
        afterFailures failures: Int, using generator: inout Generator
    ) -> Duration {
        let doublings = min(max(failures - 1, 0), 20)
        let whole = min(first * (1 << doublings), limit)
        return whole * Double.random(in: 0.5...1, using: &generator)
    }
}
