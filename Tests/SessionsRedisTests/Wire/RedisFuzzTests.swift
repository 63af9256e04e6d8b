import NIOCore
import SessionTesting
import Sessions
import Testing

@testable import SessionsRedis

/// Whatever a server, or whoever can write its keys, may send.
@Suite("Fuzzing what Redis says") struct RedisFuzzTests {
    private static let edges = [
        "*", "$", "%", ">", "|", "~", "\r\n", "-1\r\n", "9223372036854775807\r\n", "9223372036854775808\r\n",
        "18446744073709551616", "*2147483647\r\n", "$2147483647\r\n", "%1048576\r\n", ",inf\r\n", "#t\r\n",
        "=4\r\ntxt:",
    ]

    private static func decode(_ pieces: [[UInt8]]) -> Result<[RESPDecoder.Event], any Error> {
        Result {
            var (decoder, events) = (RESPDecoder(), [RESPDecoder.Event]())
            for piece in pieces {
                decoder.append(ByteBuffer(bytes: piece))
                while let event = try decoder.next() { events.append(event) }
            }
            return events
        }
    }

    @Test("Replies are read alike in whatever pieces they come, or not at all")
    func replies() {
        var random = RandomReplies(generator: SeededGenerator(seed: 3))
        let examples = (0..<60).map { _ in ReplyWriter.bytes(of: random.value()) }
        let fuzzing = Fuzzing(
            "RESP", examples + [Array(">2\r\n+a\r\n:1\r\n|1\r\n+a\r\n:1\r\n:2\r\n".utf8)], pieces: Self.edges)
        fuzzing.run { input, random in
            switch (Self.decode([input]), Self.decode(random.pieces(of: input))) {
            case (.success(let whole), .success(let pieces)):
                if whole != pieces || whole.count > input.count { Issue.record("\(input)") }
            case (.failure, .failure): break
            default: Issue.record("the pieces decide: \(input)")
            }
        }
    }

    @Test("What stands under our keys is a row, a payload or a cut-off, or corrupt")
    func values() throws {
        var session = freshSession(payload: Array("payload".utf8))
        (session.ip, session.agent, session.tenant) = ("203.0.113.9", "Mozilla/5.0", "t")
        var cutoffs = PackedWriter()
        for epoch in [Int64(1), 300, .max] {
            cutoffs.add(epoch)
            cutoffs.add(session.created)
            cutoffs.add("ops")
            cutoffs.add("reason")
        }
        let payload = try StoredPayload.packed(Payload(keyID: "k1", bytes: [1, 2, 3]))
        let examples = [
            StoredRow(session).packed, cutoffs.bytes, payload, SharedValue.live(SharedCopy(version: 7, bytes: [1])),
        ]
        Fuzzing("Redis values", examples, pieces: ["\u{c0}", "\u{dd}", "l", "r", "e", "user:"]).run { input, _ in
            func expectCorrupt(_ read: () throws -> Void) {
                do { try read() } catch {
                    if (error as? SessionsError)?.code != .corrupt { Issue.record("\(error): \(input)") }
                }
            }
            expectCorrupt {
                let row = try StoredRow(input)
                _ = row.session(as: session.id, payload: .empty, cut: nil)
                _ = row.standing(at: session.created, cut: nil)
                _ = row.listed(as: session.id, cut: nil)
            }
            expectCorrupt {
                let read = try StoredPayload.read(input)
                if read.bytes.count > input.count { Issue.record("\(input)") }
            }
            expectCorrupt {
                let book = try CutoffBook([(.word("user:alice"), input), (input, cutoffs.bytes)])
                _ = try book.inForce()
            }
            _ = SharedValue.read(.bytes(input))
        }
    }

    @Test("What a server says of itself, its users and its slots is taken or left")
    func facts() {
        let info =
            "# Server\r\nredis_version:7.0.15\r\nserver_time_usec:1800000000000000\r\nmaxmemory:0\r\nrole:master\r\n"
        let user =
            "%3\r\n+flags\r\n~1\r\n+on\r\n+commands\r\n+-@all +get\r\n+selectors\r\n*1\r\n%1\r\n+commands\r\n++@all\r\n"
        let slots =
            "*1\r\n*4\r\n:0\r\n:16383\r\n*3\r\n$9\r\n127.0.0.1\r\n:6379\r\n$1\r\nx\r\n*2\r\n$4\r\nhost\r\n:7000\r\n"
        let examples = [info, user, slots].map { Array($0.utf8) }
        Fuzzing("Redis facts", examples, pieces: Self.edges + ["maxmemory_policy:", ":", "aof_enabled:1\r\n"]).run {
            input, _ in
            var answers = RedisAnswers()
            answers.info = ServerInfo(text: String(decoding: input, as: UTF8.self)).facts
            answers.asked = (OneRedis.time.wall(), OneRedis.time.wall())
            guard case .success(let events) = Self.decode([input]) else { return }
            for case .reply(let reply) in events {
                answers.user = RedisUser(name: "u", reply)
                _ = SlotMap(reply, from: .host("h", port: 1))
                if case .error(let error) = reply { _ = Redirection(error, from: .host("h", port: 1)) }
            }
            for purpose in [RedisJudgement.Purpose.store, .cache] {
                for finding in RedisJudgement(answers: answers, purpose: purpose, safety: .local).findings {
                    let isPlain = finding.message.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7f }
                    if !isPlain { Issue.record("\(finding.check): \(input)") }
                }
            }
        }
    }
}
