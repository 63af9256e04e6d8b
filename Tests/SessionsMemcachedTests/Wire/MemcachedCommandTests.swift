import NIOCore
import Sessions
import Testing

@testable import SessionsMemcached

@Suite struct MemcachedCommandTests {
    @Test("Commands are written as the meta protocol has them")
    func commands() throws {
        let key = try #require(MemcachedKey("a:b".bytes))
        let minute = try #require(MemcachedLife(atMost: .seconds(60)))
        let expected: [(MemcachedCommand, String)] = [
            (.get(key), "mg a:b v c f O7\r\n"), (.get(key, bumps: false), "mg a:b v c f u O7\r\n"),
            (.get(key, leasing: MemcachedLife(atLeast: .seconds(3))), "mg a:b v c f O7 N4\r\n"),
            (.set(key, value: "x\r\ny".bytes, flags: 9, life: minute), "ms a:b 4 T60 F9 O7\r\nx\r\ny\r\n"),
            (.set(key, value: [], flags: 0, life: minute, cas: 5), "ms a:b 0 T60 F0 O7 C5\r\n\r\n"),
            (.add(key, value: "x".bytes, flags: 9, life: minute), "ms a:b 1 ME T60 F9 O7\r\nx\r\n"),
            (.set(key, value: [], flags: 0, life: .endless), "ms a:b 0 T0 F0 O7\r\n\r\n"),
            (.count(key, by: 3, beginning: 10), "ma a:b v N0 J10 D3 O7\r\n"), (.life(key), "mg a:b t u O7\r\n"),
            (.delete(key), "md a:b O7\r\n"), (.delete(key, cas: 5), "md a:b O7 C5\r\n"), (.noop, "mn\r\n"),
            (.version, "version\r\n"), (.statistics, "stats\r\n"),
            (.metadump(limit: 3), "lru_crawler metadump hash\r\n"),
            (.authenticate(user: "ann", password: "pa ss"), "set sign-in 0 -1 9\r\nann pa ss\r\n"),
        ]
        for (command, text) in expected {
            var buffer = ByteBuffer()
            command.write(to: &buffer, opaque: 7)
            #expect(String(buffer: buffer) == text)
        }
    }

    @Test("No key can end its command and begin another", arguments: ["", "a b", "a\r\nmd b", "a\u{0}", "a\u{7f}"])
    func keys(_ text: String) {
        #expect(MemcachedKey(text.bytes) == nil)
    }

    @Test("Keys have 250 bytes at most")
    func longKeys() {
        #expect(MemcachedKey(Array(repeating: 97, count: 250)) != nil)
        #expect(MemcachedKey(Array(repeating: 97, count: 251)) == nil)
    }

    @Test("A life that may be of any length is a number of seconds up to 30 days, a date beyond, or for ever")
    func anyLives() {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let day = 24 * 3600
        #expect(MemcachedLife(lasting: .seconds(-9), from: now).seconds == 2)
        #expect(MemcachedLife(lasting: .milliseconds(1500), from: now).seconds == 3)
        #expect(MemcachedLife(lasting: .seconds(30 * day - 2), from: now).seconds == 30 * day)
        #expect(MemcachedLife(lasting: .seconds(30 * day), from: now).seconds == 1_800_000_002 + 30 * day)
        for far in [Duration.seconds(Int64(Int32.max)), .seconds(Int64.max / 2)] {
            #expect(MemcachedLife(lasting: far, from: now) == .endless)
        }
    }

    @Test("A copy's life is rounded down, and is never 0, which would mean for ever, nor a date")
    func copiesLives() {
        #expect(MemcachedLife(atMost: .milliseconds(999)) == nil)
        #expect(MemcachedLife(atMost: .zero) == nil)
        #expect(MemcachedLife(atMost: .seconds(-5)) == nil)
        #expect(MemcachedLife(atMost: .milliseconds(1999))?.seconds == 1)
        #expect(MemcachedLife(atMost: .seconds(100 * 24 * 3600))?.seconds == 2_592_000)
        #expect(MemcachedLife(atMost: .seconds(Int64.max))?.seconds == 2_592_000)
    }

    @Test("A tombstone's life is rounded up by more than a tick, and no copy outlives the longest")
    func tombstonesLives() {
        #expect(MemcachedLife(atLeast: .zero).seconds == 1)
        #expect(MemcachedLife(atLeast: .seconds(-5)).seconds == 1)
        #expect(MemcachedLife(atLeast: .milliseconds(1)).seconds == 2)
        #expect(MemcachedLife(atLeast: .seconds(3)).seconds == 4)
        #expect(MemcachedLife(atLeast: .seconds(Int64.max)).seconds == MemcachedLife.longest)
    }
}
