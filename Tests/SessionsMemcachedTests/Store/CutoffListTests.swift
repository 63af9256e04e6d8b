import SessionTesting
import Sessions
import Testing

@testable import SessionsMemcached

/// More cut-offs than one item holds.
@Suite struct CutoffListTests {
    private let now = OwnMemcached.time.wall()
    private var revocation: Revocation { Revocation(at: now, by: "ops/mira", reason: nil) }

    /// A list with a cut-off of each of so many users.
    private func list(of count: Int64) -> CutoffList {
        var list = CutoffList(run: 7)
        list.add(
            (1...count).map { number in
                CutoffList.Entry(scope: .user("u\(number)"), epoch: FeedPosition(number), revocation: revocation)
            })
        return list
    }

    @Test("A list that fits keeps every cut-off, and one with many of a few scopes the latest of each")
    func thinning() {
        var list = list(of: 40)
        let size = list.packed.count
        list.fit(into: size)
        #expect(list.entries.count == 40)
        list.add(
            (Int64(41)...80).map { number in
                CutoffList.Entry(scope: .user("u\(number - 40)"), epoch: FeedPosition(number), revocation: revocation)
            })
        list.fit(into: size)
        #expect(list.entries.map(\.epoch.value) == Array(41...80))
        #expect(list.entries.allSatisfy { $0.scope.kind == "user" })
    }

    @Test(
        "A list of too many scopes ends everyone of before some point, and all that it ended",
        arguments: [700, 300, 60, 1])
    func joining(_ size: Int) throws {
        let whole = list(of: 40)
        var small = whole
        small.fit(into: size)
        #expect(small.packed.count <= size || small.entries.count == 1)
        #expect(try CutoffList(small.packed).entries.map(\.epoch) == small.entries.map(\.epoch))
        #expect(small.latest == whole.latest)
        let joined = try #require(small.entries.first)
        #expect(joined.scope.kind == "everyone" && joined.revocation.by == "memcached")
        let (before, after) = (whole.book, small.book)
        for number in 1...40 {
            for epoch in 0...40 {
                var row = StoredRow(freshSession(user: "u\(number)"))
                row.epoch = FeedPosition(Int64(epoch))
                let isEnded = before.end(row) != nil || row.epoch < joined.epoch
                if (after.end(row) != nil) != isEnded { Issue.record("u\(number), issued at \(epoch)") }
            }
        }
    }

    @Test("A store whose cut-offs outgrow an item goes on: old sessions end, later ones don't", .timeLimit(.minutes(3)))
    func outgrowing() async throws {
        var options = MemcachedServer.Options()
        // A server takes no item smaller than the largest chunk of its memory.
        options.arguments = ["-I", "32k", "-o", "slab_chunk_max=16384"]
        try await OwnMemcached.withServers(1, options) { servers in
            let store = try await MemcachedStore.open(
                OwnMemcached.configuration(servers), mode: .create, time: OwnMemcached.time)
            let old = [freshSession(user: "u1"), freshSession(user: "u2000"), freshSession(user: "zoe")]
            for session in old { try await store.insert(session) }
            let drafts = (1...2000).map { number in
                FeedDraft(event: .cutoff(.user("u\(number)"), revocation), at: now)
            }
            #expect(try await store.tell(drafts) == FeedPosition(2000))
            for session in old { #expect(try await store.load(session.id, at: now)?.standing == .revoked) }
            let late = freshSession(user: "zoe")
            try await store.insert(late)
            #expect(try await store.load(late.id, at: now)?.standing == .live)
            let cutoffs = try await store.cutoffs().cutoffs
            #expect(cutoffs.first?.scope.kind == "everyone" && cutoffs.last?.scope.key == "u2000")
            #expect(try await store.revoke(late.id, by: "x", reason: nil, at: now).outcome == .revoked)
        }
    }
}
