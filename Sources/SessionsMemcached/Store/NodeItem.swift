internal import Sessions

/// What a node published, and its last sample.
struct NodeItem: Sendable {
    /// The number of its last sample.
    var sample: Int64
    /// When the process began that it was of, and when it was taken.
    var sampled: (started: Timestamp, at: Timestamp)
    /// The report, packed.
    var report: [UInt8]

    /// Makes an item.
    init(sample: Int64, sampled: (started: Timestamp, at: Timestamp), report: [UInt8]) {
        (self.sample, self.sampled, self.report) = (sample, sampled, report)
    }

    /// Reads an item.
    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        self.init(
            sample: try reader.integer(), sampled: (try reader.moment(), try reader.moment()),
            report: try reader.data())
        guard (1..<Int64.max).contains(sample) else { throw PackedReader.corrupt }
    }

    /// The item as it is kept.
    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(sample)
        writer.add(sampled.started)
        writer.add(sampled.at)
        writer.add(report)
        return writer.bytes
    }
}

/// The names of all nodes.
struct NodeList: Sendable, Equatable {
    /// In the order of their bytes.
    var names: [[UInt8]] = []

    /// No names.
    init() {}

    /// Reads a list.
    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        while reader.left > 0 { names.append(try reader.data()) }
    }

    /// The list as it is kept.
    var packed: [UInt8] {
        var writer = PackedWriter()
        for name in names { writer.add(name) }
        return writer.bytes
    }
}
