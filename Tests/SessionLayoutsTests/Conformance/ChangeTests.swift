import SessionLayouts
import Sessions
import Testing

/// What a revoke and an extend change, as values.
@Suite struct ChangeTests {
    @Test("a revoke removes the session's own key or row, and a lock with it", arguments: Fixture.all)
    func removal(_ fixture: Fixture) throws {
        let layout = try fixture.layout()
        for record in try fixture.records() {
            switch (layout.removal(of: record.key), layout.place) {
            case (.deleteKeys(let keys), .keys):
                #expect(keys.first == record.key)
                #expect(keys.count == (layout.name == "php-memcached" ? 2 : 1))
            case (.deleteRow(let table, let column, let key), .table(let place)):
                #expect(table == place.table && column == place.key && key == record.key)
            default: Issue.record("a change of another kind of store")
            }
        }
    }

    @Test("an extend moves every place that keeps the deadline", arguments: Fixture.all)
    func moving(_ fixture: Fixture) throws {
        let layout = try fixture.layout()
        guard layout.capabilities().extend.isPossible else { return }
        let dumped = try fixture.dumped()
        let wanted = Timestamp(milliseconds: (dumped.milliseconds / 1000 + 9_000_000) * 1000)
        for record in try fixture.records() {
            // An entry of Rails' cache up to 6.1 keeps its expiry where it can't be moved.
            guard layout.name != "rails-cache" else {
                #expect(throws: SessionsError.self) { try layout.move(record, to: wanted) }
                continue
            }
            let moved = try apply(try layout.move(record, to: wanted), to: record, now: dumped)
            let before = try #require(layout.read(record, at: dumped))
            let after = try #require(layout.read(moved, at: dumped))
            #expect(after.row.deadlines.idle == wanted)
            #expect(after.row.user == before.row.user)
            if layout.name.hasPrefix("scs") {
                #expect(after.data?["Deadline"] == .time(wanted))
                #expect(after.data?["Values"] == before.data?["Values"])
            } else if layout.name == "starsessions" {
                let metadata = try #require(after.data?["__metadata__"])
                let created = try #require(text(metadata["created"]).flatMap(Double.init))
                let life = try #require(text(metadata["lifetime"]).flatMap(Double.init))
                #expect((0..<1).contains(created + life - Double(wanted.milliseconds) / 1000))
                #expect(metadata["created"] == before.data?["__metadata__"]?["created"])
            } else {
                #expect(after.data == before.data)
            }
        }
    }

    /// Does in memory what a store would do.
    private func apply(_ change: LayoutChange, to record: LayoutRecord, now: Timestamp) throws -> LayoutRecord {
        switch (change, record) {
        case (.expireKey(let key, let until, let replacement), .key(let record)):
            #expect(key == record.key && replacement?.old ?? record.value == record.value)
            let value = replacement?.new ?? record.value
            return .key(KeyRecord(key: key, value: value, byteCount: value?.count ?? 0, life: until - now))
        case (.setColumns(_, _, let key, let changes), .row(let record)):
            var columns = Dictionary(uniqueKeysWithValues: record.names.map { ($0, record[$0]) })
            for change in changes {
                #expect(columns[change.name] == change.old)
                columns[change.name] = change.new
            }
            return .row(RowRecord(key: key, byteCount: record.byteCount, columns: columns))
        default: throw Broken()
        }
    }
}
