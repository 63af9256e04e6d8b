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

extension NodeReport {
    /// The second value is the heartbeat: a script looks at it.
    fileprivate var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(started)
        writer.add(heartbeat)
        writer.add(status.rawValue)
        writer.add(applied?.value ?? 0)
        writer.add(lease ?? .zero)
        writer.add(Int64(latency?.p50 ?? -1))
        writer.add(Int64(latency?.p99 ?? -1))
        writer.add(counters)
        return writer.bytes
    }

    fileprivate init(id: String, _ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        self.init(
            id: id, started: try reader.moment(), heartbeat: try reader.moment(),
            status: Status(rawValue: try reader.text()) ?? .up, applied: try reader.position(),
            lease: .milliseconds(try reader.integer()))
        let (p50, p99) = (try reader.integer(), try reader.integer())
        if p50 >= 0 { latency = Latency(p50: Int(p50), p99: Int(p99)) }
        counters = try reader.counters()
    }
}

extension CounterSample {
    fileprivate var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(node)
        writer.add(started)
        writer.add(at)
        writer.add(counters)
        return writer.bytes
    }

    fileprivate init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        self.init(
            node: try reader.text(), started: try reader.moment(), at: try reader.moment(),
            counters: try reader.counters())
    }
}

extension PackedWriter {
    /// Names and numbers to the end, zeros left out.
    fileprivate mutating func add(_ counters: Counters) {
        for name in Counters.Name.allCases where counters[name] != 0 {
            add(name.rawValue)
            add(counters[name])
        }
    }
}

extension PackedReader {
    /// Counters to the end; names that this version doesn't know are passed over.
    fileprivate mutating func counters() throws -> Counters {
        var counters = Counters()
        while left > 0 {
            let (name, value) = (try text(), try integer())
            if let name = Counters.Name(rawValue: name) { counters[name] = value }
        }
        return counters
    }
}
