internal import Sessions

/// The time that graphs cover: as little as holds all that is known, so that they are full soon.
enum GraphSpan: CaseIterable {
    case twoMinutes, fiveMinutes, quarter

    /// Its length.
    var duration: Duration {
        switch self {
        case .twoMinutes: .seconds(120)
        case .fiveMinutes: .seconds(300)
        case .quarter: .seconds(900)
        }
    }

    /// Its length in words.
    var name: String {
        switch self {
        case .twoMinutes: "2m"
        case .fiveMinutes: "5m"
        case .quarter: "15m"
        }
    }

    /// What the left end of the time axis is called.
    var label: String { "\(name) ago" }
}

extension State {
    /// The time that graphs cover now.
    var graphSpan: GraphSpan {
        guard let first = statistics.points.first?.at.monotonic else { return .twoMinutes }
        return GraphSpan.allCases.first { now.monotonic - first <= $0.duration } ?? .quarter
    }
}
