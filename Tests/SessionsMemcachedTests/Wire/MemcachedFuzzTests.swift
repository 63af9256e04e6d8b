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
            .get(key), .count(key, by: 1, beginning: 1), .life(key), .delete(key), .noop, .version, .statistics,
            .settings, .metadump(limit: 3),
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

    @Test("What stands under our keys is read or corrupt, and what is read comes to the same when it is written")
    func items() throws {
        let now = Timestamp(milliseconds: 1_800_000_000_000)
        let revocation = Revocation(at: now, by: "ops", reason: "r")
        var root = StoreRoot(run: 7, began: now)
        (root.feedEnd, root.marks) = (FeedPosition(300), [StoreRoot.Mark(at: now, change: 9)])
        root.lease = .seconds(2)
        var item = StoredItem(run: 7, row: StoredRow(freshSession()), payload: [0, 1])
        item.toldAfter = FeedPosition(3)
        var leaf = FeedLeaf(run: 7, after: FeedPosition(256))
        leaf.entries = try [
            .revoked(SessionID().hash, after: .start), .cutoff(.user("u"), revocation),
            .denied(TokenDenial(issuer: "i", tokenID: "t")),
        ].map { try FeedDraft(event: $0, at: now).packed }
        var list = CutoffList(run: 7)
        list.add([CutoffList.Entry(scope: .user("u"), epoch: FeedPosition(5), revocation: revocation)])
        let node = NodeItem(sample: 1, sampled: (now, now), report: [0x90])
        var nodes = NodeList(lost: now)
        for name in ["b", "a"] { nodes.insert(Array(name.utf8)) }
        let end = AuditEnd(count: 3, hash: [1, 2])
        let examples = [root.packed, item.packed, leaf.packed, list.packed, node.packed, nodes.packed, end.packed]
        Fuzzing("memcached items", examples, pieces: ["\u{c0}", "\u{dd}", "user", "l", "r", "c"]).run { input, _ in
            func expectCorrupt(_ read: () throws -> Void) {
                do { try read() } catch {
                    let code = (error as? SessionsError)?.code
                    if code != .corrupt, code != .storeTooNew { Issue.record("\(error): \(input)") }
                }
            }
            expectCorrupt {
                let root = try StoreRoot(input, url: "u")
                var leapt = root
                leapt.leap(past: root, at: now)
                if try StoreRoot(root.packed, url: "u") != root || leapt.canBeMistaken(for: root) {
                    Issue.record("\(input)")
                }
            }
            expectCorrupt {
                let item = try StoredItem(input)
                if try StoredItem(item.packed) != item { Issue.record("\(input)") }
            }
            expectCorrupt {
                let leaf = try FeedLeaf(input)
                if leaf.room < 0 || leaf.room > Int(FeedLeaf.size) { Issue.record("\(input)") }
                for position in [FeedPosition.start, leaf.start, leaf.end, FeedPosition(.max)] {
                    _ = try leaf.entries(after: position)
                    _ = try CutoffList.entries(of: leaf, after: position)
                }
            }
            expectCorrupt {
                var list = try CutoffList(input)
                list.fit(into: input.count / 2)
                if try CutoffList(list.packed).latest != list.latest { Issue.record("\(input)") }
                _ = try list.book.inForce()
            }
            expectCorrupt { _ = try NodeItem(input) }
            expectCorrupt {
                let list = try NodeList(input)
                if try NodeList(list.packed) != list { Issue.record("\(input)") }
                _ = list.settlingTime
            }
            expectCorrupt { _ = try AuditEnd(input) }
        }
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
            for purpose in [MemcachedJudgement.Purpose.store, .cache] {
                _ = MemcachedJudgement(answers: answers, safety: .local, purpose: purpose).findings
            }
        }
    }
}
