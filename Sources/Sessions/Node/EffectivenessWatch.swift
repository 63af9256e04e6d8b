/// Tells when a revoke that is durable has become *effective*: when no node can serve the session any more.
///
/// A node can't once it has applied the feed up to the revoke, or once δ (and 1 % for the drift of clocks) has passed
/// since the commit, for then its lease has run out or was renewed by a later poll. Nodes that have stopped in good order
/// decide nothing. A node that registers after the first look is no concern: it reads the feed before it trusts anything.
///
/// Reports are to be read by ``SessionDirectory/nodes(checkedUpTo:)`` or ``SessionStore/checkedNodes(upTo:)``: after a
/// failover that lost the feed's last entries a node's position alone may be of the past that is gone.
public struct EffectivenessWatch: Sendable {
    /// Why a revoke is effective.
    public enum Cause: Sendable, Equatable {
        /// Every registered node has applied it.
        case applied
        /// Some have not; the time for which they might have answered from memory is over.
        case leasesRanOut
    }

    /// How far a revoke has come.
    public enum Status: Sendable, Equatable {
        /// Durable; these nodes may still serve the session. Empty before the first look.
        case waiting(on: [String])
        /// No node serves the session any more.
        case effective(Cause)
    }

    /// The feed's position after the revoke's commit.
    public let position: FeedPosition
    /// When the commit was known, on the monotonic clock.
    public let durable: MonotonicInstant

    private struct Pending: Sendable {
        let name: String
        let started: Timestamp
        let until: MonotonicInstant
    }

    /// By the bytes of the nodes' names: `String` would join canonically equivalent ones.
    private var pending: [[UInt8]: Pending]?
    private var cause = Cause.applied

    /// Begins to watch a revoke.
    public init(position: FeedPosition, durable: MonotonicInstant) {
        self.position = position
        self.durable = durable
    }

    /// Takes in what the nodes have published.
    ///
    /// - Parameters:
    ///   - reports: all of them, read after the commit.
    ///   - now: on the monotonic clock.
    /// - Returns: how far the revoke has come.
    public mutating func observe(_ reports: [NodeReport], at now: MonotonicInstant) -> Status {
        var waiting = pending ?? Dictionary(reports.map { (Array($0.id.utf8), pending(of: $0)) }) { first, _ in first }
        for report in reports where isHarmless(report) {
            let key = Array(report.id.utf8)
            if waiting[key]?.started == report.started { waiting[key] = nil }
        }
        pending = waiting
        return status(at: now)
    }

    /// How far the revoke has come by what is known, when only time has passed.
    public mutating func status(at now: MonotonicInstant) -> Status {
        guard var waiting = pending else { return .waiting(on: []) }
        for (key, node) in waiting where node.until <= now {
            waiting[key] = nil
            cause = .leasesRanOut
        }
        pending = waiting
        return waiting.isEmpty ? .effective(cause) : .waiting(on: waiting.values.map(\.name).sorted())
    }

    /// When the last lease that matters runs out; `nil` before the first look.
    public var latest: MonotonicInstant? { pending.map { $0.values.map(\.until).max() ?? durable } }

    /// A node that follows no feed is none of its concern: a balancer told of it.
    private func isHarmless(_ report: NodeReport) -> Bool {
        report.status == .stopped || report.applied.map { $0 >= position } ?? true
    }

    private func pending(of report: NodeReport) -> Pending {
        let lease = max(report.lease ?? .zero, .zero)
        return Pending(name: report.id, started: report.started, until: durable + lease + lease / 100)
    }
}

extension EffectivenessWatch {
    /// The nodes are asked again after this time, then after half as long again each time.
    private static let firstPause = Duration.milliseconds(2)

    /// Waits until a revoke is effective.
    ///
    /// - Parameters:
    ///   - position: the feed's position after the commit.
    ///   - durable: when the commit was known.
    ///   - time: the clocks.
    ///   - interval: how often the nodes' reports are read, in the long run: at first it is done more often, as nodes that
    ///     are woken have applied it within milliseconds.
    ///   - nodes: reads them, checked up to the position.
    ///   - progress: is told the nodes that are waited for, each time their number changes.
    /// - Returns: why it is effective.
    /// - Throws: `CancellationError`; and, where the reports could not be read even once, so that nobody knows how long to
    ///   wait, the error of the store.
    public static func wait(
        for position: FeedPosition, durable: MonotonicInstant, time: TimeSource = .system,
        interval: Duration = .milliseconds(100), nodes: () async throws -> [NodeReport],
        progress: (_ waitingOn: [String]) -> Void = { _ in }
    ) async throws -> Cause {
        var watch = EffectivenessWatch(position: position, durable: durable)
        var told: [String]?
        var pause = min(Self.firstPause, interval)
        while true {
            let status: Status
            do {
                let reports = try await nodes()
                status = watch.observe(reports, at: time.monotonic())
            } catch {
                guard watch.latest != nil, !(error is CancellationError) else { throw error }
                status = watch.status(at: time.monotonic())
            }
            switch status {
            case .effective(let cause): return cause
            case .waiting(let names):
                if names != told { progress(names) }
                told = names
            }
            let next = time.monotonic() + pause
            pause = min(pause * 3 / 2, interval)
            try await time.sleep(min(next, max(watch.latest ?? next, time.monotonic())))
        }
    }
}
