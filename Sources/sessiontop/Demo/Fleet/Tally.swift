import Sessions

/// What the clients of a demo met with.
struct Tally: Sendable {
    /// Requests that were answered.
    var requests = 0
    /// Requests that got what they wanted.
    var served = 0
    /// Requests that were refused: no live session.
    var refused = 0
    /// Requests that nobody could decide.
    var errors = 0
    /// Saves that met a newer version.
    var conflicts = 0
    /// Requests without an answer so far.
    var inFlight = 0
    /// How long requests took, from the client's side.
    var latency = LatencyHistogram()
    /// The time that it took to make sessions beforehand; `nil`: not done, or nothing to do.
    var preloading: Duration?

    /// Counts an answer.
    mutating func count(_ answer: Client.Answer, duration: Duration) {
        requests += 1
        switch answer {
        case .served, .issued, .ended: served += 1
        case .refused: refused += 1
        case .failed: errors += 1
        }
        latency.record(duration)
    }
}
