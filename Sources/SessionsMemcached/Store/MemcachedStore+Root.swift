internal import Sessions
internal import Synchronization

/// The root: which run of the namespace this is, and where its feed and its cut-offs end.
extension MemcachedStore {
    /// Reads the root; where it is lost, a service begins a new run.
    ///
    /// - Parameter bumps: whether it counts as used.
    /// - Returns: the root.
    /// - Throws: `SessionsError` with `storeNotFound` where there is none and none may begin.
    func root(bumps: Bool = true) async throws -> StoreRoot { try await rootItem(bumps: bumps).root }

    /// Reads the root, and what it takes to change it.
    func rootItem(bumps: Bool = true) async throws -> (root: StoreRoot, found: Found) {
        let key = try names.root
        for _ in 0..<Self.attempts {
            guard let found = try await fetch(key, bumps: bumps) else {
                try await beginRun()
                continue
            }
            let root = try StoreRoot(found.bytes, url: url)
            guard let known = memory.withLock({ $0.root }), mode != .readOnly, root.canBeMistaken(for: known) else {
                remember(root)
                return (root, found)
            }
            // Whoever followed the run before must notice: in one process alone that is sure, so it is made sure for all.
            var raised = root
            raised.leap(past: known, at: time.wall())
            _ = try await put(raised.packed, at: key, over: found, life: .endless)
        }
        throw isBusy
    }

    /// Changes the root; nothing is written where nothing changes.
    ///
    /// - Returns: the root as it is then.
    @discardableResult
    func changeRoot(_ change: (inout StoreRoot) throws -> Void) async throws -> StoreRoot {
        try requireWritable()
        for _ in 0..<Self.attempts {
            let (root, found) = try await rootItem()
            var changed = root
            try change(&changed)
            if changed == root { return root }
            if try await put(changed.packed, at: try names.root, over: found, life: .endless) {
                remember(changed)
                return changed
            }
        }
        throw isBusy
    }

    /// Begins a run, unless somebody else was faster.
    private func beginRun() async throws {
        guard mode == .create else {
            let known = memory.withLock { $0.root }
            throw SessionsError(
                .storeNotFound,
                known == nil
                    ? "there are no sessions of ours in \(url): look at the servers and the namespace"
                    : "\(url) has lost all sessions: a service begins anew with its next request")
        }
        var root = StoreRoot(run: .random(in: .min ... .max), began: time.wall())
        if let known = memory.withLock({ $0.root }) { root.leap(past: known, at: time.wall()) }
        root.changeStart = try await count(try names.changes, by: 0, beginning: firstChange)
        _ = try await add(root.packed, at: try names.root, life: .endless)
    }

    /// Ends the run, because what it can't be judged without is lost: a new one begins.
    func endRun(_ root: StoreRoot) async throws -> SessionsError {
        let (current, found) = try await rootItem()
        if current.run == root.run, mode != .readOnly { try await remove(try names.root, found) }
        return SessionsError(
            .unavailable, "\(url) has lost its cut-offs: all sessions end, and everybody signs in again; try again")
    }

    private func remember(_ root: StoreRoot) { memory.withLock { $0.root = root } }

    /// All cut-offs as far as a root knows them: read again only when there are new ones.
    func cutoffBook(_ root: StoreRoot, bumps: Bool = true) async throws -> CutoffBook {
        guard root.cutoffEnd > .start else { return CutoffBook() }
        if let known = memory.withLock({ $0.cutoffs }), known.run == root.run, known.book.latest >= root.cutoffEnd {
            return known.book
        }
        guard let found = try await fetch(try names.cutoffs, bumps: bumps) else { throw try await endRun(root) }
        let list = try CutoffList(found.bytes)
        guard list.run == root.run, list.latest >= root.cutoffEnd else { throw try await endRun(root) }
        let book = list.book
        memory.withLock { $0.cutoffs = (root.run, book) }
        return book
    }

    /// The cut-off that ends a row; most rows are younger than all of them.
    func cut(_ row: StoredRow, _ root: StoreRoot, bumps: Bool = true) async throws -> Revocation? {
        row.epoch < root.cutoffEnd ? try await cutoffBook(root, bumps: bumps).end(row) : nil
    }
}
