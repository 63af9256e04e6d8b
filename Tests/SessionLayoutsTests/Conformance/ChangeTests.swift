import Sessions
import Testing

@testable import SessionLayouts

/// What a revoke and an extend change, as values.
@Suite struct ChangeTests {
    @Test("a revoke removes the session's own key or row, and a lock with it", arguments: Fixture.all)
    func removal(_ fixture: Fixture) throws {
        let layout = try fixture.layout()
        for record in try fixture.records() {
            let user = layout.read(record, at: try fixture.dumped())?.row.user
            switch (try layout.removal(of: record, user: user), layout.place) {
            case (.deleteKeys(let keys), .keys):
                #expect(keys.first == record.key)
                #expect(keys.count == (layout.name == "php-memcached" ? 2 : 1))
            case (.deleteRow(let key), .table(let place)):
                #expect(key == record.key && place.active == nil)
            case (.setColumns(let key, let columns), .table(let place)):
                #expect(key == record.key && columns.map(\.name) == [place.active])
            case (.endSpring(let end), .spring(let place)):
                #expect(place.isIndexed && end.keys.first == record.key)
                #expect(end.keys.count == (user == nil ? 4 : 5) && end.arguments.count == 5)
            case (.deleteKeys(let keys), .spring(let place)):
                #expect(!place.isIndexed && keys == [record.key])
            default: Issue.record("a change of another kind of store")
            }
        }
    }

    @Test("a payload with NaN is read, and not written again: it would be a text")
    func notANumber() throws {
        let layout = try LayoutCatalogue.layout(named: "starsessions", in: .redis)
        let key = Array(("starsessions." + String(repeating: "ab", count: 16)).utf8)
        let value = Array(
            #"{"user_id":7,"ratio":NaN,"__metadata__":{"lifetime":600,"created":1800000000.5,"last_access":1.5}}"#.utf8)
        let record = LayoutRecord.key(KeyRecord(key: key, value: value, byteCount: value.count, life: .seconds(60)))
        let now = Timestamp(milliseconds: 1_800_000_000_500)
        let found = try #require(layout.read(record, at: now))
        #expect(found.row.user == "7" && found.data?["ratio"] == "NaN")
        #expect(throws: SessionsError.self) { try layout.move(record, to: now + .seconds(9000)) }
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
            let before = try #require(layout.read(record, at: dumped))
            guard before.row.deadlines.idle != nil else { continue }
            let wanted = layout.writable(wanted, for: record)
            let moved = try apply(try layout.move(record, to: wanted), to: record, now: dumped)
            let after = try #require(layout.read(moved, at: dumped))
            #expect(after.row.deadlines.idle == wanted)
            #expect(after.row.seen == before.row.seen || layout.lifetime != nil)
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

    @Test(
        "a deadline in the payload that is later than the new one stays: only the key lives longer",
        arguments: [
            Fixture("go-scs-redis", "scs-redis", .redis), Fixture("starsessions-redis-fixed", "starsessions", .redis),
        ])
    func neverShortens(_ fixture: Fixture) throws {
        let layout = try fixture.layout()
        let wanted = try fixture.dumped() + .seconds(120)
        var isTried = false
        for record in try fixture.records() {
            guard case .key(let whole) = record, whole.life ?? .zero >= .seconds(600) else { continue }
            // Such a session of starsessions has the store's longest life: its lifetime is raised in any case.
            let lifetime = layout.read(record, at: try fixture.dumped())?.data?["__metadata__"]?["lifetime"]
            guard lifetime != .number("0") else { continue }
            isTried = true
            // As an application with an idle timeout keeps it.
            let idling = LayoutRecord.key(
                KeyRecord(key: whole.key, value: whole.value, byteCount: whole.byteCount, life: .seconds(60)))
            #expect(
                try layout.move(idling, to: wanted) == .expireKey(whole.key, until: wanted, replacing: nil))
        }
        #expect(isTried)
    }

    @Test(
        "a moment after the year 9999 is refused: as text it would come before all others",
        arguments: [ColumnClock.text, .seconds, .milliseconds, .fluent, .julianDay])
    func yearsOfFiveDigits(_ clock: ColumnClock) throws {
        let last = Timestamp.lastWritable
        #expect(last == Timestamp(rfc3339: "9999-12-31T23:59:59Z"))
        let written = try clock.value(last, inPlaceOf: .null)
        #expect(clock.moment(written) == last)
        #expect(throws: SessionsError.self) { try clock.value(last + .seconds(1), inPlaceOf: .null) }
    }

    /// Does in memory what a store would do.
    private func apply(_ change: LayoutChange, to record: LayoutRecord, now: Timestamp) throws -> LayoutRecord {
        switch (change, record) {
        case (.expireKey(let key, let until, let replacement), .key(let record)):
            #expect(key == record.key && replacement?.old ?? record.value == record.value)
            let value = replacement?.new ?? record.value
            return .key(KeyRecord(key: key, value: value, byteCount: value?.count ?? 0, life: until - now))
        case (.setColumns(let key, let changes), .row(let record)):
            #expect(key == record.key)
            var columns = Dictionary(uniqueKeysWithValues: record.names.map { ($0, record[$0]) })
            for change in changes {
                #expect(columns[change.name] == change.old)
                columns[change.name] = change.new
            }
            return .row(
                RowRecord(key: key, byteCount: record.byteCount, columns: columns, parts: record.parts))
        case (.moveSpring(let move), .hash(let record)):
            #expect(move.keys.first == record.key)
            #expect(move.old == [record["lastAccessedTime"], record["maxInactiveInterval"]])
            let parts = record.parts.map {
                $0.name == Array("maxInactiveInterval".utf8) ? PayloadPart(name: $0.name, value: move.interval) : $0
            }
            let life = move.until - now + (move.keys.count > 1 ? .seconds(300) : .zero)
            return .hash(
                HashRecord(
                    key: record.key, parts: parts, byteCount: record.byteCount, life: life, hasShadow: record.hasShadow)
            )
        default: throw Broken()
        }
    }
}
