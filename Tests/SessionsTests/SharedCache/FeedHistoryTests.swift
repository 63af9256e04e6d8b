import SessionTesting
import Testing

@testable import Sessions

@Suite("Reading the feed back")
struct FeedHistoryTests {
    /// A feed with an entry a second, of which a purge has taken the first few.
    struct Feed {
        var ages: [Int]
        var start: Int64 = 0

        func page(_ request: FeedHistory.Request) -> FeedPage {
            let entries = ages.enumerated().compactMap { index, second -> FeedEntry? in
                let position = FeedPosition(Int64(index + 1))
                guard position > request.after, position.value > start else { return nil }
                return FeedEntry(position: position, event: .revoked(anID(index + 1)), at: Ticks.wall(second))
            }
            return FeedPage(
                entries: Array(entries.prefix(request.limit)), end: FeedPosition(Int64(ages.count)),
                start: FeedPosition(start))
        }
    }

    /// Reads to the end; the positions that were read, and how many reads it took.
    func read(_ feed: Feed, since second: Int) -> (positions: [Int64], reads: Int) {
        var history = FeedHistory(until: FeedPosition(Int64(feed.ages.count)), since: Ticks.wall(second))
        var positions: [Int64] = []
        var reads = 0
        while let next = history.next {
            reads += 1
            guard reads < 1000 else { break }
            positions += history.take(feed.page(next)).map(\.position.value)
        }
        return (positions, reads)
    }

    @Test("Every entry that is young enough is read, in order, and hardly any other")
    func exact() {
        for count in [0, 1, 2, 3, 10, 100] {
            let feed = Feed(ages: Array(0..<count))
            for since in [-5, 0, 1, count / 2, count - 1, count, count + 5] {
                let expected = (0..<count).filter { $0 >= since }.map { Int64($0 + 1) }
                #expect(read(feed, since: since).positions == expected, "\(count) entries, since \(since)")
            }
        }
    }

    @Test("The place to begin is found in a few reads, and the rest in pages")
    func reads() {
        let feed = Feed(ages: Array(0..<5000))
        #expect(read(feed, since: 4990).reads <= 14)
        let all = read(feed, since: 0)
        #expect(all.positions.count == 5000 && all.reads <= 13 + 6)
    }

    @Test("What a purge has removed is passed over")
    func purged() {
        for start in [1, 50, 99, 100] as [Int64] {
            let feed = Feed(ages: Array(0..<100), start: start)
            #expect(read(feed, since: 0).positions == Array(start + 1..<101))
            #expect(read(feed, since: 70).positions == Array(max(start + 1, 71)..<101))
        }
    }

    @Test("Clocks that differ by some seconds hide no entry that is younger by as much", arguments: 1...40)
    func skew(seed: Int) {
        var random = SeededGenerator(seed: UInt64(seed))
        let ages = (0..<200).map { $0 + Int.random(in: -5...5, using: &random) }
        let positions = read(Feed(ages: ages), since: 100).positions
        #expect(Set((106...200).map(Int64.init)).isSubset(of: positions))
    }

    @Test("A node trusts L2 only once the feed has been read back, and marks what it finds there")
    func trust() {
        let settings = NodeCache.Settings(
            lease: .seconds(2), copyLife: .seconds(3), negativeLife: .seconds(1), byteLimit: 1 << 20,
            touchInterval: .seconds(60), revokedLife: .seconds(100),
            shared: SharedTier.Settings(
                life: .seconds(90), leaseLife: .seconds(3), wait: .milliseconds(50), rest: .seconds(1)))
        var cache = NodeCache(settings)
        let feed = Feed(ages: Array(0..<10))
        let now = Ticks.instant(10)
        cache.reload([], position: FeedPosition(10), started: now, at: now, since: Ticks.wall(5))
        _ = cache.apply(FeedPage(entries: [], end: FeedPosition(10), start: .start), started: now, at: now)
        #expect(cache.shared?.readKey(of: anID(99), at: now) == nil)
        while let next = cache.nextHistory { cache.takeHistory(feed.page(next), at: now) }
        #expect(cache.shared?.readKey(of: anID(99), at: now) != nil)
        #expect(!cache.revoked.contains(anID(5)))
        for index in 6...10 { #expect(cache.revoked.contains(anID(index))) }
    }
}
