public import Sessions

/// Listing: ids from an index, then the rows; never a payload, never KEYS.
extension RedisStore {
    /// So many rows are read with one command.
    static let rowsAtOnce = 1000
    /// So many of these commands are under way in a walk: the server need not wait for the next.
    private static let slicesAtOnce = 2

    /// A page of all rows, in the order of their ids; shorter than it may be where keys have run out.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        var page = RowPage(rows: [], next: nil)
        let end = try await forEachRow(after: cursor?.mark, limit: max(1, limit)) { id, row, book in
            page.rows.append(row.listed(as: id, cut: book.end(row)))
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
    /// The rows of some ids as the server told them, and ids that were asked for beside them.
    private struct Answer: Sendable {
        var number: Int
        var ids: [IDHash]
        var values: [RESPValue]
        var cutoffs: CutoffMark
        var more: [IDHash]?
    }

    /// Goes through the rows in the order of ids: while some are taken apart, the server works on the next.
    ///
    /// - Parameters:
    ///   - last: the mark behind which to begin; `nil`: at the beginning.
    ///   - limit: no more than so many rows.
    ///   - body: takes a row, and the cut-offs that it is judged by.
    /// - Returns: the mark behind which to go on; `nil`: there is no more.
    /// - Throws: what `body` throws, and `SessionsError`.
    @discardableResult
    func forEachRow(
        after last: [UInt8]? = nil, limit: Int = .max, _ body: (IDHash, StoredRow, CutoffBook) throws -> Void
    ) async throws -> [UInt8]? {
        var walk = IDWalk(after: last, limit: limit, slice: Self.rowsAtOnce)
        if let question = walk.question() { walk.take(try await send([after(question)]).first?.ids() ?? []) }
        try await withThrowingTaskGroup(of: Answer.self) { group in
            var (asked, taken) = (0, 0)
            var early: [Int: Answer] = [:]
            while true {
                while asked - taken < Self.slicesAtOnce, let ids = walk.slice() {
                    let (number, question) = (asked, walk.question())
                    group.addTask { try await self.rows(number, of: ids, with: question) }
                    asked += 1
                }
                guard taken < asked else { return }
                while early[taken] == nil, let answer = try await group.next() {
                    if let more = answer.more { walk.take(more) }
                    early[answer.number] = answer
                }
                guard let answer = early.removeValue(forKey: taken) else { return }
                taken += 1
                let book = try await cutoffBook(at: answer.cutoffs)
                for (id, value) in zip(answer.ids, answer.values) {
                    if case .bytes(let bytes) = value { try body(id, try StoredRow(bytes), book) }
                }
            }
        }
        return walk.mark
    }

    private func after(_ question: IDWalk.Question) -> [[UInt8]] {
        let from = question.last.map { [UInt8(ascii: "(")] + $0 } ?? .word("-")
        let limit: [[UInt8]] = [.word("LIMIT"), .word("0"), .word("\(question.limit)")]
        return [.word("ZRANGEBYLEX"), keys.own("ids"), from, .word("+")] + limit
    }

    /// Reads the rows of some ids, and more ids where they are asked for.
    private func rows(_ number: Int, of ids: [IDHash], with question: IDWalk.Question?) async throws -> Answer {
        var commands = [[.word("MGET")] + keys.rows(ids), cutoffQuestion]
        if let question { commands.append(after(question)) }
        let replies = try await send(commands)
        guard replies.count == commands.count, let values = replies[0].elements, values.count == ids.count else {
            throw PackedReader.corrupt
        }
        return Answer(
            number: number, ids: ids, values: values, cutoffs: try CutoffMark(replies[1]),
            more: question == nil ? nil : try replies[2].ids())
    }

    /// Reads the rows of some ids, and the cut-offs as they were then or later.
    func read(_ ids: [IDHash]) async throws -> (rows: [StoredRow?], book: CutoffBook) {
        guard !ids.isEmpty else { return ([], CutoffBook()) }
        let replies = try await send([[.word("MGET")] + keys.rows(ids), cutoffQuestion])
        guard replies.count == 2, let values = replies[0].elements, values.count == ids.count else {
            throw PackedReader.corrupt
        }
        let rows = try values.map { try $0.bytes.map { try StoredRow($0) } }
        return (rows, try await cutoffBook(at: try CutoffMark(replies[1])))
    }
}

extension RESPValue {
    /// The ids that an array is of.
    func ids() throws -> [IDHash] {
        try (elements ?? []).map { value in
            guard let id = value.bytes?.withUnsafeBytes({ IDHash(bytes: $0) }) else { throw PackedReader.corrupt }
            return id
        }
    }
}
