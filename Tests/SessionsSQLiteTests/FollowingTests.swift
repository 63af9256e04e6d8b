#if os(Linux)
import Foundation
import SessionTesting
import Sessions
import Synchronization
import Testing

@testable import SessionsSQLite

@Suite("Following another process's commits")
struct FollowingTests {
    @Test("A log that is written to is told of, each time that it was armed")
    func watch() async throws {
        try await TemporaryFolder.with { folder async throws in
            let path = folder.file("log")
            #expect(LogWatch(path: path) == nil)
            try Data().write(to: URL(filePath: path))
            let file = try #require(FileHandle(forWritingAtPath: path))
            let watch = try #require(LogWatch(path: path))
            var writes = watch.writes.makeAsyncIterator()
            #expect(await writes.next() != nil)
            for _ in 0..<3 {
                for _ in 0..<3 { try file.write(contentsOf: [1]) }
                #expect(await writes.next() != nil)
                #expect(watch.arm())
            }
        }
    }

    @Test("A file that nobody writes to isn't looked at, and what another process commits is news")
    func rest() async throws {
        try await TemporaryFolder.with { folder async throws in
            let (time, sleeps) = (ManualTime(), Counter())
            var counting = time.source
            counting.sleep = { deadline in
                sleeps.add()
                try await time.source.sleep(deadline)
            }
            let path = folder.file("s.db")
            let store = try SQLiteStore.open(path: path, mode: .create, time: counting)
            let other = try SQLiteStore.open(path: path, mode: .existing)
            let session = someSession()
            try await other.insert(session)
            // Two who follow share the looks.
            let (one, two) = (store.feedNews(), store.feedNews())
            try await advance(time, until: SQLiteStore.looksAfterWrite, sleeps)
            for _ in 0..<1000 { await Task.yield() }
            #expect(sleeps.count == SQLiteStore.looksAfterWrite)
            _ = try await other.revoke(session.id, by: "x", reason: nil, at: noon)
            try await advance(time, until: SQLiteStore.looksAfterWrite * 2, sleeps)
            for news in [one, two] {
                var news = news.makeAsyncIterator()
                #expect(await news.next() != nil)
            }
        }
    }

    private func advance(_ time: ManualTime, until count: Int, _ sleeps: Counter) async throws {
        while true {
            await time.waitForSleepers()
            time.advance(by: SQLiteStore.newsInterval)
            if sleeps.count >= count { return }
        }
    }

    private final class Counter: Sendable {
        private let value = Mutex(0)
        var count: Int { value.withLock { $0 } }
        func add() { value.withLock { $0 += 1 } }
    }
}
#endif
