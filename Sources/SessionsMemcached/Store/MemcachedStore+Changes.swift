public import Sessions
internal import Synchronization

/// What changed, for whoever follows it: each change has a number, and an item of its own that names the session.
///
/// A change is noted after it was made, and who dies in between leaves none: the slow look at everything finds it.
extension MemcachedStore {
    /// Notes are kept for so long: whoever follows them asks every second or so.
    static let changesKept = Duration.seconds(3600)
    /// Further back nobody follows, but reads everything again.
    private static let mostChanges: Int64 = 100_000
    /// A note that is still missing after so long was never written, or is lost.
    private static let patience = Duration.seconds(1)

    /// The rows that changed since a position, each once, as it is now.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        let limit = max(1, min(limit, Int(Self.mostChanges)))
        let root = try await root(bumps: false)
        let end = try await lastChange()
        let reload = RowChanges(rows: [], position: ChangePosition(end), mustReload: true)
        guard (root.changeStart...max(root.changeStart, end)).contains(position.value),
            end - position.value <= Self.mostChanges
        else { return reload }
        let numbers = Array((position.value..<end).prefix(limit).map { $0 + 1 })
        let notes = try await forEach(numbers) { number in
            try await self.fetch(try self.names.change(number), bumps: false)?.bytes
        }
        let known = notes.prefix { $0 != nil }.compactMap { $0 }
        let reached = position.value + Int64(known.count)
        if known.count < notes.count, isLost(reached + 1) { return reload }
        // A later change of the same session says all: it is told there.
        var last: [IDHash: Int] = [:]
        let ids = known.map { IDHash(digest: $0) }
        for (index, id) in ids.enumerated() { if let id { last[id] = index } }
        let told = ids.enumerated().compactMap { index, id in id.flatMap { last[$0] == index ? $0 : nil } }
        var changes = RowChanges(
            rows: [], position: ChangePosition(reached), hasMore: known.count == numbers.count && reached < end)
        let book = try await cutoffBook(root, bumps: false)
        for (id, row) in zip(told, try await rows(of: told, root)) {
            guard let row else {
                changes.removed.append(id)
                continue
            }
            changes.rows.append(row.listed(as: id, cut: book.end(row)))
        }
        return changes
    }

    /// Where the changes stand now.
    public func changePosition() async throws -> ChangePosition { ChangePosition(try await lastChange()) }
}

extension MemcachedStore {
    /// What the first change is counted from, where the number was lost: later than any before, up to a million a second.
    var firstChange: Int64 { max(1, time.wall().milliseconds) << 10 }

    /// Takes numbers for changes; answers the one before the first.
    func takeChanges(_ count: Int) async throws -> Int64 {
        try await self.count(try names.changes, by: count, beginning: firstChange + Int64(count)) - Int64(count)
    }

    /// Takes the number of one change; `nil`: the server that counts gives no answer, and others must not wait for it.
    func nextChange() async -> Int64? {
        guard let before = try? await takeChanges(1) else { return nil }
        return before + 1
    }

    /// Notes that sessions changed, after they did: a note that can't be written is found out by who follows.
    func note(_ ids: [IDHash]) async {
        guard !ids.isEmpty, let before = try? await takeChanges(ids.count) else { return }
        let numbered = ids.enumerated().map { (before + Int64($0.offset) + 1, $0.element) }
        _ = try? await forEach(numbered) { number, id in await self.note(id, as: number) }
    }

    /// Notes a change under a number that was taken; `nil`: it came to nothing.
    func note(_ id: IDHash?, as number: Int64?) async {
        let life = MemcachedLife(lasting: Self.changesKept, from: time.wall())
        guard let number, let key = try? names.change(number) else { return }
        try? await write(id?.bytes ?? [], at: key, life: life)
    }

    func lastChange() async throws -> Int64 {
        guard let found = try await fetch(try names.changes, bumps: false) else { return 0 }
        guard let number = UInt64(decimal: found.bytes).flatMap(Int64.init(exactly:)) else {
            throw PackedReader.corrupt
        }
        return number
    }

    /// Whether a note that isn't there will never come: it has been missed for a while.
    private func isLost(_ change: Int64) -> Bool {
        let now = time.monotonic()
        return memory.withLock { memory in
            if let missing = memory.missing, missing.change == change { return now - missing.since > Self.patience }
            memory.missing = (change, now)
            return false
        }
    }
}
