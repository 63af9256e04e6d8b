import Sessions
import Synchronization

/// What `--kill` takes away from a demo, again and again, so that one sees what a failure does.
enum Rehearsal: String, Sendable, CaseIterable {
    /// The shared cache.
    case l2
    /// The database.
    case database
    /// One node, without a word.
    case node

    /// How long everything is well before something fails, the first time and between.
    static let calm = Duration.seconds(10)
    /// How long a failure lasts.
    static let length = Duration.seconds(10)
}

/// Whether something is cut off now.
///
/// Whoever is cut off gets no answer, as from a machine that has gone: what was under way goes on, what is asked now
/// fails.
final class Outage: Sendable {
    private struct State {
        var isOn = false
        var underWay = 0
    }

    private let state = Mutex(State())
    private let what: String

    /// Makes one that has not begun.
    init(of what: String) { self.what = what }

    /// Begins or ends it.
    func set(_ isOn: Bool) { state.withLock { $0.isOn = isOn } }

    /// How many calls that were let through have no answer yet.
    var underWay: Int { state.withLock { $0.underWay } }

    /// Lets a call through.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` while it is cut off.
    func pass<Result>(_ call: () async throws -> Result) async throws -> Result {
        let isOn = state.withLock { state in
            if !state.isOn { state.underWay += 1 }
            return state.isOn
        }
        guard !isOn else {
            throw SessionsError(.unavailable, "the demo has cut off the \(what): it comes back in a moment")
        }
        defer { state.withLock { $0.underWay -= 1 } }
        return try await call()
    }
}
