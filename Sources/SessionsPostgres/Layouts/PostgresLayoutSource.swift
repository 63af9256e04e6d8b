internal import SessionLayouts
internal import Sessions

/// A layout's table in PostgreSQL.
struct PostgresLayoutSource: LayoutSource {
    let pool: ConnectionPool
    let statements: TableStatements

    func keys(after mark: [UInt8]?, limit: Int) async throws -> (keys: [[UInt8]], next: [UInt8]?) {
        let limit = max(1, limit)
        let command = mark.map { Command(statement: statements.keys, values: [.limit(limit), .bytes($0)]) }
        let query = command ?? Command(statement: statements.firstKeys, values: [.limit(limit)])
        let keys = try await use { try $0.run([query])[0].map { $0.bytes(0) } }
        return (keys, keys.count < limit ? nil : keys.last)
    }

    func records(_ keys: [[UInt8]]) async throws -> [LayoutRecord?] {
        guard !keys.isEmpty else { return [] }
        let query = Command(
            statement: statements.records, values: [.texts(keys.map { String(decoding: $0, as: UTF8.self) })])
        let found = try await use { [statements] link in
            try link.run([query])[0].map { statements.record($0) }
        }
        let byKey = Dictionary(found.map { ($0.key, $0) }) { first, _ in first }
        return keys.map { byKey[$0].map { .row($0) } }
    }

    func apply(_ changes: [LayoutChange]) async throws -> [Bool] {
        let commands = try changes.map { try statements.command($0) }
        return try await use { link in
            let answers = try link.run([.begin] + commands + [.commit])
            return answers.dropFirst().dropLast().map { $0.count > 0 }
        }
    }

    private func use<Result: Sendable>(_ work: @escaping @Sendable (Link) throws -> Result) async throws -> Result {
        try await pool.use(for: pool.limits.statement + .seconds(2), work)
    }
}
