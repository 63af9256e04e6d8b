import NIOCore
import SessionTesting
import Testing

@testable import SessionsMemcached

@Suite struct WireDecoderTests {
    /// What a server wrote: one of each kind, with a value that holds an end of line and a reply.
    static let examples: [(bytes: String, reply: WireReply)] = [
        ("HD O1\r\n", .outcome(.done, MetaFlags(opaque: 1))),
        ("HD\r\n", .outcome(.done, MetaFlags())),
        ("NF O2\r\n", .outcome(.notFound, MetaFlags(opaque: 2))),
        ("EN O3\r\n", .outcome(.miss, MetaFlags(opaque: 3))),
        ("EN\r\n", .outcome(.miss, MetaFlags())),
        ("EX O4 c18446744073709551615\r\n", .outcome(.exists, MetaFlags(opaque: 4, cas: .max))),
        ("NS\r\n", .outcome(.notStored, MetaFlags())),
        ("MN\r\n", .outcome(.noop, MetaFlags())),
        ("VA 0 c7 f0 O5 W\r\n\r\n", .value([], MetaFlags(opaque: 5, cas: 7, client: 0, hasWon: true))),
        (
            "VA 0 c7 f0 O6 X Z\r\n\r\n",
            .value([], MetaFlags(opaque: 6, cas: 7, client: 0, isTaken: true, isStale: true))
        ),
        ("VA 8 f21324 O9\r\nab\r\nHD\r\n\r\n", .value(Array("ab\r\nHD\r\n".utf8), MetaFlags(opaque: 9, client: 21324))),
        ("VERSION 1.6.18\r\n", .version("1.6.18")),
        ("STAT limit_maxbytes 67108864\r\n", .statistic(name: "limit_maxbytes", value: "67108864")),
        ("STAT libevent 2.1.12-stable x\r\n", .statistic(name: "libevent", value: "2.1.12-stable x")),
        ("END\r\n", .end), ("STORED\r\n", .stored), ("ERROR\r\n", .refused(.unknownCommand)),
        ("CLIENT_ERROR unauthenticated\r\n", .refused(.unauthenticated)),
        ("CLIENT_ERROR authentication failure\r\n", .refused(.wrongPassword)),
        ("CLIENT_ERROR bad data chunk\r\n", .refused(.malformed)),
        ("SERVER_ERROR object too large for cache\r\n", .refused(.tooLarge)),
        ("SERVER_ERROR out of memory storing object\r\n", .refused(.outOfMemory)),
        ("SERVER_ERROR whatever\r\n", .refused(.failed)),
        ("BUSY currently processing crawler request\r\n", .refused(.busy)),
    ]

    /// A listing as memcached 1.6.18 writes it: lines end with a line feed alone, keys as in URLs.
    static let listing = [
        (
            "key=a%20b%3A exp=1795574220 la=1795574120 cas=6 fetch=no cls=1 size=67\n",
            ListedItem(line: "key=a%20b%3A exp=1795574220 cas=6 size=67".bytes[...])
        ),
        (
            "key=Z exp=-1 la=1795574121 cas=7 fetch=yes cls=1 size=63\n",
            ListedItem(line: "key=Z exp=-1 cas=7 size=63".bytes[...])
        ),
    ]

    @Test("Every kind of reply is read, whole and byte by byte")
    func kinds() throws {
        for (text, reply) in Self.examples {
            #expect(try decode([text.bytes]) == [reply], "\(text)")
            #expect(try decode(text.bytes.map { [$0] }) == [reply], "\(text)")
        }
    }

    @Test("A listing's lines are read, with the keys as they are; a key with a space can't be one of ours")
    func listings() throws {
        #expect(Self.listing[0].1 == nil)
        #expect(throws: WireFault.malformed) { try decode([Self.listing[0].0.bytes]) }
        let key = try #require(MemcachedKey("a:%".bytes))
        let line = "key=a%3A%25 exp=1795574220 la=1795574120 cas=6 fetch=no cls=1 size=67\n"
        let item = ListedItem(key: key, expires: 1_795_574_220, cas: 6, byteCount: 67)
        #expect(try decode([line.bytes]) == [.listed(item)])
        let other = try #require(MemcachedKey("Z".bytes))
        #expect(
            try decode([(Self.listing[1].0 + "END\r\n").bytes])
                == [.listed(ListedItem(key: other, expires: nil, cas: 7, byteCount: 63)), .end])
    }

    @Test("Replies are the same however the stream is cut, two at once or all")
    func cuts() throws {
        let all = Self.examples.map(\.bytes).joined().bytes
        let replies = Self.examples.map(\.reply)
        #expect(try decode([all]) == replies)
        for cut in all.indices {
            #expect(try decode([Array(all[..<cut]), Array(all[cut...])]) == replies, "cut at \(cut)")
        }
        for (first, second) in zip(Self.examples, Self.examples.dropFirst()) {
            #expect(try decode([(first.bytes + second.bytes).bytes]) == [first.reply, second.reply])
        }
    }

    @Test("A stream that ends early gives what was whole, and no more")
    func cutShort() throws {
        for (text, _) in Self.examples {
            for count in 0..<text.utf8.count {
                #expect(try decode([Array(text.bytes.prefix(count))]).isEmpty, "\(text)")
            }
        }
    }

    @Test(
        "What no server writes is a fault, and stays one",
        arguments: [
            "\r\n", "VA\r\n", "VA x\r\n", "VA -1\r\n", "VA 2 O1\r\nabc\r\n", "VA 1 O1\r\nabc", "VA 1 Ox\r\na\r\n",
            "VA 1 f4294967296\r\na\r\n", "VA 18446744073709551616\r\n", "HD O18446744073709551616\r\n", "HD O\r\n",
            "END x\r\n", "STORED x\r\n", "HDx\r\n", "key=a\n", "key=%4 exp=-1 cas=1 size=1\n",
            "key=%zz exp=-1 cas=1 size=1\n",
            "key= exp=-1 cas=1 size=1\n", "key=a exp=- cas=1 size=1\n", "$3\r\nabc\r\n", "HTTP/1.1 400 Bad Request\r\n",
            "\u{16}\u{3}\u{1}\n", "\u{0}\r\n",
        ])
    func faults(_ text: String) {
        var decoder = WireDecoder()
        decoder.append(ByteBuffer(string: text))
        #expect(throws: WireFault.malformed) { try decoder.next() }
        decoder.append(ByteBuffer(string: "HD\r\n"))
        #expect(throws: WireFault.malformed) { try decoder.next() }
    }

    @Test("A value and a line beyond the limits are refused before they are kept")
    func limits() throws {
        let limits = WireDecoder.Limits(line: 20, value: 5)
        #expect(try decode(["VA 5 O1\r\nabcde\r\n".bytes], limits) == [.value("abcde".bytes, MetaFlags(opaque: 1))])
        #expect(throws: WireFault.tooLarge) { try decode(["VA 6 O1\r\n".bytes], limits) }
        #expect(throws: WireFault.tooLarge) { try decode([Array(repeating: 65, count: 21)], limits) }
        #expect(throws: WireFault.tooLarge) { try decode([Array(repeating: 65, count: 30) + "\r\n".bytes], limits) }
        #expect(try decode([Array(repeating: 65, count: 20)], limits).isEmpty)
    }

    @Test("Text that a server sends has no control characters when it is shown")
    func printable() throws {
        #expect(try decode(["VERSION 1\u{1b}[2J.6\u{7}\r\n".bytes]) == [.version("1[2J.6")])
        #expect(try decode(["STAT a\u{1b} \u{9b}b\r\n".bytes]) == [.statistic(name: "a", value: "b")])
    }

    @Test("No damage traps, in whatever pieces it comes", arguments: 0..<8)
    func damage(_ seed: UInt64) {
        var chance = SeededGenerator(seed: seed)
        let whole = (Self.examples.map(\.bytes).joined() + Self.listing[1].0).bytes
        for _ in 0..<400 {
            var bytes = whole
            for _ in 0...Int.random(in: 0...4, using: &chance) {
                let place = Int.random(in: bytes.indices, using: &chance)
                switch Int.random(in: 0..<3, using: &chance) {
                case 0: bytes[place] = UInt8(truncatingIfNeeded: chance.next())
                case 1: bytes.remove(at: place)
                default: bytes.insert(contentsOf: bytes[place...].prefix(9), at: place)
                }
            }
            let asOne = outcome(of: [bytes])
            let cut = Int.random(in: bytes.indices, using: &chance)
            #expect(outcome(of: [Array(bytes[..<cut]), Array(bytes[cut...])]) == asOne)
            #expect(outcome(of: bytes.map { [$0] }) == asOne)
        }
    }

    @Test("Random bytes never trap, and long streams are read in pieces of every size")
    func noise() {
        var chance = SeededGenerator(seed: 99)
        for _ in 0..<2000 {
            let letters = "VAHD 0123456789cfOWZX\r\n\u{0}=key".bytes
            let bytes = (0..<Int.random(in: 0...60, using: &chance)).map { _ in chance.pick(letters) }
            #expect(outcome(of: [bytes]) == outcome(of: bytes.map { [$0] }))
        }
    }

    @Test("A megabyte fed byte by byte takes no more looks than bytes: it is read in a moment")
    func linear() throws {
        let value = [UInt8](repeating: 10, count: 1 << 20)
        let bytes = "VA \(value.count) O1\r\n".bytes + value + "\r\n".bytes
        #expect(try decode(bytes.map { [$0] }) == [.value(value, MetaFlags(opaque: 1))])
        let many = Array(repeating: "HD O1\r\n".bytes, count: 50_000).flatMap { $0 }
        #expect(try decode([many]).count == 50_000)
    }

    // MARK: Help

    private func decode(
        _ pieces: [[UInt8]], _ limits: WireDecoder.Limits = WireDecoder.Limits()
    ) throws(WireFault) -> [WireReply] {
        var decoder = WireDecoder(limits: limits)
        var replies: [WireReply] = []
        for piece in pieces {
            decoder.append(ByteBuffer(bytes: piece))
            while let reply = try decoder.next() { replies.append(reply) }
        }
        return replies
    }

    private struct Outcome: Equatable {
        var replies: [WireReply] = []
        var fault: WireFault?
    }

    private func outcome(of pieces: [[UInt8]]) -> Outcome {
        var decoder = WireDecoder()
        var outcome = Outcome()
        do throws(WireFault) {
            for piece in pieces {
                decoder.append(ByteBuffer(bytes: piece))
                while let reply = try decoder.next() { outcome.replies.append(reply) }
            }
        } catch { outcome.fault = error }
        return outcome
    }
}

extension String {
    /// Its UTF-8.
    var bytes: [UInt8] { Array(utf8) }
}
