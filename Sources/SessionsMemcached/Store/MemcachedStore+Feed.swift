public import Sessions

/// Cut-offs and the feed.
///
/// A leaf of the feed is where an entry is committed: the cut-offs and the root follow from it, and whoever finds them
/// behind brings them up before doing anything else. Nothing is answered before the root tells it.
extension MemcachedStore {
    /// How often the root is looked at for news.
    private static let newsInterval = Duration.milliseconds(200)

    /// Sets a cut-off.
    public func cutOff(_ scope: CutoffScope, by: String, reason: String?, at now: Timestamp) async throws -> Cutoff {
        Cutoff(
            scope: scope, notBefore: now,
            epoch: try await cutOff(scope, Revocation(at: now, by: by, reason: reason)))
    }

    /// Denies single tokens; beyond a few hundred, in several steps.
    public func deny(_ denials: [TokenDenial], at now: Timestamp) async throws -> FeedPosition {
        try await tell(denials.map { FeedDraft(event: .denied($0), at: now) })
    }

    /// All cut-offs in force, and the feed's position they were read at.
    public func cutoffs() async throws -> (cutoffs: [Cutoff], position: FeedPosition) {
        let root = try await root()
        return (try await cutoffBook(root).inForce(), root.feedEnd)
    }

    /// Reads the feed past a position, in order; where a part of it was lost, the page says that it begins behind that.
    public func feed(after position: FeedPosition, limit: Int) async throws -> FeedPage {
        let root = try await root()
        var page = FeedPage(
            entries: [], end: root.feedEnd, start: root.feedStart, generation: root.generation)
        var reached = max(position, root.feedStart)
        while page.entries.count < max(0, limit), reached < root.feedEnd {
            let leaf = try await leaf(after: reached, of: root)?.leaf
            if leaf.map({ $0.start > reached || $0.end <= reached }) ?? true {
                // Lost: what was read before it is an answer; without any, the feed begins behind it.
                guard page.entries.isEmpty else { break }
                let end = (FeedLeaf.number(of: FeedPosition(reached.value + 1)) + 1) * FeedLeaf.size
                let behind = leaf.flatMap { $0.start > reached ? $0.start : nil } ?? FeedPosition(end)
                reached = min(behind, root.feedEnd)
                page.start = reached
                continue
            }
            let entries = try leaf?.entries(after: reached) ?? []
            page.entries += entries.prefix { $0.position <= root.feedEnd }.prefix(max(0, limit) - page.entries.count)
            reached = page.entries.last?.position ?? root.feedEnd
        }
        return page
    }

    /// Wakes whoever follows the feed: at once by this handle's own entries, and five times a second by a look at the root.
    public func feedNews() -> AsyncStream<Void> {
        news.follow { [weak self] in
            while !Task.isCancelled, let self {
                if let root = try? await root() { news.tell(upTo: root.feedEnd) }
                do { try await time.sleep(time.monotonic() + Self.newsInterval) } catch { return }
            }
        }
    }

    /// Begins a new generation of copies in shared caches, unless a later one has begun already.
    public func beginGeneration(after known: UInt64, at now: Timestamp) async throws -> UInt64 {
        try await changeRoot { root in
            if root.generation <= known { root.generation = .generation(after: known, at: now) }
        }.generation
    }
}

extension MemcachedStore {
    /// Sets a cut-off; answers its epoch.
    func cutOff(_ scope: CutoffScope, _ revocation: Revocation) async throws -> FeedPosition {
        try await tell([FeedDraft(event: .cutoff(scope, revocation), at: revocation.at)])
    }

    /// Adds entries to the feed, but for those that somebody else told already.
    ///
    /// - Returns: the position of the last entry that it added; where there was none, where the feed ends.
    func tell(_ drafts: [FeedDraft]) async throws -> FeedPosition {
        try requireWritable()
        var rest = drafts[...]
        var last: FeedPosition?
        var attempts = 0
        while attempts < Self.attempts {
            let (root, found) = try await rootItem()
            let current = try await leaf(after: root.feedEnd, of: root)
            if let leaf = current?.leaf, leaf.end > root.feedEnd {
                try await bringUp(root, found, to: leaf)
                attempts += 1
                continue
            }
            let known = try await revoked(rest, behind: root)
            rest.removeAll { draft in
                if case .revoked(let id, _) = draft.event { known.contains(id) } else { false }
            }
            guard !rest.isEmpty else {
                news.tell(upTo: root.feedEnd)
                return last ?? root.feedEnd
            }
            var leaf = current?.leaf ?? FeedLeaf(run: root.run, after: root.feedEnd)
            let some = rest.prefix(leaf.room)
            var told = try await lastTold(leaf, root)
            for var draft in some {
                if let told { draft.at = max(draft.at, told) }
                told = draft.at
                leaf.entries.append(try draft.packed)
            }
            guard try await commit(leaf, over: current?.found) else {
                attempts += 1
                continue
            }
            (last, attempts) = (leaf.end, 0)
            rest = rest.dropFirst(some.count)
            try await bringUp(root, found, to: leaf)
        }
        throw isBusy
    }

    /// The leaf that the entry behind a position belongs to; without the leaf where that is of another run.
    private func leaf(
        after position: FeedPosition, of root: StoreRoot
    ) async throws -> (leaf: FeedLeaf?, found: Found)? {
        let key = try names.leaf(FeedLeaf.number(of: FeedPosition(position.value + 1)))
        guard let found = try await fetch(key) else { return nil }
        let leaf = try FeedLeaf(found.bytes)
        // One that ends before the root does has lost its end: it is begun anew behind that.
        return (leaf.run == root.run && leaf.end >= min(root.feedEnd, position) ? leaf : nil, found)
    }

    /// When the entry was told that a leaf's next one follows; `nil`: it is kept no more.
    ///
    /// Nobody gets in between: the leaf is written only where it is as it was read.
    private func lastTold(_ leaf: FeedLeaf, _ root: StoreRoot) async throws -> Timestamp? {
        if let last = try leaf.entries(after: leaf.end.previous).last { return last.at }
        guard root.feedEnd > root.feedStart else { return nil }
        return try await feed(after: root.feedEnd.previous, limit: 1).entries.last?.at
    }

    private func commit(_ leaf: FeedLeaf, over found: Found?) async throws -> Bool {
        let key = try names.leaf(FeedLeaf.number(of: leaf.end))
        let life = MemcachedLife(lasting: kept.feed + .seconds(3600), from: time.wall())
        guard let found else { return try await add(leaf.packed, at: key, life: life) }
        return try await put(leaf.packed, at: key, over: found, life: life)
    }

    /// Brings the cut-offs and the root up to a leaf; who else does that at the same time comes to the same.
    private func bringUp(_ root: StoreRoot, _ found: Found, to leaf: FeedLeaf) async throws {
        var new = root
        new.feedEnd = leaf.end
        let cutoffs = try CutoffList.entries(of: leaf, after: root.feedEnd)
        if let last = cutoffs.last {
            try await keep(cutoffs, root)
            new.cutoffEnd = last.epoch
            // Nobody can be told which rows it ended: whoever follows the changes reads all again.
            new.changeStart = try await count(try names.changes, by: 1, beginning: firstChange)
        }
        if try await put(new.packed, at: try names.root, over: found, life: .endless) { news.tell(upTo: new.feedEnd) }
    }

    /// Adds cut-offs to the list, unless the root was lost since it was read: then they end nobody who lives.
    private func keep(_ cutoffs: [CutoffList.Entry], _ root: StoreRoot) async throws {
        let key = try names.cutoffs
        for _ in 0..<Self.attempts {
            let found = try await fetch(key)
            var list = try found.map { try CutoffList($0.bytes) } ?? CutoffList(run: root.run)
            if list.run != root.run {
                // Of an earlier run, or of the next: only the root tells, and what was read of it may be old.
                guard try await self.root().run == root.run else { return }
                list = CutoffList(run: root.run)
            }
            guard list.latest >= root.cutoffEnd else { throw try await endRun(root) }
            list.add(cutoffs)
            list.fit(into: largestValue)
            let packed = list.packed
            if let found {
                if packed == found.bytes { return }
                if try await put(packed, at: key, over: found, life: .endless) { return }
            } else if try await add(packed, at: key, life: .endless) {
                return
            }
        }
        throw isBusy
    }

    /// Which of the sessions to be told of somebody else has told of, since they were revoked.
    private func revoked(_ drafts: ArraySlice<FeedDraft>, behind root: StoreRoot) async throws -> Set<IDHash> {
        let starts = drafts.compactMap { draft -> FeedPosition? in
            if case .revoked(_, let after) = draft.event, after < root.feedEnd { after } else { nil }
        }
        var told: Set<IDHash> = []
        guard var reached = starts.min().map({ max($0, root.feedStart) }) else { return told }
        while reached < root.feedEnd {
            let page = try await feed(after: reached, limit: Int(FeedLeaf.size))
            for entry in page.entries { if case .revoked(let id) = entry.event { told.insert(id) } }
            guard let last = page.entries.last?.position, last > reached else { break }
            reached = last
        }
        return told
    }
}
