import NIOCore
import SessionTesting
import Sessions
import Testing

@testable import SessionsMemcached

/// Whatever a server may send.
@Suite("Fuzzing what memcached says") struct MemcachedFuzzTests {
    private static let edges = [
        "VA ", "HD", "EN\r\n", "END\r\n", "STAT ", "\r\n", " O", " c", " f", " W", "18446744073709551615",
        "18446744073709551616", "key=", " exp=-1", " size=", "9223372036854775807", "%", "%0a", "CLIENT_ERROR ",
    ]

    private static func decode(_ pieces: [[UInt8]]) -> Result<[WireReply], any Error> {
        Result {
            var (decoder, replies) = (WireDecoder(), [WireReply]())
            for piece in pieces {
                decoder.append(ByteBuffer(bytes: piece))
                while let reply = try decoder.next() { replies.append(reply) }
            }
            return replies
        }
    }

    @Test("Replies are read alike in whatever pieces they come, and only by those who asked for them")
    func replies() {
        let lines = WireDecoderTests.examples.map(\.bytes) + WireDecoderTests.listing.map(\.0)
        let examples = lines.map { Array($0.utf8) } + [Array(lines.joined().utf8)]
        Fuzzing("memcached", examples, pieces: Self.edges).run { input, random in
            switch (Self.decode([input]), Self.decode(random.pieces(of: input))) {
            case (.success(let whole), .success(let pieces)):
                if whole != pieces || whole.count > input.count { Issue.record("\(input)") }
                take(whole, &random)
            case (.failure, .failure): break
            default: Issue.record("the pieces decide: \(input)")
            }
        }
    }

    private func take(_ replies: [WireReply], _ random: inout SeededGenerator) {
        guard let key = MemcachedKey(Array("k".utf8)) else { return }
        let commands: [MemcachedCommand] = [
            .get(key), .delete(key), .noop, .version, .statistics, .settings, .metadump(limit: 3),
        ]
        var queue = CommandQueue<Int>()
        for id in 1...UInt64(10) { queue.add(Int(id), id: id, for: random.pick(commands), until: id) }
        var last = 0
        do {
            for reply in replies {
                guard let (waiter, _) = try queue.take(reply) else { continue }
                // Answers come in the order of the questions.
                if waiter <= last { Issue.record("\(replies)") }
                last = waiter
            }
        } catch {}
    }

    @Test("What a server says of itself is judged, whatever it is")
    func facts() {
        let names = ["evictions", "limit_maxbytes", "bytes", "time", "curr_connections", "auth_enabled_ascii"]
        let examples = names.map { Array("\($0) 18446744073709551615".utf8) } + [Array("lru_crawler yes".utf8)]
        Fuzzing("memcached facts", examples, pieces: ["yes", "no", " ", "-1", "0", "18446744073709551615"]).run {
            input, random in
            var answers = MemcachedAnswers()
            let now = Timestamp(milliseconds: Int64(bitPattern: random.next()))
            answers.asked = (now, now)
            let words = String(decoding: input, as: UTF8.self).split(separator: " ").map(String.init)
            for (name, value) in zip(words, words.dropFirst()) {
                answers.statistics[name] = value
                answers.settings[name] = value
            }
            _ = MemcachedJudgement(answers: answers, safety: .local).findings
        }
    }
}
