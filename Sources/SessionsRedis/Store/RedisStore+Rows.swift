public import Sessions

/// Listing: ids from an index, then the rows; never a payload, never KEYS.
extension RedisStore {
    /// So many rows are read with one command.
    static let rowsAtOnce = 1000

    /// A page of all rows, in the order of their ids; shorter than it may be where keys have run out.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        var page = RowPage(rows: [], next: nil)
        let end = try await forEachSlice(after: cursor?.mark, limit: max(1, limit)) { slice in
            for case (let id, let row?) in zip(slice.ids, slice.rows) {
                page.rows.append(row.listed(as: id, cut: slice.book.end(row)))
            }
        }
        page.next = end.map(RowCursor.init(mark:))
        return page
    }

    /// The rows that changed since a position, each once, as it is now.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        let limit = max(1, min(limit, 100_000))
        var reply = try await run(StoreScripts.changes) {
            $0.add(position.value)
            $0.add(Int64(limit))
        }
        let (start, end, reached) = (try reply.integer(), try reply.integer(), try reply.integer())
        guard (start...max(start, end)).contains(position.value) else {
            return RowChanges(rows: [], position: ChangePosition(end), mustReload: true)
        }
        var ids: [IDHash] = []
        while reply.left > 0 { ids.append(try reply.id()) }
        var changes = RowChanges(rows: [], position: ChangePosition(reached), hasMore: reached < end)
        for ids in ids.slices(of: Self.rowsAtOnce) {
            let (rows, book) = try await read(Array(ids))
            for (id, row) in zip(ids, rows) {
                guard let row else {
                    changes.removed.append(id)
                    continue
                }
                changes.rows.append(row.listed(as: id, cut: book.end(row)))
            }
        }
        return changes
    }

    /// Where the changes stand now.
    public func changePosition() async throws -> ChangePosition {
        ChangePosition(try await positions().changeEnd)
    }
}

extension RedisStore {
    /// A piece of all rows.
    struct Slice {
        var ids: [IDHash]
        /// A row for each id; `nil` where its key has run out.
        var rows: [StoredRow?]
        /// The cut-offs that they are judged by.
        var book: CutoffBook
    }

    /// A piece of all rows as the server told it, and the ids of the next.
    private struct Answer: Sendable {
        var ids: [IDHash]
        var values: [RESPValue]
        var cutoffEnd: FeedPosition
        var next: [IDHash]

        var rows: [StoredRow?] { get throws { try values.map { try $0.bytes.map { try StoredRow($0) } } } }
    }

    /// Goes through the rows in the order of ids, slice by slice; while one is taken apart, the server works on the next.
    ///
    /// - Parameters:
    ///   - last: the mark behind which to begin; `nil`: at the beginning.
    ///   - limit: no more than so many rows.
    ///   - body: takes a slice.
    /// - Returns: the mark behind which to go on; `nil`: there is no more.
    /// - Throws: what `body` throws, and `SessionsError`.
    @discardableResult
    private func forEachSlice(
        after last: [UInt8]?, limit: Int = .max, _ body: (Slice) throws -> Void
    ) async throws -> [UInt8]? {
        let size = min(Self.rowsAtOnce, limit)
        let first = try await send([after(last, limit: size)]).first?.ids() ?? []
        var answer = try await rows(of: first, andAfter: size)
        var left = limit - first.count
        while let current = answer {
            try Task.checkCancellation()
            left -= current.next.count
            let next = left < 0 ? [] : current.next
            async let following = rows(of: next, andAfter: size)
            let book = try await cutoffBook(upTo: current.cutoffEnd)
            try body(Slice(ids: current.ids, rows: try current.rows, book: book))
            answer = try await following
            if answer == nil, !current.next.isEmpty { return current.ids.last?.bytes }
        }
        return nil
    }

    private func after(_ last: [UInt8]?, limit: Int) -> [[UInt8]] {
        let from = last.map { [UInt8(ascii: "(")] + $0 } ?? .word("-")
        return [.word("ZRANGEBYLEX"), keys.own("ids"), from, .word("+"), .word("LIMIT"), .word("0"), .word("\(limit)")]
    }

    /// Reads the rows of some ids, and the ids behind them; `nil` where there are none.
    private func rows(of ids: [IDHash], andAfter limit: Int) async throws -> Answer? {
        guard !ids.isEmpty else { return nil }
        let replies = try await send([
            [.word("MGET")] + keys.rows(ids), [.word("HGET"), keys.own("meta"), .word("cutoffEnd")],
            after(ids.last?.bytes, limit: limit),
        ])
        guard replies.count == 3, let values = replies[0].elements, values.count == ids.count else {
            throw PackedReader.corrupt
        }
        return Answer(
            ids: ids, values: values, cutoffEnd: FeedPosition(replies[1].integer ?? 0), next: try replies[2].ids())
    }

    /// Reads the rows of some ids, and the cut-offs as they were then or later.
    func read(_ ids: [IDHash]) async throws -> (rows: [StoredRow?], book: CutoffBook) {
        guard !ids.isEmpty else { return ([], CutoffBook()) }
        let replies = try await send([
            [.word("MGET")] + keys.rows(ids), [.word("HGET"), keys.own("meta"), .word("cutoffEnd")],
        ])
        guard replies.count == 2, let values = replies[0].elements, values.count == ids.count else {
            throw PackedReader.corrupt
        }
        let rows = try values.map { try $0.bytes.map { try StoredRow($0) } }
        return (rows, try await cutoffBook(upTo: FeedPosition(replies[1].integer ?? 0)))
    }

    /// Goes through all rows in the order of ids.
    func forEachRow(_ body: (IDHash, StoredRow, CutoffBook) throws -> Void) async throws {
        try await forEachSlice(after: nil) { slice in
            for case (let id, let row?) in zip(slice.ids, slice.rows) { try body(id, row, slice.book) }
        }
    }
}

extension RESPValue {
    /// The ids that an array is of.
    func ids() throws -> [IDHash] {
        try (elements ?? []).map { value in
            guard let id = value.bytes.flatMap({ IDHash(digest: $0) }) else { throw PackedReader.corrupt }
            return id
        }
    }
}
