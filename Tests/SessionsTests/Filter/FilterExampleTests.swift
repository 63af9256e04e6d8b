import Testing

@testable import Sessions

@Suite("Filter: examples of the contract")
struct FilterExampleTests {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    private static func id(_ beginning: [UInt8]) -> IDHash {
        IDHash(digest: beginning + Array(repeating: 9, count: 32 - beginning.count)) ?? IDHash(hashing: [])
    }

    private static let alice: SessionRow = {
        var row = SessionRow(
            id: id([0x7F, 0x3A, 0x91, 0xC2, 0xD0, 0xE1]))
        row.user = "alice"
        row.ip = "10.1.2.3"
        row.agent = "Mozilla/5.0 Firefox/130 (Linux)"
        row.node = "web-03"
        row.byteCount = 5000
        row.created = now - .seconds(8 * 86_400)
        row.seen = now - .seconds(7200)
        row.deadlines = Deadlines(idle: now + .seconds(240), absolute: now + .seconds(86_400))
        return row
    }()
    private static let nobody = SessionRow(id: id([0xAB, 0xAB]))

    @Test(
        "It matches alice's session and no anonymous one",
        arguments: [
            "alice", "ALI", "user:alice", "user:al*", "user:*e", "user:*", "user:\"alice\"", "id:7f3a91",
            "id:7F3A91C2D0E1",
            "s:7f3a91c2d0e1", "7f3a91", "ip:10.0.0.0/8", "ip:10.1.2.3", "10.1", "node:web-03", "node:web-*",
            "agent:firefox",
            "agent:mozilla*linux", "agent:\"firefox/130 (\"", "firefox", "ttl<5m", "ttl=4m", "idle>1h", "idle=2h",
            "age>=7d",
            "age>1w", "size>4k", "size=5000", "size<1M", "has:expiry", "has:user", "has:ip", "alice firefox",
            "bob or alice",
            "not bob alice", "alice -bob", "alice !bob", "(bob or alice) ttl<5m", "alice bob or firefox",
            "-(bob or carol) alice",
            "NOT bob OR carol alice", "\"or\" or alice", "USER:alice", "  alice  ", "state:live alice", "TTL<5m",
        ])
    func matches(text: String) throws {
        let filter = try Filter.parse(text)
        #expect(filter.includes(Self.alice, at: Self.now))
        if !text.uppercased().contains("NOT "), !text.hasPrefix("user:*"), !text.hasPrefix("-") {
            #expect(!filter.includes(Self.nobody, at: Self.now))
        }
    }

    @Test(
        "It leaves alice's session out",
        arguments: [
            "bob", "user:Alice", "user:ali", "user:alice*x", "id:7f3a92", "ip:10.2.0.0/16", "ip:::/0", "node:web",
            "agent:bot",
            "ttl>5m", "idle<2h", "age<7d", "size<4k", "-has:user", "-alice", "alice bob", "alice -firefox",
            "state:revoked",
            "layout:rails", "user:\"al*\"",
        ])
    func leavesOut(text: String) throws {
        #expect(try !Filter.parse(text).includes(Self.alice, at: Self.now))
    }

    @Test("Empty text is every live session")
    func empty() throws {
        for text in ["", "  ", "\t"] {
            let filter = try Filter.parse(text)
            #expect(filter.isEverything && filter == .everything && filter.description.isEmpty)
            #expect(filter.includes(Self.nobody, at: Self.now))
        }
    }

    @Test("Ended sessions are included where state: or id: is mentioned, and only there")
    func ended() throws {
        var row = Self.alice
        row.state = .revoked
        for text in ["state:*", "state:revoked", "id:7f", "-state:live", "alice state:*"] {
            #expect(try Filter.parse(text).includes(row, at: Self.now), "\(text)")
        }
        for text in ["", "alice", "ttl<5m", "7f3a91"] {
            #expect(try !Filter.parse(text).includes(row, at: Self.now), "\(text)")
        }
        #expect(try Filter.parse("state:expired").includes(Self.alice, at: Self.now + .seconds(240)))
    }

    @Test("What never ends has more time left than any limit, and what isn't known compares with nothing")
    func unknown() throws {
        for text in ["ttl>100w", "-ttl<5m", "-has:expiry", "-idle>1h", "-idle<1h", "-age=1d", "-size>0"] {
            #expect(try Filter.parse(text).includes(Self.nobody, at: Self.now), "\(text)")
        }
    }

    @Test(
        "A mistake is told with its place and what to write",
        arguments: [
            ("usr:alice", 0..<3, "user"), ("alice foo:bar", 6..<9, "no field"),
            ("/ali.*/", 0..<7, "regular expressions"),
            ("alice )", 6..<7, "closes nothing"), ("(alice", 0..<1, "never closed"),
            ("\"alice", 0..<6, "quotation mark"),
            ("alice or", 8..<8, "missing"), ("not", 3..<3, "missing"), ("ttl<5", 4..<5, "90s, 5m"),
            ("ttl:5m", 0..<4, "compared"),
            ("user<5m", 0..<5, "user:"), ("size>4x", 5..<7, "4k"), ("ip:10.0.0", 3..<9, "10.0.0.0/8"),
            ("state:dead", 6..<10, "revoked"),
            ("has:wings", 4..<9, "expiry"), ("id:xyz", 3..<6, "hexadecimal"), ("user:", 5..<5, "missing"),
            ("ttl < 5m", 4..<5, "spaces"),
            ("a and b", 2..<5, "leave out"), ("- bot", 0..<1, "without a space"), ("()", 1..<1, "missing"),
            ("\"\"", 0..<2, "empty"),
            ("作者 x:y", 3..<4, "no field"),
        ])
    func mistakes(text: String, range: Range<Int>, hint: String) throws {
        let error = try #require(throws: FilterError.self) { try Filter.parse(text) }
        #expect(error.range == range && error.message.contains(hint), "\(text): \(error)")
    }

    @Test("Length, depth and number of conditions are bounded")
    func bounds() {
        for text in [
            String(repeating: "(", count: 4000), String(repeating: "-", count: 4000) + "a",
            String(repeating: "not ", count: 1000) + "a", String(repeating: "a ", count: 300),
            String(repeating: "a", count: 600), String(repeating: "a ", count: 100_000),
            "user:" + String(repeating: "*:", count: 250),
        ] {
            #expect(throws: FilterError.self) {
                let filter = try Filter.parse(text)
                // The last is short enough; its canonical form must be, too.
                if filter.description.utf8.count <= Filter.maximumByteCount { throw FilterError("", at: 0..<0) }
            }
        }
    }

    @Test("Time matters to ttl, idle and age alone")
    func time() throws {
        for text in ["ttl<5m", "a -(b or idle>1h)", "age=1d"] { #expect(try Filter.parse(text).dependsOnTime) }
        for text in ["", "alice", "size>4k", "state:live", "has:expiry"] {
            #expect(try !Filter.parse(text).dependsOnTime)
        }
    }

    @Test("Every suggestion's example is a filter, and every completion begins one")
    func suggestions() throws {
        for suggestion in Filter.suggestions {
            _ = try Filter.parse(suggestion.example)
            #expect(suggestion.example.hasPrefix(suggestion.completion.dropLast()) && !suggestion.help.isEmpty)
        }
    }

    @Test("A filter narrowed to a user takes the name by its bytes")
    func narrowed() throws {
        let filter = try Filter.parse("firefox or curl")
        #expect(filter.narrowed(toUser: "alice").includes(Self.alice, at: Self.now))
        #expect(!filter.narrowed(toUser: "al*").includes(Self.alice, at: Self.now))
        #expect(Filter.everything.narrowed(toUser: nil).includes(Self.nobody, at: Self.now))
        #expect(filter.narrowed(toNode: "web-03").description == "node:web-03 (firefox or curl)")
    }
}
