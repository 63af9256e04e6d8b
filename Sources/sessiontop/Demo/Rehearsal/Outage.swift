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
/// Whoever is cut off gets no answer, as from a machine that has gone: what was under way goes on, but its answer is
/// lost; what is asked now fails.
final class Outage: Sendable {
    private let isOn = Mutex(false)
    private let what: String

    /// Makes one that has not begun.
    init(of what: String) { self.what = what }

    /// Begins or ends it.
    func set(_ isOn: Bool) { self.isOn.withLock { $0 = isOn } }

    /// Lets a call through.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` while it is cut off.
    func pass<Result>(_ call: () async throws -> Result) async throws -> Result {
        try check()
        let answer = try await call()
        try check()
        return answer
    }

    private func check() throws {
        guard isOn.withLock({ $0 }) else { return }
        throw SessionsError(.unavailable, "the demo has cut off the \(what): it comes back in a moment")
    }
}
