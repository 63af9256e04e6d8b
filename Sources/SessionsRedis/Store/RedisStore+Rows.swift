public import Sessions

/// Listing: ids from an index, then the rows; never a payload, never KEYS.
extension RedisStore {
    /// So many rows are read with one command.
    static let rowsAtOnce = 1000

    /// A page of all rows, in the order of their ids.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        var page = RowPage(rows: [], next: nil)
        var last = cursor?.mark
        while page.rows.count < max(1, limit) {
            let slice = try await slice(after: last, limit: min(Self.rowsAtOnce, max(1, limit) - page.rows.count))
            for case (let id, let row?) in zip(slice.ids, slice.rows) {
                page.rows.append(row.listed(as: id, cut: slice.book.end(row)))
            }
            guard let end = slice.end else { return page }
            last = end
        }
        page.next = last.map(RowCursor.init(mark:))
        return page
    }

    /// The rows that changed since a position, each once, as it is now.
    public func changes(after position: ChangePosition, limit: Int) async throws -> RowChanges {
        let limit = max(1, min(limit, 100_000))
        var reply = try await run(StoreScripts.changes) {
            $0.add(position.value)
            $0.add(Int64(limit))
        }
        let (start, end) = (try reply.integer(), try reply.integer())
        guard (start...max(start, end)).contains(position.value) else {
            return RowChanges(rows: [], position: ChangePosition(end), mustReload: true)
        }
        var ids: [IDHash] = []
        var reached = end
        while reply.left > 0 {
            ids.append(try reply.id())
            reached = try reply.integer()
        }
        let hasMore = ids.count == limit && reached < end
        var changes = RowChanges(rows: [], position: ChangePosition(hasMore ? reached : end), hasMore: hasMore)
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
        /// Where the next piece begins; `nil`: this was the last.
        var end: [UInt8]?
    }

    /// Reads the next rows in the order of ids.
    func slice(after last: [UInt8]?, limit: Int) async throws -> Slice {
        let from = last.map { [UInt8(ascii: "(")] + $0 } ?? .word("-")
        let reply = try await send(
            .word("ZRANGEBYLEX"), keys.own("ids"), from, .word("+"), .word("LIMIT"), .word("0"), .word("\(limit)"))
        let ids = try reply.ids()
        let (rows, book) = try await read(ids)
        return Slice(ids: ids, rows: rows, book: book, end: ids.count == limit ? ids.last?.bytes : nil)
    }

    /// Reads the rows of some ids, and the cut-offs as they were then or later.
    func read(_ ids: [IDHash]) async throws -> (rows: [StoredRow?], book: CutoffBook) {
        guard !ids.isEmpty else { return ([], CutoffBook()) }
        let replies = try await send([
            [.word("MGET")] + ids.map(keys.row), [.word("HGET"), keys.own("meta"), .word("cutoffEnd")],
        ])
        guard replies.count == 2, let values = replies[0].elements, values.count == ids.count else {
            throw PackedReader.corrupt
        }
        let rows = try values.map { try $0.bytes.map { try StoredRow($0) } }
        return (rows, try await cutoffBook(upTo: FeedPosition(replies[1].integer ?? 0)))
    }

    /// Goes through all rows in the order of ids, in slices.
    func forEachRow(_ body: (IDHash, StoredRow, CutoffBook) throws -> Void) async throws {
        var last: [UInt8]?
        repeat {
            try Task.checkCancellation()
            let slice = try await slice(after: last, limit: Self.rowsAtOnce)
            for case (let id, let row?) in zip(slice.ids, slice.rows) { try body(id, row, slice.book) }
            last = slice.end
        } while last != nil
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
