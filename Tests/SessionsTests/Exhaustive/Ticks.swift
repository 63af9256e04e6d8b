@testable import Sessions

/// Time in a model: whole ticks from a fixed beginning.
enum Ticks {
    private static let beginning = MonotonicInstant.now

    static func instant(_ tick: Int) -> MonotonicInstant { beginning + .seconds(tick) }

    static func tick(_ instant: MonotonicInstant) -> Int {
        Int((instant - beginning).components.seconds)
    }

    static func wall(_ tick: Int) -> Timestamp { Timestamp(milliseconds: 1_800_000_000_000 + Int64(tick) * 1000) }
}
