/// What operators look at.
extension MemoryState {
    func rows(after cursor: RowCursor?, limit: Int) -> RowPage {
        let last = cursor.map { $0.mark.reduce(0) { $0 << 8 | Int64($1) } } ?? 0
        let from = places.partitioningIndex { $0.place > last }
        let limit = max(1, limit)
        let page = Array(places[from...].lazy.filter { records[$0.id]?.place == $0.place }.prefix(limit))
        let end = page.count == limit ? page.last?.place : nil
        return RowPage(
            rows: page.compactMap { row($0.id) },
            next: end.map { end in RowCursor(mark: withUnsafeBytes(of: end.bigEndian) { Array($0) }) })
    }

    func changes(after position: ChangePosition, limit: Int) -> RowChanges {
        guard (changeStart...changeEnd).contains(position.value) else {
            return RowChanges(rows: [], position: ChangePosition(changeEnd), mustReload: true)
        }
        let changed = records.values.filter { $0.change > position.value }.map { ($0.change, $0.session.id, true) }
        let removed = removals.filter { $0.change > position.value }.map { ($0.change, $0.id, false) }
        let all = (changed + removed).sorted { $0.0 < $1.0 }
        let told = all.prefix(max(1, limit))
        let hasMore = told.count < all.count
        return RowChanges(
            rows: told.filter(\.2).compactMap { row($0.1) }, removed: told.filter { !$0.2 }.map(\.1),
            position: ChangePosition(hasMore ? told.last?.0 ?? changeEnd : changeEnd), hasMore: hasMore)
    }

    func row(_ id: IDHash) -> SessionRow? {
        guard let session = session(id) else { return nil }
        return SessionRow(session, isCut: false, byteCount: session.payload.bytes.count)
    }

    func detail(_ id: IDHash, namespace: String) -> SessionDetail? {
        guard let row = row(id), let session = session(id) else { return nil }
        func moment(_ moment: Timestamp?) -> String { moment?.description ?? "none" }
        return SessionDetail(
            row: row, session: session, payload: session.payload, namespace: namespace,
            location: [
                ("memory", "of this process"), ("namespace", namespace),
                ("idle deadline", moment(session.deadlines.idle)),
                ("absolute deadline", moment(session.deadlines.absolute)), ("epoch", "\(session.epoch)"),
            ])
    }

    func statistics(at now: Timestamp) -> StoreStatistics {
        var statistics = StoreStatistics()
        var users: Set<[UInt8]> = []
        for session in records.values.lazy.map(\.session) {
            switch standing(of: session, at: now) {
            case .revoked: statistics.revoked += 1
            case .expired: statistics.expired += 1
            case .live:
                statistics.addLive(session.deadlines, byteCount: session.payload.bytes.count, at: now)
                if let user = session.user { users.insert(Array(user.utf8)) } else { statistics.anonymous += 1 }
            }
        }
        statistics.users = users.count
        return statistics
    }
}
