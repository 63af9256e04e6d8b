import SessionTesting
import Sessions
import Testing

@testable import SessionsPostgres

extension OnOneServer {
    @Suite struct WritingTests {
        /// Another client in the middle of a transaction.
        private func link(_ place: Place) throws -> Link {
            let settings = try ConnectionSettings(url: place.server.url(), password: nil, isReadOnly: false)
            let link = try Link.connect(settings.servers[0], until: .now + .seconds(30))
            try link.setUp(schema: place.schema, isReadOnly: false, limits: PostgresStore.Limits())
            link.deadline = .now + .seconds(60)
            return link
        }

        @Test("A change that commits late is not skipped by whoever has seen later ones")
        func commitOrder() async throws {
            let place = try Place()
            let store = try await place.open()
            let (early, late) = (someSession(), someSession())
            for session in [early, late] { try await store.insert(session) }
            let start = try await store.changePosition()
            let slow = try link(place)
            let writer = WriteTransaction(link: slow, context: store.context)
            _ = try writer.begin(locking: [late.id])
            _ = try slow.run([writer.extending(late.id, to: noon + .seconds(9999), at: noon)])
            // Its number is given out; others with higher numbers commit before it.
            _ = try await store.touch([Touch(id: early.id, at: noon, idle: nil, node: "n")])
            let before = try await store.changes(after: start, limit: 9)
            #expect(!before.mustReload)
            #expect(try await store.changePosition() >= start)
            _ = try slow.run([.commit])
            let after = try await store.changes(after: before.position, limit: 9)
            #expect(!after.mustReload)
            #expect(Set((before.rows + after.rows).map(\.id)) == [early.id, late.id])
            #expect(after.rows.contains { $0.id == late.id && $0.deadlines.idle == noon + .seconds(9999) })
            #expect(try await store.changes(after: after.position, limit: 9).rows.isEmpty)
        }

        @Test("Where a cut-off is lost, and its epoch is given to another, lists are judged by the other")
        func lostCutoff() async throws {
            let place = try Place()
            let store = try await place.open()
            for tenant in ["a", "b"] {
                var session = someSession(user: tenant)
                session.tenant = tenant
                try await store.insert(session)
            }
            func revoked(_ rows: [SessionRow]) -> [String?] { rows.filter { $0.state == .revoked }.map(\.user) }
            let lost = try await store.cutOff(.tenant("a"), by: "x", reason: nil, at: noon)
            let start = try await store.changePosition()
            #expect(try await revoked(store.rows(after: nil, limit: 9).rows) == ["a"])
            // As a standby has it that hadn't heard of it.
            for change in ["DELETE FROM \(place.schema).feed", "DELETE FROM \(place.schema).cutoffs"] {
                try await place.server.run(change)
            }
            try await place.server.run("UPDATE \(place.schema).namespaces SET feed_end = 0, cutoff_end = 0")
            let next = try await store.cutOff(.tenant("b"), by: "x", reason: nil, at: noon)
            #expect(next.epoch == lost.epoch)
            #expect(try await revoked(store.rows(after: nil, limit: 9).rows) == ["b"])
            #expect(try await store.changes(after: start, limit: 9).mustReload)
        }

        @Test("A revoke that waits for another's entry in the feed is told no earlier, by a slow clock as well")
        func feedTimes() async throws {
            let place = try Place()
            let store = try await place.open()
            let session = someSession()
            try await store.insert(session)
            let (fast, late) = (try link(place), noon + .seconds(86_400))
            let writer = WriteTransaction(link: fast, context: store.context)
            _ = try fast.run([Command.begin] + writer.appendingToFeed([someSession().id], at: late))
            async let revoked = store.revoke(session.id, by: "x", reason: nil, at: noon)
            let waiting = Command.once(
                "SELECT count(*) FROM pg_stat_activity WHERE pg_backend_pid() = ANY(pg_blocking_pids(pid))")
            while try fast.run([waiting])[0].first({ $0.integer(0) }) == 0 { await Task.yield() }
            _ = try fast.run([.commit])
            #expect(try await revoked.outcome == .revoked)
            #expect(try await store.feed(after: .start, limit: 9).entries.map(\.at) == [late, late])
        }

        @Test("A node that reports again while it is being forgotten stays")
        func returningNode() async throws {
            let store = try await Place().open()
            let last = NodeReport(id: "n", started: noon, heartbeat: noon, applied: .start, lease: .seconds(2))
            var next = last
            next.heartbeat = noon + .seconds(1)
            try await store.publish(next)
            try await store.write { try $0.removeNodes([last], at: noon) }
            #expect(try await store.nodes() == [next])
            try await store.write { [next] in try $0.removeNodes([next], at: noon) }
            #expect(try await store.nodes().isEmpty)
        }

        @Test("One node at a time looks for cut-offs that can end nothing: the others leave it to that one")
        func purgeTurn() async throws {
            let place = try Place()
            let store = try await place.open()
            _ = try await store.cutOff(.user("u"), by: "x", reason: nil, at: noon)
            let other = try link(place)
            _ = try other.run([.begin, .once("SELECT pg_advisory_xact_lock(\(store.context.purgeLock))")])
            let later = noon + .seconds(100_000)
            _ = try await store.purge(Retention(), at: later)
            #expect(try await store.cutoffs().cutoffs.count == 1)
            _ = try other.run([.commit])
            _ = try await store.purge(Retention(), at: later)
            #expect(try await store.cutoffs().cutoffs.isEmpty)
        }

        @Test("A purge looks at the sessions in steps, and is told of those alone that were there before a cut-off")
        func purgeSteps() async throws {
            let store = try await Place().open()
            for _ in 0..<3 { try await store.insert(someSession()) }
            let cutoff = try await store.cutOff(.user("u"), by: "x", reason: nil, at: noon)
            for _ in 0..<2 { try await store.insert(someSession()) }
            var counts: [Int?] = []
            var place: Int64? = Int64.min
            while let from = place {
                let step = try await store.write { try $0.sessions(before: cutoff.epoch, from: from, limit: 2) }
                counts.append(step?.sessions.count)
                place = step?.next
            }
            #expect(counts == [2, 1, 0])
        }

        @Test("Whoever follows changes and feed while many write ends up with exactly what is there")
        func followers() async throws {
            let place = try Place()
            let stores = [try await place.open(), try await place.open()]
            let follower = try await place.open()
            let start = try await follower.changePosition()
            let results = try await gather(7) { worker async throws -> ([IDHash: SessionRow], [Int64]) in
                let store = stores[worker % 2]
                guard worker < 6 else { return try await follow(follower, from: start, revokes: 6 * 20) }
                for round in 0..<20 {
                    let kept = someSession(user: "u\(worker)")
                    let ended = someSession()
                    try await store.insert(kept)
                    try await store.insert(ended)
                    _ = try await store.touch([
                        Touch(id: kept.id, at: noon + .seconds(round), idle: .seconds(1800), node: "n\(round)")
                    ])
                    _ = try await store.save(
                        Payload(bytes: [UInt8(round)]), of: kept.id, replacing: 1, at: noon)
                    _ = try await store.revoke(ended.id, by: "x", reason: nil, at: noon)
                }
                return ([:], [])
            }
            let (rows, positions) = results[6]
            let all = try await follower.rows(after: nil, limit: 10_000).rows
            #expect(rows == Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) }))
            #expect(rows.count == 240 && positions == (1...120).map { $0 })
        }

        /// Follows the feed to its end and the changes along with it, as a dashboard does: never reading all again.
        private func follow(
            _ store: PostgresStore, from start: ChangePosition, revokes: Int
        ) async throws -> ([IDHash: SessionRow], [Int64]) {
            var rows: [IDHash: SessionRow] = [:]
            var positions: [Int64] = []
            var position = start
            var isLast = false
            while true {
                let changes = try await store.changes(after: position, limit: 5)
                #expect(!changes.mustReload && changes.position >= position)
                for row in changes.rows { rows[row.id] = row }
                position = changes.position
                if isLast && !changes.hasMore { return (rows, positions) }
                let page = try await store.feed(after: FeedPosition(positions.last ?? 0), limit: 7)
                positions += page.entries.map(\.position.value)
                // Each writer's last write is a revoke.
                isLast = positions.count == revokes
            }
        }

        @Test(
            "Of a session that is renewed nothing is live after a cut-off that commits once it was found live",
            arguments: [CutoffScope.tenant("t"), .client("c"), .everyone])
        func renewal(_ scope: CutoffScope) async throws {
            let place = try Place()
            let store = try await place.open()
            let (old, successor) = (member(), member())
            try await store.insert(old)
            let slow = try link(place)
            let writer = WriteTransaction(link: slow, context: store.context)
            let work = writer.cuttingOff(scope, Revocation(at: noon, by: "x", reason: nil))
            _ = try slow.run([.begin] + work.commands)
            async let renewed = store.rotate(old.id, to: successor, reason: "renewal", at: noon)
            // It has found the old session live when it waits until sign-ins are let in again.
            let isWaiting = Command.once(
                """
                SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
                    AND (classid::bigint << 32 | objid::bigint) = \(store.context.signInLock)
                """)
            while try slow.run([isWaiting])[0].first({ $0.integer(0) }) == 0 { await Task.yield() }
            _ = try slow.run([.commit])
            _ = try await renewed
            #expect(try await store.load(old.id, at: noon)?.standing == .revoked)
            #expect(try await store.load(successor.id, at: noon)?.standing != .live)
        }

        /// A session of a tenant and a client.
        private func member() -> Session {
            Session(
                id: SessionID().hash, user: "alice", tenant: "t", client: "c", created: noon, lifetime: .office)
        }

        @Test("A statement that waits too long is stopped, and the connection goes on")
        func tooLong() async throws {
            let place = try Place()
            let session = someSession()
            try await place.open().insert(session)
            let store = try await place.open(.existing) {
                $0.statement = .seconds(1)
                $0.connections = 1
            }
            let holder = try link(place)
            _ = try WriteTransaction(link: holder, context: store.context).begin(locking: [session.id])
            let error = await #expect(throws: SessionsError.self) {
                try await store.revoke(session.id, by: "x", reason: nil, at: noon)
            }
            #expect(error?.code == .busy && error?.message.contains("57014") == true)
            #expect(try await store.load(session.id, at: noon)?.standing == .live)
            _ = try holder.run([.commit])
            #expect(try await store.revoke(session.id, by: "x", reason: nil, at: noon).outcome == .revoked)
        }

        @Test("An order may take longer than a request, for each of its statements and between two of them")
        func orderLimits() async throws {
            let place = try Place()
            let store = try await place.open { $0.connections = 1 }
            let settings = Command.once(
                "SELECT current_setting('statement_timeout'), current_setting('idle_in_transaction_session_timeout')")
            let within = try await store.write { writer in
                _ = try writer.begin(locking: [SessionID().hash], limit: .seconds(300))
                return try writer.link.run([settings, .commit])[0].first { [$0.text(0), $0.text(1)] }
            }
            #expect(within == ["5min", "5min"])
            let after = try await store.use { try $0.run([settings])[0].first { [$0.text(0), $0.text(1)] } }
            #expect(after == ["10s", "10s"])
        }

        @Test("More callers than connections wait their turn, and the server sees no more connections than allowed")
        func bounded() async throws {
            let place = try Place()
            let store = try await place.open { $0.connections = 2 }
            let name = "SELECT count(*)::bigint FROM pg_stat_activity WHERE application_name = 'sessions' AND pid IN "
            let mine = name + "(SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND objid = 4711)"
            let counts = try await gather(40) { _ in
                try await store.use { link in
                    try link.run([
                        .begin, .once("SELECT pg_advisory_xact_lock_shared(1, 4711)"), .once(mine), .commit,
                    ])[2].first { $0.integer(0) } ?? 0
                }
            }
            #expect(counts.count == 40 && counts.allSatisfy { (1...2).contains($0) })
        }

        @Test("Where no connection comes free in time the caller is told so")
        func noConnection() async throws {
            let place = try Place()
            let store = try await place.open {
                $0.connections = 1
                $0.waiting = .milliseconds(50)
            }
            let session = someSession()
            try await store.insert(session)
            let holder = try link(place)
            _ = try WriteTransaction(link: holder, context: store.context).begin(locking: [session.id])
            let (lent, isLent) = AsyncStream.makeStream(of: Void.self)
            async let revoked = store.write { transaction in
                isLent.yield()
                return try transaction.revoke(session.id, Revocation(at: noon, by: "x", reason: nil))
            }
            for await _ in lent { break }
            let error = await #expect(throws: SessionsError.self) { try await store.load(session.id, at: noon) }
            #expect(error?.code == .busy)
            _ = try holder.run([.commit])
            #expect(try await revoked.outcome == .revoked)
        }

        @Test("What a node's lease hangs on goes before whoever else waits for a connection")
        func urgency() async throws {
            let place = try Place()
            let store = try await place.open { $0.connections = 1 }
            let holder = try link(place)
            let (first, second) = (Int64.random(in: 1 ... .max), Int64.random(in: 1 ... .max))
            func lock(_ key: Int64) -> Command { Statement("", "SELECT pg_advisory_lock($1)")(.integer(key)) }
            func unlock(_ key: Int64) -> Command { Statement("", "SELECT pg_advisory_unlock($1)")(.integer(key)) }
            _ = try holder.run([lock(first), lock(second)])

            let (wait, waitLonger) = ([lock(first), unlock(first)], [lock(second), unlock(second)])
            async let used = store.use { try $0.run(wait).count }
            let isWaiting = Command.once(
                """
                SELECT count(*) FROM pg_locks WHERE NOT granted AND locktype = 'advisory'
                    AND (classid::bigint << 32 | objid::bigint) = \(first)
                """)
            while try holder.run([isWaiting])[0].first({ $0.integer(0) }) == 0 { await Task.yield() }
            async let ordinary = store.use { try $0.run(waitLonger).count }
            while store.pool.waitingCount < 1 { await Task.yield() }
            async let end = store.feed(after: .start, limit: 0).end
            while store.pool.waitingCount < 2 { await Task.yield() }
            async let page = store.feed(after: .start, limit: 9)
            async let cutoffs = store.cutoffs()
            async let published: Void = store.publish(
                NodeReport(id: "n", started: noon, heartbeat: noon, applied: .start, lease: .seconds(2)))
            while store.pool.waitingCount < 5 { await Task.yield() }

            _ = try holder.run([unlock(first)])
            #expect(try await page.entries.isEmpty)
            #expect(try await cutoffs.cutoffs.isEmpty)
            try await published
            #expect(store.pool.waitingCount == 1, "where the feed ends is asked behind the others")
            _ = try holder.run([unlock(second)])
            #expect(try await used == 2)
            #expect(try await ordinary == 2)
            #expect(try await end == .start)
        }

        @Test("Writers that lock each other's rows in opposite orders all get through")
        func collisions() async throws {
            let place = try Place()
            let store = try await place.open { $0.connections = 8 }
            let sessions = (0..<30).map { _ in someSession() }
            for session in sessions { try await store.insert(session) }
            let ids = sessions.map(\.id)
            _ = try await gather(8) { worker in
                for round in 0..<10 {
                    let chosen = worker % 2 == 0 ? ids : ids.reversed()
                    switch worker % 4 {
                    case 0, 1: _ = try await store.touch(chosen.map { Touch(id: $0, at: noon, idle: .seconds(1800)) })
                    case 2:
                        _ = try await store.extend(
                            chosen, to: .by(.seconds(1)), order: Order(actor: "a", reason: nil, at: noon))
                    default: _ = try await store.cutOff(.user("u\(round)"), by: "x", reason: nil, at: noon)
                    }
                }
            }
            _ = try await store.revoke(.user("alice"), order: Order(actor: "a", reason: nil, at: noon))
            #expect(try await store.statistics(at: noon).revoked == 30)
        }

        /// As a node does: what the store is too busy for is written the next time.
        private func touch(_ touches: [Touch], _ store: PostgresStore) async throws -> [TouchOutcome] {
            while true {
                do { return try await store.touch(touches) } catch let error as SessionsError
                    where error.code == .busy
                {}
            }
        }

        @Test("Touches give way to an order that ends many, which PostgreSQL would undo otherwise")
        func givingWay() async throws {
            let place = try Place()
            let store = try await place.open()
            let ids = [someSession(), someSession()].sorted { $0.id < $1.id }
            for session in ids { try await store.insert(session) }
            let (order, look) = (try link(place), LockedSession.query)
            // It is undone 600 ms after it began to wait, if whoever it waits for waits for it; they would be after 1 s.
            _ = try order.run([
                .begin, .once("SET LOCAL deadlock_timeout = '600ms'"), look(store.context.ns, .ids([ids[1].id])),
            ])
            async let touched = touch(ids.map { Touch(id: $0.id, at: noon, idle: .seconds(1800)) }, store)
            let isWaiting = Command.once("SELECT count(*) FROM pg_locks WHERE NOT granted")
            while try order.run([isWaiting])[0].first({ $0.integer(0) }) == 0 { await Task.yield() }
            _ = try order.run([look(store.context.ns, .ids([ids[0].id])), .commit])
            #expect(try await touched.allSatisfy { if case .touched = $0 { true } else { false } })
        }

        @Test("Touches write no index: the new row stays in its page")
        func hot() async throws {
            let place = try Place()
            let store = try await place.open { $0.connections = 1 }
            let sessions = (0..<400).map { _ in someSession(payload: Array(repeating: 7, count: 300)) }
            for session in sessions { try await store.insert(session) }
            // About ten sessions lie in a page, with room for three more versions.
            let used = stride(from: 0, to: 400, by: 10).map { sessions[$0].id }
            _ = try await store.touch(
                used.map { Touch(id: $0, at: noon + .seconds(1), idle: .seconds(1800), ip: "::1", node: "n") })
            _ = try await store.use { try $0.run([.once("SELECT pg_stat_force_next_flush()")]).count }
            _ = try await store.changePosition()
            let counts = try await place.server.run(
                """
                SELECT n_tup_upd, n_tup_hot_upd FROM pg_stat_all_tables
                WHERE schemaname = '\(place.schema)' AND relname = 'sessions'
                """)
            #expect(counts == "40|40")
        }

        @Test("The server itself keeps a session that has ended from being live again")
        func finality() async throws {
            let place = try Place()
            let store = try await place.open()
            let session = someSession()
            try await store.insert(session)
            _ = try await store.revoke(session.id, by: "x", reason: nil, at: noon)
            await #expect(throws: ServerProcess.Failure.self) {
                try await place.server.run("UPDATE \(place.schema).sessions SET state = 'live'")
            }
            #expect(try await store.load(session.id, at: noon)?.standing == .revoked)
        }

        @Test("Whoever follows the feed is woken by a revoke and by a cut-off")
        func news() async throws {
            let place = try Place()
            let store = try await place.open()
            let other = try await place.open(.existing)
            let session = someSession()
            try await store.insert(session)
            var news = other.feedNews().makeAsyncIterator()
            // It listens.
            #expect(await news.next() != nil)
            _ = try await store.revoke(session.id, by: "x", reason: nil, at: noon)
            #expect(await news.next() != nil)
            _ = try await store.cutOff(.everyone, by: "x", reason: nil, at: noon)
            #expect(await news.next() != nil)
        }

        @Test("An order for many sessions is one round trip of each kind, and answers each in order")
        func bulk() async throws {
            let place = try Place()
            let store = try await place.open()
            let sessions = (0..<2000).map { _ in someSession(user: "bulk") }
            _ = try await gather(3) { worker in
                for session in sessions where Int(session.id.leadingBits % 3) == worker {
                    try await store.insert(session)
                }
            }
            let ids = sessions.map(\.id) + [SessionID().hash]
            let receipt = try await store.revoke(
                .sessions(ids), order: Order(actor: "a", reason: nil, at: noon))
            #expect(receipt.outcomes.map(\.id) == ids)
            #expect(receipt.outcomes.dropLast().allSatisfy { $0.outcome == .revoked && $0.user == "bulk" })
            #expect(receipt.outcomes.last?.outcome == .notFound)
            let feed = try await store.feed(after: .start, limit: .max)
            #expect(feed.entries.map(\.event) == sessions.map { .revoked($0.id) })
            let outcomes = "SELECT count(*), count(DISTINCT id_hash), max(place) FROM \(place.schema).audit_outcomes"
            #expect(try await place.server.run(outcomes) == "2001|2001|2000")
        }
    }
}
