import Sessions
import Testing

extension StoreConformance {
    static var listClauses: [Clause] {
        [
            Clause("Pages of any size list every row once, ended ones too") { world async throws in
                var ids: [IDHash] = []
                for number in 0..<7 { ids.append(try await world.issued(user: number % 2 == 0 ? "u" : nil).id) }
                _ = try await world.store.revoke(ids[3], by: "x", reason: nil, at: world.now)
                for limit in 1...8 {
                    let rows = try await world.allRows(by: limit)
                    #expect(rows.map(\.id).sorted() == ids.sorted(), "pages of \(limit)")
                    #expect(rows.filter { $0.state == .revoked }.map(\.id) == [ids[3]])
                }
            },
            Clause("A row that comes while one lists appears at most once, and none of the others is missed") {
                world async throws in
                var ids: [IDHash] = []
                for _ in 0..<6 { ids.append(try await world.issued().id) }
                let first = try await world.store.rows(after: nil, limit: 3)
                let late = try await world.issued()
                _ = try await world.store.touch(ids.map { Touch(id: $0, at: world.now, idle: nil, node: "n") })
                let rest = try await world.store.rows(after: first.next, limit: 99)
                let listed = (first.rows + rest.rows).map(\.id)
                #expect(Set(listed).count == listed.count)
                #expect(Set(ids).subtracting(listed).isEmpty)
                #expect(Set(listed).subtracting(ids).subtracting([late.id]).isEmpty)
            },
            Clause("A row says all that is known of its session") { world async throws in
                let session = try await world.issued(user: "zoë")
                _ = try await world.store.touch([
                    Touch(id: session.id, at: world.now + .seconds(1), idle: nil, ip: "::1", agent: "curl", node: "n")
                ])
                var row = SessionRow(id: session.id)
                row.user = "zoë"
                row.created = world.now
                row.seen = world.now + .seconds(1)
                row.deadlines = session.deadlines
                row.ip = "::1"
                row.agent = "curl"
                row.node = "n"
                row.byteCount = 3
                #expect(try await world.allRows() == [row])
                #expect(try await world.store.detail(session.id)?.row == row)
            },
            Clause("Changes tell each changed row once, as it is now, and only those") { world async throws in
                let sessions = [try await world.issued(), try await world.issued(), try await world.issued()]
                let position = try await world.store.changePosition()
                #expect(try await world.store.changes(after: position, limit: 9).rows.isEmpty)
                for second in 1...3 {
                    let moment = world.now + .seconds(second)
                    _ = try await world.store.touch([Touch(id: sessions[1].id, at: moment, idle: nil)])
                }
                _ = try await world.store.revoke(sessions[2].id, by: "x", reason: nil, at: world.now)
                let changes = try await world.other.changes(after: position, limit: 9)
                #expect(changes.rows.map(\.id) == [sessions[1].id, sessions[2].id])
                #expect(changes.rows.first?.seen == world.now + .seconds(3))
                #expect(changes.rows.last?.state == .revoked)
                #expect(!changes.mustReload && !changes.hasMore)
                #expect(try await world.store.changes(after: changes.position, limit: 9).rows.isEmpty)
            },
            Clause("Changes come in pieces of any size, and together they are complete") { world async throws in
                let position = try await world.store.changePosition()
                var ids: Set<IDHash> = []
                for _ in 0..<7 { ids.insert(try await world.issued().id) }
                for limit in 1...8 {
                    var told: [IDHash] = []
                    var from = position
                    var hasMore = true
                    while hasMore {
                        let changes = try await world.store.changes(after: from, limit: limit)
                        #expect(changes.rows.count <= limit)
                        told += changes.rows.map(\.id)
                        (from, hasMore) = (changes.position, changes.hasMore)
                    }
                    #expect(told.count == ids.count && Set(told) == ids, "pieces of \(limit)")
                }
            },
            Clause("Whoever follows the changes learns of every removal and every cut-off, or is told to read again") {
                world async throws in
                let gone = try await world.issued(user: "u", tenant: "t", client: "c")
                let kept = try await world.issued(user: "u", tenant: "t", client: "c", lifetime: .aal1)
                for scope in [CutoffScope.user("u"), .tenant("t"), .client("c"), .everyone] {
                    let another = try await world.issued(user: "u", tenant: "t", client: "c", lifetime: .aal1)
                    let position = try await world.store.changePosition()
                    _ = try await world.store.cutOff(scope, by: "x", reason: nil, at: world.now)
                    let changes = try await world.store.changes(after: position, limit: 99)
                    let told = changes.rows.contains { $0.id == another.id && $0.state == .revoked }
                    #expect(told || changes.mustReload, "\(scope)")
                }
                let position = try await world.store.changePosition()
                #expect(try await world.store.purge(Retention(), at: world.now + .seconds(86_400)) == 1)
                let changes = try await world.store.changes(after: position, limit: 99)
                #expect(changes.mustReload || changes.removed == [gone.id])
                #expect(try await world.allRows().contains { $0.id == kept.id })
            },
            Clause("A position from the future or from long ago means reading again") { world async throws in
                let session = try await world.issued()
                let position = try await world.store.changePosition()
                let future = ChangePosition(position.value + 1)
                #expect(try await world.store.changes(after: future, limit: 9).mustReload)
                let end = try #require(session.deadlines.absolute)
                _ = try await world.store.purge(Retention(), at: end)
                _ = try await world.store.purge(Retention(), at: end + .seconds(90_000))
                #expect(try await world.store.changes(after: position, limit: 9).mustReload)
            },
        ]
    }

    static var lookClauses: [Clause] {
        [
            Clause("A beginning of a handle finds its session, and two tell that it is ambiguous") {
                world async throws in
                func id(_ digits: [UInt8]) throws -> IDHash {
                    try #require(IDHash(digest: digits + Array(repeating: 7, count: 32 - digits.count)))
                }
                let ids = try [
                    id([0xab, 0xcd, 0xef, 0x01]), id([0xab, 0xcd, 0xef, 0x02]), id([0xff, 0xff, 0xff, 0xff]),
                ]
                for id in ids.reversed() {
                    try await world.store.insert(Session(id: id, created: world.now, lifetime: .office))
                }
                func find(_ text: String, limit: Int = 9) async throws -> [IDHash] {
                    try await world.store.find(try #require(HandlePrefix(text)), limit: limit)
                }
                #expect(try await find("abcdef") == [ids[0], ids[1]])
                #expect(try await find("abcdef", limit: 1) == [ids[0]])
                #expect(try await find("s:ABCDEF02") == [ids[1]])
                #expect(try await find("ffffff") == [ids[2]])
                #expect(try await find("123456").isEmpty)
                #expect(try await find(ids[0].handle.description) == [ids[0]])
            },
            Clause("A user's live sessions are found by exact bytes") { world async throws in
                let composed = try await world.issued(user: "zo\u{e9}")
                let ended = try await world.issued(user: "zo\u{e9}")
                try await world.issued(user: "zoe\u{301}")
                try await world.issued(user: nil)
                _ = try await world.store.revoke(ended.id, by: "x", reason: nil, at: world.now)
                #expect(try await world.store.sessions(ofUser: "zo\u{e9}", at: world.now) == [composed.id])
                #expect(try await world.store.sessions(ofUser: "zo", at: world.now).isEmpty)
                let end = try #require(composed.deadlines.idle)
                #expect(try await world.store.sessions(ofUser: "zo\u{e9}", at: end).isEmpty)
            },
            Clause("Statistics count what is live now, and what has ended apart") { world async throws in
                try await world.issued(user: "u")
                try await world.issued(user: "u", lifetime: .highValue)
                try await world.issued(user: nil, lifetime: .aal1)
                var endless = world.fresh(user: "v", payload: [])
                endless.deadlines = Deadlines(idle: nil, absolute: nil)
                try await world.store.insert(endless)
                let gone = try await world.issued(user: "w")
                _ = try await world.store.revoke(gone.id, by: "x", reason: nil, at: world.now)
                var expected = StoreStatistics()
                expected.sessions = 4
                expected.users = 2
                expected.anonymous = 1
                expected.withoutExpiry = 1
                expected.expiringIn5Minutes = 1
                expected.expiringIn1Hour = 2
                expected.revoked = 1
                expected.payloadBytes = 9
                #expect(try await world.store.statistics(at: world.now) == expected)
                let later = try await world.store.statistics(at: world.now + .seconds(1800))
                #expect(later.sessions == 2 && later.expired == 2 && later.revoked == 1)
            },
            Clause("Looking changes nothing") { world async throws in
                let session = try await world.issued()
                let position = try await world.store.changePosition()
                let before = try await world.store.load(session.id, at: world.now)
                _ = try await world.allRows()
                _ = try await world.store.detail(session.id)
                _ = try await world.store.statistics(at: world.now)
                _ = try await world.store.sessions(ofUser: "alice", at: world.now)
                _ = try await world.store.changes(after: position, limit: 9)
                #expect(try await world.store.load(session.id, at: world.now) == before)
                #expect(try await world.store.changePosition() == position)
            },
            Clause("A detail has the payload as stored, the version, and where everything lies") { world async throws in
                let session = try await world.issued(user: "u", tenant: "t", client: "c")
                _ = try await world.store.save(
                    Payload(keyID: "k", bytes: [0, 1]), of: session.id, replacing: 1, at: world.now)
                let detail = try #require(try await world.store.detail(session.id))
                #expect(detail.payload == Payload(keyID: "k", bytes: [0, 1]))
                #expect(detail.version == 2 && detail.tenant == "t" && detail.client == "c")
                #expect(detail.authenticated == world.now && detail.revocation == nil)
                // Payloads are sealed for a namespace, which whoever opens them must be told.
                let other = try await world.other.detail(session.id)
                #expect(detail.namespace == other?.namespace && !detail.namespace.isEmpty && !detail.location.isEmpty)
            },
        ]
    }
}
