extension NodeReport {
    /// The report as it is kept, without its name; a script of Redis looks at the first two values.
    package var packed: [UInt8] {
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

    /// Reads a report.
    package init(id: String, _ bytes: [UInt8]) throws {
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
    /// The sample as it is kept.
    package var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(node)
        writer.add(started)
        writer.add(at)
        writer.add(counters)
        return writer.bytes
    }

    /// Reads a sample.
    package init(_ bytes: [UInt8]) throws {
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
