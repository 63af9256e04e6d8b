import Screen
import Sessions

@testable import Dashboard

/// A small fleet at a fixed moment: everything that the golden screens show.
enum Fixture {
    /// The moment that every screen is drawn at.
    static let now = Timestamp(rfc3339: "2026-08-21T14:03:27Z") ?? Timestamp(milliseconds: 0)
    private static let instant = MonotonicInstant.now

    /// The moment, or another one near it, on both clocks.
    static func moment(_ offset: Duration = .zero) -> Moment {
        Moment(wall: now + offset, monotonic: instant + offset)
    }

    /// A dashboard that has read everything, a quarter of an hour after it was started.
    static func state(_ size: Size = Size(columns: 120, rows: 40), isReadOnly: Bool = false) -> State {
        var state = isReadOnly ? readOnly : writable
        _ = state.update(.resize(size))
        return state
    }

    private static let writable = made(isReadOnly: false)
    private static let readOnly = made(isReadOnly: true)

    private static func made(isReadOnly: Bool) -> State {
        var state = empty(Size(columns: 120, rows: 40), isReadOnly: isReadOnly, at: moment(.seconds(-900)))
        _ = state.update(.themes(["default", "slate", "paper", "high-contrast", "mono"], current: "slate"))
        _ = state.update(.loadingBegan(ChangePosition(1), generation: state.polling.generation))
        for step in stride(from: Int64(-900), through: 0, by: 10) {
            _ = state.update(.tick(moment(.seconds(step))))
            _ = state.update(.statistics(statistics(step)))
            // The store was away for two minutes: a gap in the graphs, not a zero.
            let isAway = (-500 ... -380).contains(step)
            _ = state.update(
                isAway ? .pollFailed("no answer") : .polled(took: .microseconds(1400 + (step * 37) % 900 + 900)))
        }
        _ = state.update(
            .page(RowPage(rows: FixtureSessions.rows, next: nil), generation: state.polling.generation))
        _ = state.update(.nodes(FixtureNodes.reports))
        _ = state.update(.samples(FixtureNodes.samples))
        _ = state.update(.audit(FixtureAudit.entries))
        _ = state.update(.asked(.init(name: "changes", operations: 1, rows: 40, took: .microseconds(4100))))
        _ = state.update(.polled(took: .microseconds(1820)))
        return state
    }

    /// A dashboard that has heard nothing yet.
    static func empty(_ size: Size, isReadOnly: Bool = false, at now: Moment = moment()) -> State {
        let policy = Policy(actor: "ops/mira", readOnlyReason: isReadOnly ? "--read-only was given" : nil)
        var state = State(store: identity, policy: policy, size: size, now: now)
        _ = state.start()
        return state
    }

    private static let identity = StoreIdentity(
        name: "prod-eu",
        description: StoreDescription(
            url: "sqlite:/var/lib/shop/sessions.db", software: "SQLite 3.40.1", layout: "native"), capabilities: .all)

    private static func statistics(_ step: Int64) -> StoreStatistics {
        var counts = StoreStatistics()
        counts.sessions = 48_213 - Int(step * step) / 120 + Int(step % 70)
        counts.users = 31_904
        counts.anonymous = 1_204
        counts.withoutExpiry = 3
        counts.expiringIn5Minutes = 1_022
        counts.expiringIn1Hour = 31_899
        counts.payloadBytes = 21_400_000
        return counts
    }
}

/// What stands in a line of keys: text that is typed, and keys with names.
protocol Pressed {
    /// One key after the other.
    var keys: [Key] { get }
}

extension String: Pressed {
    var keys: [Key] { map { .character($0) } }
}

extension Key: Pressed {
    var keys: [Key] { [self] }
}

extension State {
    /// Lets a dialog's first moment pass, in which it drops keys.
    private mutating func settle() {
        guard now == Fixture.moment() else { return }
        _ = update(.tick(Fixture.moment(.seconds(1))))
    }

    /// What comes of keys that somebody presses.
    func pressing(_ pressed: any Pressed...) -> State {
        var state = self
        for key in pressed.flatMap(\.keys) {
            _ = state.update(.key(key))
            if case .dialog = state.overlay { state.settle() }
        }
        return state
    }
}
