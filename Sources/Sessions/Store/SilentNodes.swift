internal import Synchronization

/// Finds nodes that have fallen silent, by the looks of one process: those that a purge forgets.
///
/// No wall clock decides that. Where the clock of whoever purges is ahead, a node that lives would be forgotten, and a
/// revoke would be called effective without it. So a node's last report must be the same in two looks, as far apart on the
/// monotonic clock as a silent node is kept. Who looks but once, as a command does that ends, forgets none.
package final class SilentNodes: Sendable {
    private struct Look: Sendable {
        let report: NodeReport
        /// Just after the report was first read.
        let at: MonotonicInstant
    }

    /// By the nodes' names.
    private let looks = Mutex<[[UInt8]: Look]>([:])

    /// Has seen none.
    package init() {}

    /// Looks at all nodes.
    ///
    /// - Parameters:
    ///   - store: where they publish.
    ///   - retention: says how long a silent node is kept; three missed heartbeats and then its lease it always is.
    ///   - time: the clocks of this process.
    /// - Returns: the last reports of those that are silent for so long. A store removes one only where it still is that.
    /// - Throws: what the store throws.
    package func look(
        at store: some SessionStore, _ retention: Retention, by time: TimeSource
    ) async throws -> [NodeReport] {
        // What was read stood there at some moment between the two: neither look counts for longer than that.
        let began = time.monotonic()
        let reports = try await store.nodes()
        let ended = time.monotonic()
        return looks.withLock { looks in
            var seen: [[UInt8]: Look] = [:]
            var silent: [NodeReport] = []
            for report in reports {
                let name = Array(report.id.utf8)
                guard let first = looks[name], first.report == report else {
                    seen[name] = Look(report: report, at: ended)
                    continue
                }
                seen[name] = first
                // As long as it shows signs of life its polls renew the lease; and clocks drift.
                let lease = report.lease ?? .zero
                let limit = max(retention.nodes, NodeReport.silence + lease + lease / 100)
                if began - first.at >= limit { silent.append(report) }
            }
            looks = seen
            return silent
        }
    }
}
