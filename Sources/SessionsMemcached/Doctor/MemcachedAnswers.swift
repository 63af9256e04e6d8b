internal import Sessions

/// What a server answered when it was asked about itself; its words are printable ASCII.
struct MemcachedAnswers: Sendable {
    /// `stats`, by name.
    var statistics: [String: String] = [:]
    /// `stats settings`, by name; empty: they aren't known.
    var settings: [String: String] = [:]
    /// This machine's clock before the statistics were asked for, and after they had come.
    var asked: (from: Timestamp, to: Timestamp)?

    /// A whole number that isn't negative; `nil` where none stands there.
    func count(_ name: String) -> UInt64? { statistics[name].flatMap { UInt64($0) } }

    /// A setting that is `yes` or `no`; `nil` where it is neither.
    func flag(_ name: String) -> Bool? {
        switch settings[name] {
        case "yes": true
        case "no": false
        default: nil
        }
    }

    /// The server's clock, which counts seconds; `nil`: it isn't known.
    var clock: ClockReading? {
        guard let seconds = count("time"), let asked else { return nil }
        let milliseconds = seconds.multipliedReportingOverflow(by: 1000)
        guard !milliseconds.overflow, let moment = Int64(exactly: milliseconds.partialValue) else { return nil }
        // Its clock ticks once a second, and tells the second that it saw last.
        return ClockReading(
            server: Timestamp(milliseconds: moment), asked: asked.from, answered: asked.to, step: .seconds(2))
    }
}

extension MemcachedAnswers {
    /// Asks a server; what it doesn't tell stays unknown.
    ///
    /// - Parameters:
    ///   - lane: the way to the server.
    ///   - time: this machine's clock.
    /// - Throws: `SessionsError` with `unavailable` where it gives no answer at all.
    init(asking lane: MemcachedLane, time: TimeSource) async throws {
        let before = time.wall()
        if case .statistics(let facts) = try await lane.send(.statistics).0 {
            statistics = facts
            asked = (before, time.wall())
        }
        if case .statistics(let facts) = try await lane.send(.settings).0 { settings = facts }
    }
}
