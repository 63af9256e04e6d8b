import SessionTesting
import Sessions
import Subprocess
import Testing

@testable import SessionsRedis

@Suite struct FailoverTests {
    @Test("After a failover the sessions, their ends and the feed are as the replica had them, and the store goes on")
    func failover() async throws {
        try await SessionTesting.RedisSentinel.with { group in
            var configuration = try RedisConfiguration(url: group.url)
            configuration.commandLimit = .milliseconds(500)
            let store = try await RedisStore.open(configuration, mode: .create, time: OneRedis.time)
            let now = OneRedis.time.wall()
            let (live, ended, cut) = (freshSession(), freshSession(), freshSession(user: "bob"))
            for session in [live, ended, cut] { try await store.insert(session) }
            _ = try await store.revoke(ended.id, by: "x", reason: nil, at: now)
            _ = try await store.cutOff(.user("bob"), by: "x", reason: nil, at: now)
            for replica in group.servers.dropFirst() {
                try await Waiting.until("a replica has it") {
                    try await replica.cli("LLEN", "sessions:default:feed") == "2"
                }
            }
            try await group.servers[0].process.end(by: .kill)
            try await Waiting.until("the failover is over") {
                try await store.touch([Touch(id: live.id, at: now, idle: nil)]) == [.touched(live.deadlines)]
            }
            #expect(try await store.load(ended.id, at: now)?.standing == .revoked)
            #expect(try await store.load(cut.id, at: now)?.standing == .revoked)
            #expect(try await store.save(.empty, of: ended.id, replacing: 1, at: now) == .refused(.revoked))
            #expect(try await store.revoke(live.id, by: "x", reason: nil, at: now).position == FeedPosition(3))
            #expect(try await store.rows(after: nil, limit: 9).rows.count == 3)
            await store.shutDown()
        }
    }
}
