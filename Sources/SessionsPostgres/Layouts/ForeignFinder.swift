internal import SessionLayouts
internal import Sessions

/// Finds out which framework's sessions a database has.
struct ForeignFinder {
    let pool: ConnectionPool
    let tables: [String: ForeignTable]
    let place: String
    let time: TimeSource

    /// The layout that was asked for, where its table is there; else the one that most of a sample's rows are of.
    ///
    /// - Throws: `notAStore` where there is none, `refused` where the role may not read it.
    func match(_ named: Layout?) async throws -> LayoutMatch {
        var best: LayoutMatch?
        for table in tables.values.sorted(by: { $0.name < $1.name }) {
            let columns = Array(table.types.keys)
            for layout in LayoutCatalogue.candidates(forTable: table.name, columns: columns, in: .postgres) {
                if let named, layout.name != named.name { continue }
                try checkReading(layout, table)
                if let named { return LayoutMatch(asked: named) }
                let match = try await sampled(layout)
                if match.hits > best?.hits ?? -1 { best = match }
            }
        }
        guard let best else {
            let what = named.map { "no table of the layout \($0.name)" } ?? "no sessions of a layout that is known"
            throw SessionsError(
                .notAStore, "\(place) has \(what) in its schema: see `sessiontop layouts`, and name one with --layout")
        }
        return best
    }

    /// The table that a layout's sessions lie in.
    func table(of layout: Layout) throws -> ForeignTable {
        guard case .table(let place) = layout.place, let table = tables[place.table] else {
            throw SessionsError(.notAStore, "\(self.place) has no table of the layout \(layout.name)")
        }
        return table
    }

    /// What reads and changes a layout's sessions.
    func source(_ layout: Layout) throws -> PostgresLayoutSource {
        let table = try table(of: layout)
        guard case .table(let place) = layout.place else {
            throw SessionsError(.unsupported, "the layout \(layout.name) has no table: name another with --layout")
        }
        return PostgresLayoutSource(
            pool: pool,
            statements: TableStatements(
                place: place, types: table.types, writesServersTime: layout.name == "connect-pg-simple"))
    }

    private func checkReading(_ layout: Layout, _ table: ForeignTable) throws {
        guard case .table(let place) = layout.place, !table.hidden.isDisjoint(with: place.columns) else { return }
        throw SessionsError(
            .refused, "the role may not read the sessions of \(self.place): grant it SELECT on \(table.name)")
    }

    private func sampled(_ layout: Layout) async throws -> LayoutMatch {
        let source = try source(layout)
        let keys = try await source.keys(after: nil, limit: LayoutCatalogue.sampleSize).keys
        let sample = try await source.records(keys).compactMap { $0 }
        return LayoutCatalogue.match(sample, among: [layout], at: time.wall())
            ?? LayoutCatalogue.match(emptyTableOf: layout)
    }
}
