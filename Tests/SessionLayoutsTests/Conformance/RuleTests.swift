import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionLayouts

/// What single layouts say of sessions that no fixture has.
@Suite struct RuleTests {
    private let time = ManualTime()

    private func record(_ key: String, _ value: [UInt8]?, life: Duration? = .seconds(600)) -> LayoutRecord {
        .key(KeyRecord(key: Array(key.utf8), value: value, byteCount: value?.count ?? 1_100_000, life: life))
    }

    /// A session of Spring's, as its serializer of JSON writes one.
    private func spring(_ number: Int, _ attributes: [(String, [UInt8]?)]) -> LayoutRecord {
        let times = ["creationTime", "lastAccessedTime", "maxInactiveInterval"].map { name in
            PayloadPart(name: Array(name.utf8), value: Array("1795455990000".utf8))
        }
        let others = attributes.map { name, value in
            PayloadPart(name: Array("sessionAttr:\(name)".utf8), value: value)
        }
        let digits = "\(number)"
        let id = "0f8fad5b-d9cb-469f-a165-" + String(repeating: "0", count: 12 - digits.count) + digits
        return .hash(
            HashRecord(
                key: Array("spring:session:sessions:\(id)".utf8), parts: times + others, byteCount: 0, life: nil,
                hasShadow: false))
    }

    private func directory(_ layout: Layout, _ source: RecordSource) -> LayoutDirectory {
        LayoutDirectory(
            LayoutMatch(asked: layout), in: source, url: "", software: "", readOnly: nil, time: time.source)
    }

    private var order: Order { Order(actor: "test", reason: nil, at: time.now) }

    /// A text of MessagePack, of up to 31 bytes.
    private func packed(_ text: String) -> [UInt8] { [0xA0 | UInt8(text.utf8.count)] + Array(text.utf8) }

    @Test("sessions that can't be read are nobody's and not anonymous, and are told where a user's are looked for")
    func unreadable() async throws {
        let layout = try LayoutCatalogue.layout(named: "connect-redis", in: .redis)
        func key(_ number: Int) -> String { "sess:\(number)" + String(repeating: "a", count: 31) }
        let source = RecordSource([
            record(key(0), Array(#"{"cookie":{},"userId":"alice"}"#.utf8)),
            record(key(1), Array(#"{"cookie":{}}"#.utf8)),
            record(key(2), nil), record(key(3), Array("sealed".utf8)), record(key(4), nil, life: .zero),
        ])
        let directory = directory(layout, source)
        let counts = try await directory.statistics(at: time.now)
        #expect(counts.sessions == 4 && counts.users == 1 && counts.anonymous == 1)
        #expect(await directory.gaps().isEmpty)
        let receipt = try await directory.revoke(.user("alice"), order: order)
        #expect(receipt.outcomes.map(\.outcome) == [.revoked])
        #expect(receipt.gaps == ["2 sessions can't be read: whose they are isn't known"])
        #expect(await directory.gaps().isEmpty, "nobody has looked but the revoke")
        #expect(try await directory.revoke(.sessions([]), order: order).gaps.isEmpty)
        _ = try await directory.sessions(ofUser: "bob", at: time.now)
        #expect(await directory.gaps() == receipt.gaps)
    }

    @Test("an attribute that would name the user, and can't be read, makes the user unknown")
    func unreadableParts() throws {
        let layout = try LayoutCatalogue.layout(named: "spring-redis", in: .redis)
        func isUnknown(_ attributes: [(String, [UInt8]?)]) -> Bool? {
            layout.read(spring(0, attributes), at: time.now)?.isUserUnknown
        }
        #expect(isUnknown([]) == false)
        #expect(isUnknown([("cart", nil), ("theme", [0xFF])]) == false)
        #expect(isUnknown([("SPRING_SECURITY_CONTEXT", nil)]) == true)
        #expect(isUnknown([("SPRING_SECURITY_CONTEXT", [0xFF])]) == true)
        #expect(isUnknown([("SPRING_SECURITY_CONTEXT", nil), (SpringPlace.principal, Array(#""a""#.utf8))]) == false)
    }

    @Test("users' sets are gone through once for an order, and only for sessions that have a user who can't be read")
    func indexedUsers() async throws {
        let layout = try LayoutCatalogue.layout(named: "spring-redis-indexed", in: .redis)
        let anonymous = [spring(0, []), spring(1, [("cart", nil)])]
        let known = spring(2, [("SPRING_SECURITY_CONTEXT", nil), (SpringPlace.principal, Array(#""a""#.utf8))])
        let unknown = (3..<600).map { spring($0, [("SPRING_SECURITY_CONTEXT", nil)]) }
        let source = RecordSource(anonymous + [known] + unknown)
        let receipt = try await directory(layout, source).revoke(.everyone, order: order)
        #expect(receipt.outcomes.count == 600 && receipt.outcomes.allSatisfy { $0.outcome == .revoked })
        let ends = try unknown.map { try layout.removal(of: $0, user: nil) }
        #expect(source.tidied.withLock { $0 } == [ends])

        let others = RecordSource(anonymous + [known])
        _ = try await directory(layout, others).revoke(.everyone, order: order)
        #expect(others.changes.withLock { $0.count } == 3 && others.tidied.withLock { $0.isEmpty })
    }

    private func littleEndian(_ number: Double) -> [UInt8] {
        withUnsafeBytes(of: number.bitPattern.littleEndian) { Array($0) }
    }

    @Test("an entry of Rails' cache tells its expiry by its header, and is never half extended")
    func railsEntries() async throws {
        let layout = try LayoutCatalogue.layout(named: "rails-cache", in: .redis)
        let key = "shop:_session_id:2::" + String(repeating: "a", count: 63)
        // Rails 7.1 with a payload of MessagePack, and the format of 7.0: marshalled, the value and its expiry.
        func coded(_ seconds: Double) -> [UInt8] {
            var bytes: [UInt8] = [0x00, 0x11, 0x00]
            bytes += littleEndian(seconds)
            bytes += [0xFF, 0xFF, 0xFF, 0xFF, 0x81]
            return bytes + packed("user_id") + packed("7")
        }
        var old: [UInt8] = [0x00, 0x04, 0x08, 0x5B, 0x07, 0x7B, 0x00, 0x66, 0x11]
        old += Array("1800000600.0".utf8)
        let source = RecordSource([
            record(key + "1", coded(1_800_000_600), life: .seconds(900)), record(key + "2", old, life: .seconds(900)),
        ])
        let directory = directory(layout, source)
        let rows = try await directory.rows(after: nil, limit: 10).rows
        #expect(rows.first?.deadlines.idle == Timestamp(milliseconds: 1_800_000_600_000))
        let until = Timestamp(milliseconds: 1_800_009_000_000)
        let outcomes = try await directory.extend(rows.map(\.id), to: .until(until), order: order)
        #expect(outcomes.map(\.word) == ["extended", "unchanged"])
        let replacement = LayoutChange.Replacement(old: coded(1_800_000_600), new: coded(1_800_009_000))
        let moved = LayoutChange.expireKey(Array((key + "1").utf8), until: until, replacing: replacement)
        #expect(source.changes.withLock { $0 } == [moved])
        // One that never expires keeps no expiry.
        let never = record(key + "3", coded(-1))
        #expect(
            try layout.move(never, to: until)
                == .expireKey(Array((key + "3").utf8), until: until, replacing: nil))
    }

    @Test("Laravel's user is the one that a guard has signed in, whatever else begins with `login_`")
    func laravelsUser() throws {
        let hash = "59ba36addc2b2f9401580f014c7f58ea4e30989d"
        let others = #""_token":"x","login_time":1795759000,"login_\#(hash)":3,"login_web_\#(hash)0":4"#
        func user(_ name: String) throws -> String? {
            UserRule.laravel.user(in: try #require(JSONValue(parsing: Array("{\(others),\"\(name)\":7}".utf8))))
        }
        #expect(try user("login_web_\(hash)") == "7")
        #expect(try user("login_my_admins_\(hash)") == "7")
        #expect(try user("password_hash_web") == nil)
    }

    @Test("Laravel's sessions are read whatever phpredis wraps their text in, and sealed ones are known as such")
    func laravelTexts() throws {
        let layout = try LayoutCatalogue.layout(named: "laravel-redis", in: .redis)
        let guarded = "login_web_59ba36addc2b2f9401580f014c7f58ea4e30989d"
        let plain = [
            #"a:2:{s:6:"_token";s:1:"x";s:50:"\#(guarded)";i:7;}"#, #"{"_token":"x","\#(guarded)":7}"#,
        ]
        let sealed = Base64.encode(Array(#"{"iv":"a","value":"b","mac":"c"}"#.utf8))
        for text in plain + [sealed] {
            let (bytes, count) = (Array(text.utf8), UInt8(text.utf8.count))
            var json: [UInt8] = []
            JSONValue.string(text).write(to: &json)
            let wrapped: [[UInt8]] = [
                Array("s:\(count):\"\(text)\";".utf8), [0, 0, 0, 2, 0x11, count] + bytes, [0xD9, count] + bytes, json,
                bytes,
            ]
            for value in wrapped {
                let key = "shop:" + String(repeating: "a", count: 40)
                let found = try #require(layout.read(record(key, value), at: time.now))
                #expect(found.row.user == (text == sealed ? nil : "7") && found.isSealed == (text == sealed))
                #expect(found.isUserUnknown == (text == sealed))
            }
        }
    }

    @Test(
        "a moment as Go prints it is one",
        arguments: [
            ("2026-11-28 05:00:00 +0000 UTC", "2026-11-28T05:00:00Z"),
            ("2026-11-28 05:00:00.123456789 +0200 CEST", "2026-11-28T03:00:00.123Z"),
            ("2026-11-28 05:00:00.5 -0330 NST m=+0.000012345", "2026-11-28T08:30:00.500Z"),
            ("2026-11-28 05:00:00 +00:0 UTC", nil), ("2026-11-28 05:00:00 UTC", nil), ("next week, +0000 UTC", nil),
        ] as [(String, String?)])
    func goMoments(_ text: String, _ expected: String?) {
        #expect(ColumnClock.text.moment(.text(text)) == expected.flatMap { Timestamp(rfc3339: $0) })
    }

    @Test("an end that can't be read is not never: it isn't counted as such, and isn't moved")
    func unknownEnd() async throws {
        let layout = try LayoutCatalogue.layout(named: "kratos", in: .sqlite)
        guard case .table(let place) = layout.place else { throw Broken() }
        func row(_ id: String, _ expires: ColumnValue) -> LayoutRecord {
            var columns = Dictionary(uniqueKeysWithValues: place.columns.map { ($0, ColumnValue.null) })
            columns["active"] = .integer(1)
            columns["expires_at"] = expires
            return .row(RowRecord(key: Array(id.utf8), byteCount: 0, columns: columns))
        }
        let source = RecordSource([
            row("a", .text("2099-11-28 05:00:00 +0000 UTC")), row("b", .text("next week")), row("c", .null),
            row("d", .text("infinity")),
        ])
        let directory = directory(layout, source)
        let rows = try await directory.rows(after: nil, limit: 10).rows
        #expect(rows.map(\.deadlines.idle) == [Timestamp(rfc3339: "2099-11-28T05:00:00Z"), nil, nil, nil])
        let counts = try await directory.statistics(at: time.now)
        #expect(counts.sessions == 4 && counts.withoutExpiry == 2)
        let outcomes = try await directory.extend(rows.map(\.id), to: .by(.seconds(60)), order: order)
        #expect(outcomes.map(\.word) == ["extended", "failed", "unchanged", "unchanged"])
        #expect(try await directory.detail(rows[1].id)?.decoded?.note == "When it ends can't be read.")
    }

    @Test("Flask's sessions are listed and ended with and without `_permanent`, whatever their ids are made of")
    func flask() async throws {
        let user = packed("_user_id") + packed("7")
        let payloads: [[UInt8]] = [[0x81] + user, [0x82] + packed("_permanent") + [0xC3] + user]
        let ids = ["0f8fad5b-d9cb-469f-a165-70867728950e", "Jt4Zq0xkqYk0bF3mT2c_uAWi5l6nO7pQ8rS9tU-vWxY"]
        let records = payloads.flatMap { value in
            ids.map { record("session:\($0.dropLast())\(value.count % 10)", value) }
        }
        let layout = try LayoutCatalogue.layout(named: "flask-session", in: .redis)
        #expect(LayoutCatalogue.match(records, among: [layout], at: time.now)?.hits == 4)
        let source = RecordSource(records)
        let directory = directory(layout, source)
        let rows = try await directory.rows(after: nil, limit: 10).rows
        #expect(rows.map(\.user) == ["7", "7", "7", "7"])
        let receipt = try await directory.revoke(.user("7"), order: order)
        #expect(receipt.outcomes.map(\.outcome) == [.revoked, .revoked, .revoked, .revoked])
        #expect(source.changes.withLock { $0 } == records.map { LayoutChange.deleteKeys([$0.key]) })
        // Something else of the application's under the same prefix.
        #expect(layout.read(record("session:\(ids[0])", Array("17".utf8)), at: time.now) == nil)
    }
}
