import Sessions
import Testing

extension StoreConformance {
    static var feedClauses: [Clause] {
        [
            Clause("The feed tells every revoke and cut-off once, in order, without gaps, on every handle") {
                world async throws in
                let first = try await world.issued()
                let second = try await world.issued()
                _ = try await world.store.revoke(first.id, by: "x", reason: nil, at: world.now)
                let cutoff = try await world.other.cutOff(.tenant("t"), by: "x", reason: nil, at: world.now)
                _ = try await world.other.revoke(first.id, by: "x", reason: nil, at: world.now)
                _ = try await world.store.rotate(second.id, to: world.fresh(), reason: "r", at: world.now)
                for store in [world.store, world.other] {
                    let page = try await store.feed(after: .start, limit: 99)
                    #expect(page.entries.map(\.position.value) == [1, 2, 3])
                    #expect(page.entries.map(\.event) == [.revoked(first.id), .cutoff(cutoff), .revoked(second.id)])
                    #expect(page.start == .start && page.end == FeedPosition(3))
                }
            },
            Clause("An entry in the feed wakes whoever follows it, on every handle") { world async throws in
                for store in [world.store, world.other] {
                    var news = store.feedNews().makeAsyncIterator()
                    var known = FeedPosition.start
                    for revoker in [world.store, world.other] {
                        let session = try await world.issued()
                        let position = try await revoker.revoke(session.id, by: "x", reason: nil, at: world.now)
                            .position
                        // The first elements may be of what came before.
                        while known < position, await news.next() != nil {
                            known = try await store.feed(after: .start, limit: 0).end
                        }
                        #expect(known == position, "the news have ended")
                    }
                }
            },
            Clause("A page of the feed begins after a position and holds so many entries at most") {
                world async throws in
                for _ in 0..<5 {
                    _ = try await world.store.revoke(try await world.issued().id, by: "x", reason: nil, at: world.now)
                }
                let page = try await world.store.feed(after: FeedPosition(1), limit: 2)
                #expect(page.entries.map(\.position.value) == [2, 3])
                #expect(page.end == FeedPosition(5))
                #expect(try await world.store.feed(after: FeedPosition(5), limit: 2).entries.isEmpty)
                #expect(try await world.store.feed(after: FeedPosition(99), limit: 2).end == FeedPosition(5))
                #expect(try await world.store.feed(after: .start, limit: 0).entries.isEmpty)
            },
            Clause("What fails or finds nothing to end leaves no trace in the feed") { world async throws in
                let session = try await world.issued()
                _ = try? await world.store.insert(session)
                _ = try await world.store.revoke(SessionID().hash, by: "x", reason: nil, at: world.now)
                _ = try await world.store.save(.empty, of: session.id, replacing: 9, at: world.now)
                #expect(try await world.store.feed(after: .start, limit: 9).end == .start)
            },
            Clause("A purge drops the feed's oldest entries, and the page says where it begins now") {
                world async throws in
                for seconds in [0, 1, 100, 2] {
                    let session = try await world.issued()
                    _ = try await world.store.revoke(
                        session.id, by: "x", reason: nil, at: world.now + .seconds(seconds))
                }
                let retention = Retention(feed: .seconds(10))
                _ = try await world.store.purge(retention, at: world.now + .seconds(20))
                let page = try await world.store.feed(after: .start, limit: 9)
                #expect(page.entries.map(\.position.value) == [3, 4])
                #expect(page.start == FeedPosition(2) && page.end == FeedPosition(4))
                _ = try await world.store.purge(retention, at: world.now + .seconds(200))
                let empty = try await world.other.feed(after: .start, limit: 9)
                #expect(empty.entries.isEmpty && empty.start == FeedPosition(4) && empty.end == FeedPosition(4))
                let next = try await world.issued()
                _ = try await world.store.revoke(next.id, by: "x", reason: nil, at: world.now)
                #expect(
                    try await world.store.feed(after: FeedPosition(4), limit: 9).entries.map(\.position.value) == [5])
            },
            Clause("The feed's times never fall, whatever its writers' clocks say, and a cut-off keeps its own") {
                world async throws in
                // The second clock is a day ahead, the third an hour behind; 256 entries fill an item of memcached.
                let writers = [
                    (world.store, 0, 1), (world.other, 86_400, 241), (world.store, -3600, 1), (world.other, 1, 1),
                ]
                var (times, own): ([Timestamp], [Timestamp]) = ([], [])
                for (writer, skew, count) in writers {
                    let now = world.now + .seconds(skew)
                    let order = Order(actor: "x", reason: nil, at: now)
                    var ids: [IDHash] = []
                    for _ in 0..<3 { ids.append(try await world.issued(lifetime: .aal1).id) }
                    _ = try await writer.revoke(ids[0], by: "x", reason: nil, at: now)
                    _ = try await writer.revoke(.sessions([ids[1]]), order: order)
                    _ = try await writer.rotate(ids[2], to: world.fresh(lifetime: .aal1), reason: "r", at: now)
                    _ = try await writer.cutOff(.tenant("t"), by: "x", reason: nil, at: now)
                    _ = try await writer.cutOff(.user("u"), by: "x", reason: nil, at: now)
                    _ = try await writer.cutOff(.client("c"), order: order)
                    _ = try await writer.cutOff(.user("v"), order: order)
                    let denials = (0..<count).map { TokenDenial(issuer: "i", tokenID: "\($0)") }
                    _ = try await writer.deny(denials, at: now)
                    times += Array(repeating: max(now, times.last ?? now), count: 7 + count)
                    own += Array(repeating: now, count: 4)
                }
                for store in [world.store, world.other] {
                    let whole = try await store.feed(after: .start, limit: 999)
                    #expect(whole.entries.map(\.at) == times)
                    let cutoffs = whole.entries.compactMap { entry -> Cutoff? in
                        if case .cutoff(let cutoff) = entry.event { cutoff } else { nil }
                    }
                    #expect(cutoffs.map(\.notBefore) == own)
                    let inForce = try await store.cutoffs().cutoffs
                    #expect(inForce == Array(cutoffs.suffix(4)))
                    // Who starts looks by these times for the place to read from: nothing may be missed that is young
                    // by the clock of whoever wrote it.
                    var history = FeedHistory(until: whole.end, since: world.now - .seconds(60))
                    var read: [FeedEntry] = []
                    while let next = history.next {
                        let page = try await store.feed(after: next.after, limit: next.limit)
                        read += history.take(page)
                    }
                    #expect(read == whole.entries)
                }
            },
            Clause("A new generation begins once for all who ask, later than any they knew, and every page tells it") {
                world async throws in
                let first = try await world.store.feed(after: .start, limit: 9).generation
                let second = try await world.store.beginGeneration(after: first, at: world.now)
                #expect(second > first)
                #expect(try await world.other.beginGeneration(after: first, at: world.now + .seconds(9)) == second)
                for store in [world.store, world.other] {
                    #expect(try await store.feed(after: .start, limit: 0).generation == second)
                }
                // A store that went back has an older one than the nodes knew.
                let known = second + 1_000_000
                let third = try await world.other.beginGeneration(after: known, at: world.now)
                #expect(third > known)
                #expect(try await world.store.feed(after: .start, limit: 9).generation == third)
                #expect(try await world.store.beginGeneration(after: second, at: world.now) == third)
            },
            Clause("A new generation changes nothing else: neither sessions, nor the feed, nor cut-offs") {
                world async throws in
                let session = try await world.issued()
                let cutoff = try await world.store.cutOff(.tenant("t"), by: "x", reason: nil, at: world.now)
                _ = try await world.store.beginGeneration(after: 0, at: world.now)
                #expect(try await world.standing(of: session.id) == .live)
                #expect(try await world.store.cutoffs().cutoffs == [cutoff])
                _ = try await world.store.revoke(session.id, by: "x", reason: nil, at: world.now)
                #expect(try await world.wholeFeed().map(\.position.value) == [1, 2])
            },
        ]
    }
}
