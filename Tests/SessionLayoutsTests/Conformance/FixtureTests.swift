import SessionLayouts
import Sessions
import Testing

/// Every layout reads what its framework really wrote.
@Suite struct FixtureTests {
    @Test("every session is found, with its user and its deadline", arguments: Fixture.all)
    func rows(_ fixture: Fixture) throws {
        let layout = try fixture.layout()
        let dumped = try fixture.dumped()
        let records = try fixture.records()
        let found = records.compactMap { layout.read($0, at: dumped) }
        let expected = try fixture.expected()
        #expect(records.count == expected.count)
        #expect(found.count == expected.count)
        let byID = Dictionary(uniqueKeysWithValues: found.map { ($0.row.id, $0) })
        for session in expected {
            let read = try #require(byID[IDHash(hashing: Array(session.id.utf8))])
            #expect(read.key == Array(session.storeKey.utf8))
            #expect(read.row.user == session.user, "\(session.label)")
            #expect((read.row.byteCount ?? 0) > 0 || fixture.holds == .nothing)
            #expect(layout.id(ofKey: read.key) == read.row.id)
            guard let life = session.life else {
                #expect(read.row.deadlines.idle == nil)
                continue
            }
            let left = (try #require(read.row.deadlines.idle) - dumped).inSeconds
            // A store counts from the write, some seconds before the dump; memcached in whole seconds.
            #expect(left <= life + 1 && left > life - 15, "\(session.label): \(left) of \(life)")
        }
    }

    /// The same twenty sessions were written by every framework: what all of them kept has to be the same.
    @Test("every payload holds what was put into it", arguments: Fixture.all)
    func payloads(_ fixture: Fixture) throws {
        let layout = try fixture.layout()
        let found = try sessions(fixture)
        for (label, session) in found where label != "expired" {
            guard fixture.folder != "laravel-database-encrypt-sqlite" else {
                #expect(session.data == nil)
                #expect(session.note?.contains("APP_KEY") == true)
                continue
            }
            let data = try #require(session.data, "\(label): \(session.note ?? "")")
            #expect(session.note == nil)
            let payload = layout.name.hasPrefix("scs") ? try #require(data["Values"]) : data
            let wanted = try #require(try Reference.sessions[label])
            guard fixture.holds != .nothing else { continue }
            Reference.compare(payload, wanted, label, textsAlone: fixture.holds == .texts)
            if label == "big-50k" {
                #expect((text(payload["blob"])?.utf8.count ?? 0) >= 40_000)
            }
        }
    }

    @Test("the layout is found out from a sample, and from no other's", arguments: Fixture.all)
    func detection(_ fixture: Fixture) throws {
        let layout = try fixture.layout()
        let sample = try fixture.records()
        // Tables are told apart by their names, and by their columns only where those are alike.
        let candidates = LayoutCatalogue.layouts(in: fixture.store).filter { table($0) == table(layout) }
        let match = try #require(LayoutCatalogue.match(sample, among: candidates, at: try fixture.dumped()))
        #expect(match.layout.name == layout.name)
        #expect(match.hits == sample.count)
        #expect(match.evidence?.hasPrefix("\(sample.count) of \(sample.count)") == true)
    }

    @Test("no id is in what is shown of where a session lies", arguments: Fixture.all)
    func locations(_ fixture: Fixture) throws {
        let ids = Dictionary(uniqueKeysWithValues: try fixture.expected().map { ($0.label, $0.id) })
        for (label, session) in try sessions(fixture) {
            let id = try #require(ids[label])
            #expect(!session.location.isEmpty)
            #expect(session.location.allSatisfy { !$0.value.contains(id) })
        }
    }

    private func table(_ layout: Layout) -> String? {
        if case .table(let place) = layout.place { place.table } else { nil }
    }

    private func sessions(_ fixture: Fixture) throws -> [(label: String, session: FoundSession)] {
        let layout = try fixture.layout()
        let dumped = try fixture.dumped()
        let labels = Dictionary(
            uniqueKeysWithValues: try fixture.expected().map { (Array($0.storeKey.utf8), $0.label) })
        return try fixture.records().map { record in
            (try #require(labels[record.key]), try #require(layout.read(record, at: dumped)))
        }
    }
}

/// The sessions as express wrote them, in JSON: read by the parser of `Sessions` alone.
private enum Reference {
    static var sessions: [String: JSONValue] {
        get throws {
            let fixture = Fixture("express-session-connect-redis", "connect-redis", .redis)
            let labels = Dictionary(
                uniqueKeysWithValues: try fixture.expected().map { (Array($0.storeKey.utf8), $0.label) })
            var sessions: [String: JSONValue] = [:]
            for case .key(let record) in try fixture.records() {
                sessions[try #require(labels[record.key])] = JSONValue(parsing: record.value ?? [])
            }
            return sessions
        }
    }

    /// What only express has, and what each has its own of.
    private static let own: Set<String> = ["cookie", "passport", "userId", "blob"]

    static func compare(_ payload: JSONValue, _ wanted: JSONValue, _ label: String, textsAlone: Bool) {
        guard case .object(let members) = wanted else { return }
        for member in members where !own.contains(member.name) {
            if textsAlone, case .string = member.value {} else if textsAlone { continue }
            let there = same(payload[member.name] ?? .null, member.value)
            #expect(there, "\(label), \(member.name)")
        }
    }

    /// PHP knows one kind of empty, gob keeps no nothing, and a number may be written in several ways.
    private static func same(_ a: JSONValue, _ b: JSONValue) -> Bool {
        switch (a, b) {
        case (.number(let x), .number(let y)): Double(x) == Double(y)
        case (.array(let x), .object(let y)) where x.isEmpty && y.isEmpty: true
        case (.array(let x), .array(let y)): x.count == y.count && zip(x, y).allSatisfy(same)
        case (.object(let x), .object(let y)):
            Set(x.map(\.name) + y.map(\.name)).allSatisfy { name in
                same(JSONValue.object(x)[name] ?? .null, JSONValue.object(y)[name] ?? .null)
            }
        case (.string(let x), .string(let y)): x.utf8.elementsEqual(y.utf8)
        default: a == b
        }
    }
}
