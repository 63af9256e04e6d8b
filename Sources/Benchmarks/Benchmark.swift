/// A row of the table: what was measured, against what, in the same run.
struct BenchmarkRow {
    /// What was measured.
    var name: String
    /// Ours, and the baseline's, in microseconds for one.
    var ours: Double, baseline: Double?
    /// What the baseline is.
    var against: String

    /// How many times the baseline's speed ours has; `nil` where there is no baseline.
    var ratio: Double? { baseline.map { $0 / ours } }
}

/// A group of benchmarks that can be asked for by name.
struct BenchmarkGroup: Sendable {
    /// The name on the command line.
    var name: String
    /// Measures, and prints a row for each figure.
    var run: @Sendable () async throws -> Void
}

extension BenchmarkRow {
    /// The heading of the table.
    static let heading = ["", "ours µs", "baseline µs", "speed", "baseline"].enumerated().map(cell).joined()

    /// The row of the table.
    var line: String {
        [
            name, Self.digits(ours), baseline.map(Self.digits) ?? "–", ratio.map { "\(Self.digits($0))x" } ?? "–",
            against,
        ]
        .enumerated().map(Self.cell).joined()
    }

    private static let widths = [44, 12, 14, 10, 0]

    private static func cell(_ place: Int, _ text: String) -> String {
        text + String(repeating: " ", count: max(1, widths[place] - text.count))
    }

    private static func digits(_ number: Double) -> String {
        let hundredths = Int((number * 100).rounded())
        return "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
    }
}

/// The median of several runs of some work, in microseconds for one of `count`.
func measure(_ count: Int, runs: Int = 5, _ work: () async throws -> Void) async rethrows -> Double {
    var times: [Double] = []
    for _ in 0..<runs {
        let start = ContinuousClock.now
        try await work()
        times.append((ContinuousClock.now - start) / .microseconds(1) / Double(count))
    }
    return times.sorted()[runs / 2]
}

/// Two ways that are measured in turns, so that a busy machine slows both; answers each one's median.
func inTurns(
    _ runs: Int, _ ours: () async throws -> Double, _ baseline: () async throws -> Double
) async throws -> (ours: Double, baseline: Double) {
    var times: (ours: [Double], baseline: [Double]) = ([], [])
    for run in 0..<runs {
        // Neither always comes first.
        if run.isMultiple(of: 2) { times.baseline.append(try await baseline()) }
        times.ours.append(try await ours())
        if !run.isMultiple(of: 2) { times.baseline.append(try await baseline()) }
    }
    return (times.ours.sorted()[runs / 2], times.baseline.sorted()[runs / 2])
}

/// The same as ``measure(_:runs:_:)`` for ours and for a baseline, in turns.
func measureInTurns(
    _ count: Int, runs: Int = 9, ours: () async throws -> Void, baseline: () async throws -> Void
) async throws -> (ours: Double, baseline: Double) {
    try await inTurns(
        runs, { try await measure(count, runs: 1, ours) }, { try await measure(count, runs: 1, baseline) })
}

/// What is measured does not do what it should: its figures would mean nothing.
struct Wrong: Error, CustomStringConvertible {
    let description: String
}
