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

/// The names of all nodes: those that a revoke waits for.
///
/// Where memcached has thrown it out, the next heartbeat begins it anew, and each node adds itself with its own. Until then
/// a node may live by its memory that doesn't stand in it, so a new list isn't *complete*: whoever waits for a revoke
/// waits as long as any lease lasts, whatever the nodes that are known say.
struct NodeList: Sendable, Equatable {
    /// A random number: a list that was begun anew has another.
    var number: Int64
    /// Whether each node stands in it that may answer from its memory.
    var isComplete = false
    /// The longest lease that a node has registered with.
    var lease = Duration.zero
    /// When it was begun in the place of one that was lost; `nil`: no other is known.
    var lost: Timestamp?
    /// In the order of their bytes.
    private(set) var names: [[UInt8]] = []

    /// Begins a list.
    ///
    /// - Parameter lost: now, where there was one before.
    init(lost: Timestamp?) {
        number = .random(in: .min ... .max)
        self.lost = lost
    }

    /// The longest lease that a node may have, whether it stands here or not.
    var longestLease: Duration { max(lease, NodePolicy.usualLease) }

    /// When a list has been there for so long it is complete: each node has shown a sign of life since, and stands in it,
    /// or lives no more, or its lease has run out.
    var settlingTime: Duration { longestLease + longestLease / 100 + NodeReport.silence }

    /// Adds a node.
    mutating func insert(_ name: [UInt8]) {
        guard !names.contains(name) else { return }
        names.append(name)
        names.sort { $0.lexicographicallyPrecedes($1) }
    }

    /// Takes nodes out.
    ///
    /// One of them may be back just now, and may have seen its name here before: so the list isn't complete any more, until
    /// each has looked again.
    mutating func subtract(_ gone: [[UInt8]]) {
        let rest = names.filter { !gone.contains($0) }
        guard rest.count < names.count else { return }
        names = rest
        number = .random(in: .min ... .max)
        isComplete = false
    }
}

extension NodeList {
    /// Reads a list.
    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        number = try reader.integer()
        isComplete = try reader.integer() != 0
        lease = .milliseconds(max(0, try reader.integer()))
        lost = try reader.optionalMoment()
        while reader.left > 0 { names.append(try reader.data()) }
    }

    /// The list as it is kept.
    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(number)
        writer.add(isComplete ? 1 : 0)
        writer.add(lease)
        writer.add(lost)
        for name in names { writer.add(name) }
        return writer.bytes
    }
}
