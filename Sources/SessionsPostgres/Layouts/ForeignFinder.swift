internal import SessionLayouts
internal import Sessions

/// Finds out which framework's sessions a database has.
struct ForeignFinder {
    let pool: ConnectionPool
    let tables: ForeignTables
    let place: String
    let time: TimeSource

    /// The layout that was asked for, where its table is there; else the one that most of a sample's rows are of.
    ///
    /// - Throws: `notAStore` where there is none, `refused` where the role may not read it.
    func match(_ named: Layout?) async throws -> LayoutMatch {
        var best: LayoutMatch?
        for layout in named.map({ [$0] }) ?? LayoutCatalogue.layouts(in: .postgres) {
            guard let source = try source(layout) else { continue }
            try source.statements.checkReading(at: place)
            if named != nil { return LayoutMatch(asked: layout) }
            let match = try await sampled(layout, source)
            if match.hits > best?.hits ?? -1 { best = match }
        }
        guard let best else {
            let what = named.map { "no table of the layout \($0.name)" } ?? "no sessions of a layout that is known"
            let path = tables.searched.isEmpty ? "none that the role may use" : tables.searched
            throw SessionsError(
                .notAStore,
                "\(place) has \(what) in the schemas it looks in (\(path)): see `sessiontop layouts`, name one with "
                    + "--layout, or another schema behind the URL: ?options=-csearch_path%3DSCHEMA")
        }
        return best
    }

    /// What reads and changes a layout's sessions; `nil`: its table isn't there.
    func source(_ layout: Layout) throws -> PostgresLayoutSource? {
        guard case .table(let place) = layout.place, let found = tables.tables(of: place) else { return nil }
        let columns = Array(found.sessions.types.keys)
        let candidates = LayoutCatalogue.candidates(forTable: place.table, columns: columns, in: .postgres)
        guard candidates.contains(where: { $0.name == layout.name }) else { return nil }
        let statements = TableStatements(place: place, table: found.sessions, partsTable: found.parts)
        return PostgresLayoutSource(pool: pool, statements: statements, place: self.place)
    }

    private func sampled(_ layout: Layout, _ source: PostgresLayoutSource) async throws -> LayoutMatch {
        let keys = try await source.keys(after: nil, limit: LayoutCatalogue.sampleSize).keys
        let sample = keys.isEmpty ? [] : try await source.records(keys[...], whole: true).compactMap { $0 }
        return LayoutCatalogue.match(sample, among: [layout], at: time.wall())
            ?? LayoutCatalogue.match(tableOf: layout, looked: sample.count)
    }
}
