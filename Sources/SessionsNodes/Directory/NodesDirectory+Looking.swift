public import Sessions
internal import Synchronization

extension NodesDirectory {
    /// A page of all rows: one node after the other.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` where no node answers any more, and with `corrupt` for a cursor of
    ///   another store.
    public func rows(after cursor: RowCursor?, limit: Int) async throws -> RowPage {
        var place = try cursor.map { try NodeCursor($0) } ?? NodeCursor(node: 0, mark: nil)
        let limit = min(max(1, limit), NodeCursor.pageLimit)
        var failure: SessionsError?
        while place.node < clients.count {
            let node = place.node
            guard book.withLock({ $0.speakers.contains(node) }) else {
                place = place.next
                continue
            }
            do {
                let page = try await self.page(of: node, after: place.mark, limit: limit)
                let next = page.next.map { NodeCursor(node: node, mark: $0.mark) } ?? place.next
                // A last page without rows would only have to be asked past.
                if page.rows.isEmpty, page.next == nil, next.node < clients.count {
                    place = next
                    continue
                }
                return RowPage(rows: page.rows, next: next.node < clients.count ? next.cursor : nil)
            } catch {
                failure = failure ?? .because(error)
                place = place.next
            }
        }
        // What only this node could tell is missing; where none could be asked, nothing can be told.
        if let failure, book.withLock({ $0.pages.allSatisfy { $0.failure != nil } }) { throw failure }
        return RowPage(rows: [], next: nil)
    }

    private func page(of node: Int, after mark: [UInt8]?, limit: Int) async throws -> RowPage {
        var query = [("limit", "\(limit)")]
        if let mark { query.append(("after", Base64URL.encode(mark))) }
        let questions = query
        // What a new process holds mustn't take the place of what was seen in the one before, which is lost with it.
        if mark == nil { try await meet([node]) }
        let answers = try await ask([node]) { client in
            try RowPage(json: try await client.get("/v1/sessions", questions).json, limit: limit)
        }
        guard var page = answers.first?.answer.success else { return RowPage(rows: [], next: nil) }
        page.rows = named(page.rows, node)
        book.withLock { [rows = page.rows] in $0.note(rows, of: node, beginsAnew: mark == nil) }
        return page
    }

    /// Rows that lie in a node's memory are that node's, where nobody has served them yet.
    func named(_ rows: [SessionRow], _ node: Int) -> [SessionRow] {
        guard let name = book.withLock({ $0.pages[node].isMemory ? $0.pages[node].name : nil }) else { return rows }
        return rows.map { row in
            var row = row
            row.node = row.node ?? name
            return row
        }
    }

    /// One session: as the node has it that serves it, else as one has it where it has ended.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` where no node has it, and one could not be asked.
    public func detail(_ id: IDHash) async throws -> SessionDetail? {
        let answers = try await ask { client in
            try (try await client.get("/v1/sessions/\(id.hexadecimal)")).value("session").map {
                try SessionDetail(json: $0)
            }
        }
        let found = answers.compactMap { index, answer -> SessionDetail? in
            guard var detail = answer.success ?? nil, detail.row.id == id else { return nil }
            detail.row = named([detail.row], index).first ?? detail.row
            detail.location.insert((name: "node", value: "\(clients[index].address)"), at: 0)
            return detail
        }
        if let best = found.first(where: { $0.row.standing(at: time.wall()) == .live }) ?? found.first { return best }
        try requireAll(answers)
        return nil
    }

    /// The sessions whose handle begins so, at any node.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` where none is found, and a node could not be asked.
    public func find(_ prefix: HandlePrefix, limit: Int) async throws -> [IDHash] {
        let answers = try await ask { client in
            try (try await client.get("/v1/handles/\(prefix)", [("limit", "\(max(1, limit))")])).ids("sessions")
        }
        let found = Set(answers.flatMap { $0.answer.success ?? [] }.filter(prefix.matches))
        if found.isEmpty { try requireAll(answers) }
        return Array(found.sorted().prefix(max(0, limit)))
    }

    /// The live sessions of one user, at all nodes that answer.
    public func sessions(ofUser user: String, at now: Timestamp) async throws -> [IDHash] {
        let answers = try await ask { client in
            try (try await client.get("/v1/user-sessions", [("user", user), ("at", "\(now)")])).ids(
                "sessions", limit: 1_000_000)
        }
        var known: Set<IDHash> = []
        return answers.flatMap { $0.answer.success ?? [] }.filter { known.insert($0).inserted }
    }

    /// Counts over all nodes that answer; a user at two nodes is one user.
    public func statistics(at now: Timestamp) async throws -> StoreStatistics {
        let isSeveral = book.withLock { $0.isSeveral }
        let answers = try await ask { client in
            let query = [("at", "\(now)")] + (isSeveral ? [("digests", "yes")] : [])
            let fields = try await client.get("/v1/statistics", query)
            let users = fields.value("userDigests") == nil ? [] : try fields.bytes("userDigests")
            return (try StoreStatistics(json: fields.value("statistics") ?? .null), users)
        }
        let found = answers.compactMap(\.answer.success)
        var sum = found.map(\.0).reduce(StoreStatistics(), +)
        if isSeveral { sum.users = Set(found.flatMap { Self.words($0.1) }).count }
        return sum
    }

    /// Eight bytes each.
    private static func words(_ bytes: [UInt8]) -> [UInt64] {
        stride(from: 0, to: bytes.count - bytes.count % 8, by: 8).map { start in
            bytes[start..<start + 8].reduce(0) { $0 << 8 | UInt64($1) }
        }
    }

    /// The audit log of the only node.
    ///
    /// - Throws: ``SessionsError`` with `unsupported` where there are several, each with its own.
    public func audit(after number: Int64, limit: Int) async throws -> [AuditEntry] {
        if let reason = capabilities.audit.reason { throw SessionsError(.unsupported, reason) }
        let count = min(max(1, limit), NodeCursor.pageLimit)
        let answers = try await ask { client in
            let query = [("after", "\(max(0, number))"), ("limit", "\(count)")]
            return try (try await client.get("/v1/audit", query)).list("entries", limit: count).map {
                try AuditEntry(json: $0)
            }
        }
        return answers.first?.answer.success ?? []
    }

    /// Refuses to say that something isn't there while a node that may have it gives no answer.
    func requireAll<Answer>(_ answers: [(index: Int, answer: Result<Answer, SessionsError>)]) throws {
        if let failure = answers.compactMap({ $0.answer.failure }).first { throw failure }
    }
}

/// Where a page ended: at which node, and where in its rows.
struct NodeCursor {
    let node: Int
    /// The node's own mark; `nil`: before its first row.
    let mark: [UInt8]?

    /// The most that a node answers at once.
    static let pageLimit = 1000

    init(node: Int, mark: [UInt8]?) { (self.node, self.mark) = (node, mark) }

    init(_ cursor: RowCursor) throws {
        guard cursor.mark.count >= 3 else { throw JSONFields.malformed("the cursor") }
        node = Int(cursor.mark[0]) << 8 | Int(cursor.mark[1])
        mark = cursor.mark[2] == 0 ? nil : Array(cursor.mark[3...])
    }

    var next: NodeCursor { NodeCursor(node: node + 1, mark: nil) }

    var cursor: RowCursor {
        RowCursor(
            mark: [UInt8(truncatingIfNeeded: node >> 8), UInt8(truncatingIfNeeded: node), mark == nil ? 0 : 1]
                + (mark ?? []))
    }
}
