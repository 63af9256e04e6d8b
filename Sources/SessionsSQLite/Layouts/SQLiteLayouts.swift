internal import GRDB
internal import GRDBSQLite
public import SessionLayouts
public import Sessions

/// Other frameworks' sessions in SQLite files.
public enum SQLiteLayouts {
    /// Opens the sessions of another framework in a file that is there.
    ///
    /// - Parameters:
    ///   - path: the file; only a revoke or an extend writes to it.
    ///   - name: the layout's name; `nil`: it is found out from the tables and a sample of their rows.
    ///   - isReadOnly: nothing may be changed.
    ///   - logs: where changes are put on the record; `nil`: nowhere.
    ///   - time: where time comes from.
    ///   - busyTimeout: how long to wait for another process's transaction.
    /// - Returns: the sessions.
    /// - Throws: ``SessionsError``: `usage` for a layout that isn't known, `storeNotFound` where nothing is there,
    ///   `notAStore` where no layout fits, and as the file is.
    public static func open(
        path: String, layout name: String?, isReadOnly: Bool, logs: OperatorLogs? = nil, time: TimeSource = .system,
        busyTimeout: Duration = .seconds(15)
    ) async throws -> LayoutDirectory {
        let named = try name.map { try LayoutCatalogue.layout(named: $0, in: .sqlite) }
        do {
            try ForeignFile.check(path)
            let file = ForeignFile(path: path, busyTimeout: busyTimeout)
            let readers = ReaderPool(
                path: path, identity: try FileIdentity(path: path), configuration: file.configuration(readOnly: true))
            let finder = LayoutFinder(readers: readers, path: path, time: time)
            let match = try await finder.match(named)
            let source = try finder.source(match.layout, file: isReadOnly ? nil : file)
            return LayoutDirectory(
                match, in: source, url: "sqlite:\(path)", software: "SQLite \(String(cString: sqlite3_libversion()))",
                readOnly: isReadOnly ? Capabilities.openedToRead : nil, log: logs?.log(match.layout.name), time: time)
        } catch {
            throw SessionsError.translating(error, path: path)
        }
    }
}

/// Finds out which framework's sessions a file has.
private struct LayoutFinder {
    let readers: ReaderPool
    let path: String
    let time: TimeSource

    func match(_ named: Layout?) async throws -> LayoutMatch {
        let tables = try await readers.snapshot { try $0.tables() }
        var matches: [LayoutMatch] = []
        for (table, columns) in tables {
            var candidates = LayoutCatalogue.candidates(forTable: table, columns: columns, in: .sqlite)
            candidates.removeAll { !$0.hasParts(among: tables.map(\.name)) }
            if let named {
                guard candidates.contains(where: { $0.name == named.name }) else { continue }
                return LayoutMatch(asked: named)
            }
            for layout in candidates { matches.append(try await sampled(layout)) }
        }
        guard let best = matches.max(by: { $0.hits < $1.hits }) else {
            let what = named.map { "no table of the layout \($0.name)" } ?? "no sessions of a layout that is known"
            throw SessionsError(.notAStore, "\(path) has \(what): see `sessiontop layouts`, and name one with --layout")
        }
        return best
    }

    /// What reads a layout's table, and writes to a file where there is one.
    func source(_ layout: Layout, file: ForeignFile?) throws -> SQLiteLayoutSource {
        guard case .table(let place) = layout.place else {
            throw SessionsError(.unsupported, "the layout \(layout.name) has no table: name another with --layout")
        }
        return SQLiteLayoutSource(
            statements: LayoutStatements(place: place), readers: readers, file: file, path: path)
    }

    private func sampled(_ layout: Layout) async throws -> LayoutMatch {
        let source = try source(layout, file: nil)
        let keys = try await source.keys(after: nil, limit: LayoutCatalogue.sampleSize).keys
        let sample = keys.isEmpty ? [] : try await source.records(keys[...], whole: true).compactMap { $0 }
        return LayoutCatalogue.match(sample, among: [layout], at: time.wall())
            ?? LayoutCatalogue.match(tableOf: layout, looked: sample.count)
    }
}

extension Layout {
    /// Whether the other table of its payloads is there, where it needs one.
    fileprivate func hasParts(among tables: [String]) -> Bool {
        guard case .table(let place) = place, let parts = place.parts else { return true }
        return tables.contains { $0.lowercased() == parts.table }
    }
}

extension Database {
    /// Every table with the names of its columns.
    fileprivate func tables() throws -> [(name: String, columns: [String])] {
        let names = try all("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name LIMIT 10000") {
            $0.text(0)
        }
        return try names.map { name in
            (name, try all("SELECT name FROM pragma_table_info(?1)", [.text(name)]) { $0.text(0) })
        }
    }
}
