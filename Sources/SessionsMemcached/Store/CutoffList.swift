internal import Sessions

/// All cut-offs of a run, in one item.
struct CutoffList: Sendable {
    /// One of them.
    struct Entry: Sendable {
        var scope: CutoffScope
        var epoch: FeedPosition
        var revocation: Revocation
    }

    /// The run of the namespace that it belongs to.
    var run: Int64
    /// In the order of their epochs.
    private(set) var entries: [Entry] = []

    /// Begins a list.
    init(run: Int64) { self.run = run }

    /// The epoch of the last.
    var latest: FeedPosition { entries.last?.epoch ?? .start }

    /// Adds what isn't there yet, of later epochs.
    mutating func add(_ new: [Entry]) { entries += new.filter { $0.epoch > latest } }

    /// Keeps the latest of each scope, and none that one of everyone covers: these end whatever the others ended.
    mutating func thin() {
        var seen: Set<[UInt8]> = []
        var isCovered = false
        entries = entries.reversed().filter { entry in
            guard !isCovered else { return false }
            if case .everyone = entry.scope { isCovered = true }
            return seen.insert(Array("\(entry.scope.kind):\(entry.scope.key)".utf8)).inserted
        }.reversed()
    }

    /// As rows are judged by it.
    var book: CutoffBook {
        var book = CutoffBook()
        for entry in entries {
            book.add(entry.scope, CutoffBook.Entry(epoch: entry.epoch, revocation: entry.revocation))
        }
        return book
    }
}

extension CutoffList {
    /// Reads a list.
    init(_ bytes: [UInt8]) throws {
        var reader = try PackedReader(bytes)
        self.init(run: try reader.integer())
        while reader.left > 0 {
            let (scope, epoch) = (try reader.scope(), try reader.position())
            guard epoch > latest, let revocation = try reader.optionalRevocation() else { throw PackedReader.corrupt }
            entries.append(Entry(scope: scope, epoch: epoch, revocation: revocation))
        }
    }

    /// The list as it is kept.
    var packed: [UInt8] {
        var writer = PackedWriter()
        writer.add(run)
        for entry in entries {
            writer.add(entry.scope.kind)
            writer.add(entry.scope.key)
            writer.add(entry.epoch.value)
            writer.add(entry.revocation)
        }
        return writer.bytes
    }

    /// The cut-offs that a leaf of the feed tells behind a position.
    static func entries(of leaf: FeedLeaf, after position: FeedPosition) throws -> [Entry] {
        try leaf.entries(after: position).compactMap { entry in
            guard case .cutoff(let cutoff) = entry.event else { return nil }
            var reader = try PackedReader(leaf.entries[Int(entry.position.value - leaf.start.value) - 1])
            _ = (try reader.text(), try reader.moment(), try reader.scope())
            guard let revocation = try reader.optionalRevocation() else { throw PackedReader.corrupt }
            return Entry(scope: cutoff.scope, epoch: cutoff.epoch, revocation: revocation)
        }
    }
}
