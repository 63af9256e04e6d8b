public import Sessions

/// What the nodes publish.
extension PostgresStore {
    private static let all = Statement(
        "nodes",
        """
        SELECT id, started, heartbeat, status, applied_seq, lease, counters, latency_p50, latency_p99
        FROM nodes WHERE ns = $1 ORDER BY id
        """)
    private static let samplesSince = Statement(
        "samples",
        "SELECT node, started, at, counters FROM node_samples WHERE ns = $1 AND at >= $2 ORDER BY at, node")

    /// Publishes what a node has applied and counted.
    ///
    /// Every five seconds it becomes a sample, too.
    public func publish(_ report: NodeReport) async throws {
        try await write(urgent: true) { try $0.publish(report) }
    }

    /// What every node has published, whether it is still alive or not.
    public func nodes() async throws -> [NodeReport] {
        try await use { [context] link in try link.run([Self.all(context.ns)])[0].map { NodeReport($0) } }
    }

    /// The samples of every node's counters since a moment, in the order of time.
    public func samples(since moment: Timestamp) async throws -> [CounterSample] {
        try await use { [context] link in
            try link.run([Self.samplesSince(context.ns, .moment(moment))])[0].map {
                CounterSample(node: $0.text(0), started: $0.moment(1), at: $0.moment(2), counters: $0.counters(3))
            }
        }
    }
}

extension NodeReport {
    fileprivate init(_ columns: Columns) {
        self.init(
            id: columns.text(0), started: columns.moment(1), heartbeat: columns.moment(2),
            status: Status(rawValue: columns.text(3)) ?? .up, applied: columns.position(4),
            lease: .milliseconds(columns.integer(5)), counters: columns.counters(6),
            latency: columns.isNull(7)
                ? nil : Latency(p50: Int(columns.integer(7)), p99: Int(columns.integer(8))))
    }
}

extension Columns {
    fileprivate func counters(_ index: Int32) -> Counters { withBytes(index) { Counters(text: $0) } ?? Counters() }
}

extension WriteTransaction {
    /// A sample is taken when the last one of the node is so old, a little less than five heartbeats.
    private static let sampleInterval = Duration.milliseconds(4500)
    /// How long samples are kept.
    static let samplesKept = Duration.seconds(20 * 60)

    private static let report = Statement(
        "publish",
        """
        INSERT INTO nodes(ns, id, started, heartbeat, status, applied_seq, lease, latency_p50, latency_p99, counters)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
        ON CONFLICT (ns, id) DO UPDATE SET started = excluded.started, heartbeat = excluded.heartbeat,
            status = excluded.status, applied_seq = excluded.applied_seq, lease = excluded.lease,
            latency_p50 = excluded.latency_p50, latency_p99 = excluded.latency_p99, counters = excluded.counters
        """)
    private static let sample = Statement(
        "sample",
        """
        INSERT INTO node_samples(ns, at, node, started, counters) SELECT $1, $2, $3, $4, $5
        WHERE NOT EXISTS (SELECT 1 FROM node_samples WHERE ns = $1 AND at > $6 AND node = $3 AND started = $4)
        ON CONFLICT DO NOTHING
        """)
    /// Each node removes its own alone: no two wait for each other.
    private static let dropSamples = Statement(
        "drop_samples", "DELETE FROM node_samples WHERE ns = $1 AND at < $2 AND node = $3")

    fileprivate func publish(_ report: NodeReport) throws {
        let counters = Value.text(report.counters.text)
        let (id, heartbeat) = (Value.text(report.id), report.heartbeat)
        _ = try link.run([
            Self.report(
                ns, id, .moment(report.started), .moment(heartbeat), .text(report.status.rawValue),
                .position(report.applied ?? .start), .integer(report.lease?.wholeMilliseconds ?? 0),
                report.latency.map { .integer(Int64($0.p50)) } ?? .null,
                report.latency.map { .integer(Int64($0.p99)) } ?? .null, counters),
            Self.sample(
                ns, .moment(heartbeat), id, .moment(report.started), counters,
                .moment(heartbeat - Self.sampleInterval)),
            Self.dropSamples(ns, .moment(heartbeat - Self.samplesKept), id),
        ])
    }
}
