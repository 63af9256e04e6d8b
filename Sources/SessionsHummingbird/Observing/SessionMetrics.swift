internal import CoreMetrics
internal import Sessions

/// What swift-metrics hears of sessions.
///
/// | label | kind | dimensions |
/// |---|---|---|
/// | `sessions.loads` | counter | `outcome` |
/// | `sessions.load.duration` | timer | none; what the node's memory answers at once isn't timed |
/// | `sessions.writes` | counter | `write`, `outcome` |
/// | `sessions.write.duration` | timer | `write` |
struct SessionMetrics: Sendable {
    /// What became of a request's cookie.
    enum Load: String, CaseIterable {
        case none, l1, l2, database, revoked, expired, unknown, refusedCookie, unavailable
    }

    /// What was written.
    enum Write: String, CaseIterable {
        case begin, signIn, renew, save, signOut
    }

    /// What became of it.
    enum Outcome: String, CaseIterable {
        case done, unchanged, conflict, ended, failed
    }

    private let loads: [Load: Counter]
    private let loadTime: Timer
    private let writes: [Write: [Outcome: Counter]]
    private let writeTimes: [Write: Timer]

    init(_ factory: any MetricsFactory) {
        loadTime = Timer(label: "sessions.load.duration", dimensions: [], factory: factory)
        loads = Self.each { Counter(label: "sessions.loads", dimensions: [("outcome", $0.rawValue)], factory: factory) }
        writes = Self.each { write in
            Self.each { outcome in
                Counter(
                    label: "sessions.writes", dimensions: [("write", write.rawValue), ("outcome", outcome.rawValue)],
                    factory: factory)
            }
        }
        writeTimes = Self.each {
            Timer(label: "sessions.write.duration", dimensions: [("write", $0.rawValue)], factory: factory)
        }
    }

    /// Counts a look-up, with its time where it took any.
    func count(_ load: Load, since began: MonotonicInstant? = nil) {
        loads[load]?.increment()
        if let began { loadTime.recordNanoseconds(Self.nanoseconds(since: began)) }
    }

    /// Counts a write.
    func count(_ write: Write, _ outcome: Outcome, since began: MonotonicInstant) {
        writes[write]?[outcome]?.increment()
        writeTimes[write]?.recordNanoseconds(Self.nanoseconds(since: began))
    }

    /// Counts a write that there was no need for.
    func countUnchanged(_ write: Write) { writes[write]?[.unchanged]?.increment() }

    private static func nanoseconds(since began: MonotonicInstant) -> Int64 {
        let (seconds, attoseconds) = (MonotonicInstant.now - began).components
        return seconds &* 1_000_000_000 &+ attoseconds / 1_000_000_000
    }

    private static func each<Name: CaseIterable & Hashable, Value>(_ value: (Name) -> Value) -> [Name: Value] {
        Dictionary(uniqueKeysWithValues: Name.allCases.map { ($0, value($0)) })
    }
}
