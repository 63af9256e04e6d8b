internal import Sessions

/// So many entries of the feed in one item: the newest is written anew with each entry, by compare-and-set.
struct FeedLeaf: Sendable, Equatable {
    /// How many entries an item holds.
    static let size: Int64 = 256
    /// The most bytes of an entry, so that a full leaf fits into an item.
    static let largestEntry = 3000

    /// The run of the namespace that it belongs to.
    var run: Int64
    /// Before its first entry.
    var start: FeedPosition
    /// Its entries, packed.
    var entries: [[UInt8]] = []

    /// Begins a leaf.
    init(run: Int64, after start: FeedPosition) { (self.run, self.start) = (run, start) }

    /// The position of its last entry.
    var end: FeedPosition { FeedPosition(start.value + Int64(entries.count)) }

    /// The number of the leaf that an entry belongs to.
    static func number(of position: FeedPosition) -> Int64 { (position.value - 1) / size }

    /// How many more entries it takes.
    var room: Int { Int((Self.number(of: FeedPosition(start.value + 1)) + 1) * Self.size - end.value) }

    /// Its entries behind a position.
    func entries(after position: FeedPosition) throws -> [FeedEntry] {
        let skipped = Int(min(max(0, position.value - start.value), Int64(entries.count)))
        return try entries.indices.dropFirst(skipped).map { index in
            try FeedEntry(entries[index], at: FeedPosition(start.value + Int64(index) + 1))
        }
    }
}

extension FeedLeaf {
    /// Reads a leaf.
    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        self.init(run: try reader.integer(), after: try reader.position())
        guard start >= .start, start.value < .max - Self.size, reader.left <= Int(Self.size) else {
            throw PackedReader.corrupt
        }
        while reader.left > 0 { entries.append(try reader.data()) }
        guard room >= 0 else { throw PackedReader.corrupt }
    }

    /// The leaf as it is kept.
    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(run)
        writer.add(start.value)
        for entry in entries { writer.add(entry) }
        return writer.bytes
    }
}

/// An entry that has no position yet.
struct FeedDraft: Sendable {
    /// What is told.
    enum Event: Sendable {
        /// A session has ended; where somebody told it already, that was behind this position.
        case revoked(IDHash, after: FeedPosition)
        /// Whatever was issued before.
        case cutoff(CutoffScope, Revocation)
        /// A token.
        case denied(TokenDenial)
    }

    var event: Event
    /// When it is told; a cut-off has a time of its own as well, in its revocation.
    var at: Timestamp

    /// The entry as a leaf keeps it.
    ///
    /// - Throws: `SessionsError` with `usage` where its names are too long.
    var packed: [UInt8] {
        get throws {
            var writer = PackedWriter()
            switch event {
            case .revoked(let id, _):
                writer.add("r")
                writer.add(at)
                writer.add(id)
            case .denied(let denial):
                writer.add("d")
                writer.add(at)
                writer.add(denial.key)
            case .cutoff(let scope, let revocation):
                writer.add("c")
                writer.add(at)
                writer.add(scope.kind)
                writer.add(scope.key)
                writer.add(revocation)
            }
            let bytes = writer.bytes
            guard bytes.count <= FeedLeaf.largestEntry else {
                throw SessionsError(
                    .usage, "the name, the operator and the reason of a cut-off take 3,000 bytes at most: shorten them")
            }
            return bytes
        }
    }
}
