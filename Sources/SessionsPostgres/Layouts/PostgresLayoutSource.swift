internal import SessionLayouts
internal import Sessions

/// A layout's table in PostgreSQL.
struct PostgresLayoutSource: LayoutSource {
    /// So many bytes of payloads are read at once.
    private static let bytesAtOnce: Int64 = 8 << 20

    let pool: ConnectionPool
    let statements: TableStatements
    /// The database, as it may be shown.
    let place: String
    var traffic: StoreTraffic? { pool.meter.traffic }

    func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?) {
        let limit = max(1, limit)
        let command = mark.map { Command(statement: statements.keys, values: [.limit(limit), .bytes($0)]) }
        let query = command ?? Command(statement: statements.firstKeys, values: [.limit(limit)])
        let keys = try await use { try $0.run([query])[0].map { $0.bytes(0) } }
        return (keys, keys.count < limit ? nil : keys.last)
    }

    func records(_ keys: ArraySlice<[UInt8]>, whole: Bool) async throws -> [LayoutRecord?] {
        let isWhole = whole && statements.mayReadPayload
        let fitting = isWhole ? try await self.fitting(keys) : keys
        let query = Command(statement: statements.records(whole: isWhole), values: [.words(Array(fitting))])
        let parts = (isWhole ? statements.parts : nil).map { Command(statement: $0, values: [.words(Array(fitting))]) }
        let rows = try await use { [statements] link in
            let answers = try link.run([query] + (parts.map { [$0] } ?? []))
            let found = answers.dropFirst().first?.map { ($0.bytes(0), statements.part($0)) } ?? []
            let byOwner = Dictionary(grouping: found) { $0.0 }.mapValues { $0.map(\.1) }
            return answers[0].map { statements.record($0, wanted: whole, parts: byOwner) }
        }
        let byKey = Dictionary(rows.map { ($0.key, $0) }) { first, _ in first }
        return fitting.map { byKey[$0].map { .row($0) } }
    }

    /// The first keys whose payloads aren't too much to be read at once: at least one.
    private func fitting(_ keys: ArraySlice<[UInt8]>) async throws -> ArraySlice<[UInt8]> {
        guard keys.count > 1 else { return keys }
        let query = Command(statement: statements.sizes, values: [.words(Array(keys))])
        let sizes = try await use { try $0.run([query])[0].map { ($0.bytes(0), $0.integer(1)) } }
        let byKey = Dictionary(sizes) { first, _ in first }
        var left = Self.bytesAtOnce
        let count = keys.prefix { key in
            defer { left -= min(byKey[key] ?? 0, Int64(TableStatements.largestPayload)) }
            return left > 0
        }.count
        return keys.prefix(max(1, count))
    }

    func apply(_ changes: [LayoutChange]) async throws -> [Bool] {
        guard !changes.isEmpty else { return [] }
        let commands = try changes.map { try statements.command($0) }
        return try await use { link in
            let answers = try link.run([.begin] + commands + [.commit])
            return answers.dropFirst().dropLast().map { $0.count > 0 }
        }
    }

    /// Does work on a connection; what the role may not do is told as what this table needs.
    private func use<Result: Sendable>(_ work: @escaping @Sendable (Link) throws -> Result) async throws -> Result {
        try await pool.use(for: pool.limits.statement + .seconds(2)) { [statements, place] link in
            do { return try work(link) } catch let failure as PostgresFailure where failure.state == "42501" {
                throw SessionsError(
                    .refused,
                    "\(place) doesn't let this role do that (PostgreSQL says 42501): look at its rights on "
                        + "\(statements.table.name), and at policies of rows and triggers there")
            }
        }
    }
}
