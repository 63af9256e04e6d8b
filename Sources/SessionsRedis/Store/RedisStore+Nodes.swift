public import Sessions

/// What the nodes publish.
extension RedisStore {
    /// A sample is taken when the last one of the node is so old, a little less than five heartbeats.
    private static let sampleInterval = Duration.milliseconds(4500)
    /// How long samples are kept.
    private static let samplesKept = Duration.seconds(20 * 60)

    /// Publishes what a node has applied and counted.
    ///
    /// Every five seconds it becomes a sample, too.
    public func publish(_ report: NodeReport) async throws {
        let sample = CounterSample(
            node: report.id, started: report.started, at: report.heartbeat, counters: report.counters)
        _ = try await run(StoreScripts.publish) {
            $0.add(report.id)
            $0.add(report.packed)
            $0.add(report.started)
            $0.add(report.heartbeat)
            $0.add(sample.packed)
            $0.add(Self.sampleInterval)
            $0.add(Self.samplesKept)
        }
    }

    /// What every node has published, whether it is still alive or not.
    public func nodes() async throws -> [NodeReport] {
        try await pairs(of: "nodes").sorted { $0.field.lexicographicallyPrecedes($1.field) }
            .map { try NodeReport(id: String(decoding: $0.field, as: UTF8.self), $0.value) }
    }

    /// The usual lease, where no node is known at all: a server that came back empty forgot those that live.
    ///
    /// - Parameter reports: what ``nodes()`` has just answered.
    /// - Returns: the lease; `nil`: nodes are known.
    /// - Throws: nothing.
    public func leaseOfLostNodes(beside reports: [NodeReport]) async throws -> Duration? {
        reports.isEmpty ? NodePolicy.usualLease : nil
    }

    /// The samples of every node's counters since a moment, in the order of time.
    public func samples(since moment: Timestamp) async throws -> [CounterSample] {
        let reply = try await send(
            .word("ZRANGEBYSCORE"), keys.own("samples"), .word("\(moment.milliseconds)"), .word("+inf"))
        return try (reply.elements ?? []).map { value in
            guard let bytes = value.bytes else { throw PackedReader.corrupt }
            return try CounterSample(bytes)
        }
    }
}
