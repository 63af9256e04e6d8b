import NIOCore
import SessionTesting
import Testing

@testable import SessionsRedis

@Suite("RESP decoder")
struct RESPDecoderTests {
    private static let examples: [(String, RESPValue)] = [
        ("+OK\r\n", .bytes(Array("OK".utf8))),
        ("+\r\n", .bytes([])),
        ("-ERR what is that\r\n", .error(RedisError(kind: "ERR", message: "what is that"))),
        ("-LOADING\r\n", .error(RedisError(kind: "LOADING", message: ""))),
        (":-9223372036854775808\r\n", .integer(.min)),
        (":+9223372036854775807\r\n", .integer(.max)),
        ("$3\r\na\r\n\r\n", .bytes(Array("a\r\n".utf8))),
        ("$0\r\n\r\n", .bytes([])),
        ("$-1\r\n", .null), ("*-1\r\n", .null), ("_\r\n", .null),
        ("*0\r\n", .array([])), ("~1\r\n:1\r\n", .array([.integer(1)])),
        ("*2\r\n*1\r\n*0\r\n$-1\r\n", .array([.array([.array([])]), .null])),
        ("%1\r\n+a\r\n%0\r\n", .map([(.bytes(Array("a".utf8)), .map([]))])),
        ("#t\r\n", .boolean(true)), ("#f\r\n", .boolean(false)),
        (",1.5\r\n", .double(1.5)), (",-inf\r\n", .double(-.infinity)), (",nan\r\n", .double(.nan)),
        (",1e3\r\n", .double(1000)),
        ("(-34928903284092385093248509438\r\n", .bigNumber(Array("-34928903284092385093248509438".utf8))),
        ("=7\r\ntxt:a,b\r\n", .bytes(Array("a,b".utf8))),
        ("!8\r\nERR a\r\nb\r\n", .error(RedisError(kind: "ERR", message: "a\r\nb"))),
        ("|1\r\n+ttl\r\n:3\r\n:7\r\n", .integer(7)),
        ("*2\r\n|1\r\n+a\r\n*1\r\n:1\r\n:1\r\n:2\r\n", .array([.integer(1), .integer(2)])),
    ]

    @Test("Every type of RESP2 and RESP3, whole, byte by byte, and cut short at every length")
    func types() throws {
        for (text, value) in Self.examples {
            let bytes = Array(text.utf8)
            #expect(try decode([bytes]) == [.reply(value)], "\(text)")
            #expect(try decode(bytes.map { [$0] }) == [.reply(value)], "\(text)")
            for length in 1..<bytes.count {
                #expect(try decode([Array(bytes[..<length])]) == [], "\(text) cut at \(length)")
                #expect(try decode([Array(bytes[..<length]), Array(bytes[length...])]) == [.reply(value)])
            }
            #expect(try decode([bytes + bytes]) == [.reply(value), .reply(value)])
        }
    }

    @Test("Push messages are told apart from the replies around them")
    func pushes() throws {
        let text = ":1\r\n>2\r\n+invalidate\r\n*1\r\n+k\r\n:2\r\n|1\r\n+a\r\n+b\r\n>1\r\n+x\r\n"
        let push = RESPDecoder.Event.push([.bytes(Array("invalidate".utf8)), .array([.bytes(Array("k".utf8))])])
        let last = RESPDecoder.Event.push([.bytes(Array("x".utf8))])
        #expect(try decode([Array(text.utf8)]) == [.reply(.integer(1)), push, .reply(.integer(2)), last])
    }

    @Test("What is no RESP is a fault, never a trap")
    func faults() {
        let examples: [(String, RESPFault)] = [
            ("HTTP/1.1 400 Bad Request\r\n", .unknownType(UInt8(ascii: "H"))),
            ("\r\n", .malformed), ("+a\rb\r\n", .malformed), (":\r\n", .malformed), (":1x\r\n", .malformed),
            (":-\r\n", .malformed), (":9223372036854775808\r\n", .malformed), ("_x\r\n", .malformed),
            ("#x\r\n", .malformed), ("#tt\r\n", .malformed), (",0x10\r\n", .malformed), (",\r\n", .malformed),
            ("(12a\r\n", .malformed), ("$-2\r\n", .malformed), ("$3\r\nabcd\r\n", .malformed), ("~-1\r\n", .malformed),
            ("=3\r\nabc\r\n", .malformed), ("=5\r\nabcde\r\n", .malformed), ("$?\r\n", .streamed),
            ("*?\r\n", .streamed),
            ("*1\r\n>1\r\n+a\r\n", .misplacedPush),
        ]
        for (text, fault) in examples {
            #expect(throws: fault, "\(text)") { try decode([Array(text.utf8)]) }
            #expect(throws: fault, "\(text)") { try decode(Array(text.utf8).map { [$0] }) }
        }
    }

    @Test("Lengths and counts that are announced and never come are refused at once, without room being kept for them")
    func announcements() throws {
        let counts = ["9223372036854775807", "4611686018427387904", "2147483648", "67108865"]
        for type in ["$", "=", "!", "*", "~", ">", "%", "|"] {
            for count in counts {
                #expect(throws: RESPFault.tooLarge) { try decode([Array("\(type)\(count)\r\n".utf8)]) }
            }
        }
        // A little more each time, and too much in all.
        let small = RESPLimits(depth: 4, line: 10, bulk: 8, reply: 40, values: 6)
        for text in ["$9\r\n", "*7\r\n", "*6\r\n", "+12345678901\r\n", "+1234567890123", "*2\r\n*5\r\n", "%3\r\n"] {
            #expect(throws: RESPFault.tooLarge, "\(text)") { try decode([Array(text.utf8)], small) }
        }
        let long = "*5\r\n" + String(repeating: "$8\r\n12345678\r\n", count: 3)
        #expect(throws: RESPFault.tooLarge) { try decode([Array(long.utf8)], small) }
        // Each reply is measured by itself.
        #expect(try decode([Array(String(repeating: "$8\r\n12345678\r\n", count: 9).utf8)], small).count == 9)
    }

    @Test("Arrays within arrays end at the deepest level that is allowed")
    func depth() throws {
        let bomb = Array(String(repeating: "*1\r\n", count: 100_000).utf8)
        #expect(throws: RESPFault.tooDeep) { try decode([bomb]) }
        let attributes = Array(String(repeating: "|1\r\n", count: 100_000).utf8)
        #expect(throws: RESPFault.tooDeep) { try decode([attributes]) }
        let deepest = Array((String(repeating: "*1\r\n", count: 32) + ":1\r\n").utf8)
        #expect(try decode([deepest]).count == 1)
        // Side by side they are not deep.
        let wide = Array(("*1000\r\n" + String(repeating: "*1\r\n*0\r\n", count: 1000)).utf8)
        #expect(try decode([wide]).count == 1)
    }

    @Test("Replies made up by chance, in pieces cut by chance", arguments: 0..<50)
    func chance(seed: UInt64) throws {
        var replies = RandomReplies(generator: SeededGenerator(seed: seed))
        let values = (0..<20).map { _ in replies.value() }
        var rest = values.flatMap(ReplyWriter.bytes)[...]
        var pieces: [[UInt8]] = []
        while !rest.isEmpty {
            let length = min(rest.count, Int.random(in: 1...30, using: &replies.generator))
            pieces.append(Array(rest.prefix(length)))
            rest = rest.dropFirst(length)
        }
        #expect(try decode(pieces) == values.map { .reply($0) })
    }

    @Test("A damaged reply is a fault or another reply, and no longer than what came", arguments: 0..<200)
    func damage(seed: UInt64) throws {
        var replies = RandomReplies(generator: SeededGenerator(seed: seed))
        var bytes = ReplyWriter.bytes(of: .array((0..<5).map { _ in replies.value() }))
        for _ in 0..<Int.random(in: 1...4, using: &replies.generator) {
            let index = Int.random(in: bytes.indices, using: &replies.generator)
            switch Int.random(in: 0..<3, using: &replies.generator) {
            case 0: bytes[index] = UInt8.random(in: 0...255, using: &replies.generator)
            case 1: bytes.remove(at: index)
            default: bytes.insert(replies.generator.pick(Array("*$%>|~0123456789-\r\n".utf8)), at: index)
            }
        }
        let whole = Result { try decode([bytes]) }
        let pieces = Result { try decode(bytes.map { [$0] }) }
        switch (whole, pieces) {
        case (.success(let a), .success(let b)):
            #expect(a == b)
            #expect(a.count <= bytes.count)
        case (.failure, .failure): break
        default: Issue.record("the pieces decide: \(whole) and \(pieces)")
        }
    }

    @Test("A long string and a long line, byte by byte, are looked at once")
    func slowly() throws {
        // By searching from the start each time this would be 10^11 steps.
        let string = Array("$300000\r\n".utf8) + Array(repeating: UInt8(ascii: "\r"), count: 300_000) + [13, 10]
        #expect(try decode(string.map { [$0] }).count == 1)
        let line = [UInt8(ascii: "+")] + Array(repeating: UInt8(ascii: "a"), count: 65_000) + [13, 10]
        #expect(try decode(line.map { [$0] }).count == 1)
    }

    private func decode(_ pieces: [[UInt8]], _ limits: RESPLimits = RESPLimits()) throws -> [RESPDecoder.Event] {
        var decoder = RESPDecoder(limits: limits)
        var events: [RESPDecoder.Event] = []
        for piece in pieces {
            decoder.append(ByteBuffer(bytes: piece))
            while let event = try decoder.next() { events.append(event) }
        }
        return events
    }
}
