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

    /// Leaves out what makes it too large for an item: no session that it ends is live again.
    ///
    /// Where there are too many scopes, the oldest half becomes one cut-off of everyone. That ends older sessions that
    /// nobody had ended: their visitors sign in again.
    ///
    /// - Parameter size: the most bytes of the list as it is kept; a single cut-off may be larger.
    mutating func fit(into size: Int) {
        guard packed.count > size else { return }
        thin()
        while packed.count > size, entries.count > 1 { joinOldest(max(2, entries.count / 2)) }
    }

    /// Keeps the latest of each scope, and none that one of everyone covers: these end whatever the others ended.
    private mutating func thin() {
        var seen: Set<[UInt8]> = []
        var isCovered = false
        entries = entries.reversed().filter { entry in
            guard !isCovered else { return false }
            if case .everyone = entry.scope { isCovered = true }
            return seen.insert(Array("\(entry.scope.kind):\(entry.scope.key)".utf8)).inserted
        }.reversed()
    }

    /// Puts one cut-off of everyone in the place of the oldest.
    private mutating func joinOldest(_ count: Int) {
        guard let newest = entries.prefix(count).last else { return }
        let revocation = Revocation(
            at: newest.revocation.at, by: "memcached", reason: "the list of cut-offs outgrew one item")
        let joined = Entry(scope: .everyone, epoch: newest.epoch, revocation: revocation)
        entries.replaceSubrange(..<count, with: [joined])
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
