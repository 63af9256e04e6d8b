internal import Sessions

/// What a namespace hangs on: one small item, read with every session.
///
/// It names the run of the namespace. An item of another run isn't there: where the root is lost, everything is.
struct StoreRoot: Sendable, Equatable {
    /// The format that this version writes.
    static let format: Int64 = 2
    /// So far do the positions of a new run lie behind those of the one before, that nobody can mistake one for another.
    static let leap: Int64 = 1_000_000

    /// No number of ours ever comes so far.
    private static let largest = Int64.max / 2

    /// A moment, and where the changes stood then.
    struct Mark: Sendable, Equatable {
        var at: Timestamp
        var change: Int64
    }

    /// A random number: whatever carries another belongs to a run that was lost.
    var run: Int64
    /// When the run began.
    var began: Timestamp
    /// Which past copies in shared caches belong to.
    var generation: UInt64 = 0
    /// Before the oldest entry of the feed that is kept.
    var feedStart = FeedPosition.start
    /// The last entry of the feed.
    var feedEnd = FeedPosition.start
    /// The latest cut-off.
    var cutoffEnd = FeedPosition.start
    /// Whoever followed the changes to an earlier point must read all rows again.
    var changeStart: Int64 = 0
    /// The longest lease that a node has registered with; `nil`: none has.
    ///
    /// It outlives the list of nodes, so that whoever finds that lost knows how long a node may live by its memory.
    /// In a run it only grows. A node whose lease is no longer than this writes neither the list nor the root, so nobody
    /// who compares the reports could lower it in one step with them: a node that came back with a longer lease just then
    /// would not be waited for long enough, should the list be lost before its next heartbeat. Too long a lease costs time
    /// alone, and only while the list or a report is lost.
    var lease: Duration?
    /// Where the changes stood at the last purges, the oldest first.
    var marks: [Mark] = []

    /// Begins a run.
    init(run: Int64, began: Timestamp) { (self.run, self.began) = (run, began) }
}

extension StoreRoot {
    /// Reads a root.
    ///
    /// - Throws: `SessionsError` with `storeTooNew` or `corrupt`.
    init(_ bytes: [UInt8], url: String) throws {
        var reader = try PackedReader(bytes)
        let format = try reader.integer()
        guard (1...Self.format).contains(format) else {
            throw SessionsError(.storeTooNew, "\(url) was written by a newer version: use a newer sessiontop")
        }
        self.init(run: try reader.integer(), began: try reader.moment())
        generation = UInt64(bitPattern: try reader.integer())
        (feedStart, feedEnd, cutoffEnd) = (try reader.position(), try reader.position(), try reader.position())
        changeStart = try reader.integer()
        // The first format didn't tell whether nodes had registered: there may be some.
        lease = try format == 1 ? NodePolicy.usualLease : reader.optionalInteger().map { Duration.milliseconds($0) }
        while reader.left > 0 { marks.append(Mark(at: try reader.moment(), change: try reader.integer())) }
        guard feedStart >= .start, feedEnd >= feedStart, feedEnd.value < Self.largest,
            (0..<Self.largest).contains(changeStart), lease.map({ $0 >= .zero }) ?? true
        else { throw PackedReader.corrupt }
    }

    /// The root as it is kept.
    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(Self.format)
        writer.add(run)
        writer.add(began)
        writer.add(Int64(bitPattern: generation))
        for position in [feedStart, feedEnd, cutoffEnd] { writer.add(position.value) }
        writer.add(changeStart)
        writer.add(lease)
        for mark in marks {
            writer.add(mark.at)
            writer.add(mark.change)
        }
        return writer.bytes
    }

    /// Moves the feed's positions past those of another run, so that whoever knows these begins anew.
    mutating func leap(past other: StoreRoot, at now: Timestamp) {
        let reached = max(feedEnd, other.feedEnd)
        feedEnd = FeedPosition(reached.value + Self.leap)
        feedStart = feedEnd
        generation = .generation(after: max(generation, other.generation), at: now)
        // Nodes of that run may live on.
        if let known = other.lease { lease = max(lease ?? .zero, known) }
    }

    /// Whether somebody who followed another run could take this one's feed for its continuation.
    func canBeMistaken(for other: StoreRoot) -> Bool { run != other.run && feedStart <= other.feedEnd }
}
