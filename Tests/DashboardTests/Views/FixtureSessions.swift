import Sessions

/// Sessions of all kinds: wide names, both kinds of addresses, hostile agents, some that have ended or never do.
enum FixtureSessions {
    static let chrome =
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/128.0.0.0 Safari/537.36"
    static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:130.0) Gecko/20100101 Firefox/130.0"
    static let iphone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 "
        + "Mobile/15E148 Safari/604.1"
    static let edge =
        "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/127.0.0.0 Safari/537.36 Edg/127.0"

    /// What strangers send to break a screen.
    static let hostile = [
        "\u{1B}[2J\u{1B}]52;c;cm0gLXJm\u{7}", "\u{202E}gnp.exe\u{2066}\u{200B}\u{FEFF}",
        "e\u{301}\u{302}\u{303}\u{304}\u{305}x",
        "a\nb\r\tc\u{9B}31m\u{7F}", String(repeating: "A", count: 10_000),
    ]

    /// User, address, node, agent, idle minutes, minutes to the idle deadline, hours to the absolute one.
    private typealias Sketch = (String?, String?, String?, String?, Double, Double?, Double?)

    private static let sketches: [Sketch] = [
        ("alice@corp.example", "203.0.113.9", "web-03", chrome, 2, 27, 6.2),
        ("alice@corp.example", "198.51.100.44", "web-01", "curl/8.5.0", 0.07, 29.9, 7.5),
        ("bob", "2001:db8:85a3::8a2e:370:7334", "web-03", firefox, 11, 72, 4),
        ("svc-billing", "10.0.9.18", "web-02", "okhttp/4.12", 0.02, 0.97, 9),
        ("作者", "192.0.2.77", "web-02", iphone, 29, 1.2, 3),
        ("山田太郎@例え.jp", "2001:db8::41", "web-01", chrome, 4, 26, 5),
        ("carol", "203.0.113.80", "web-01", edge, 1, 29, 7.9), ("dave", "203.0.113.81", "web-02", firefox, 6, 24, 7.1),
        ("erin", "203.0.113.82", "web-03", iphone, 18, 12, 2),
        ("frank", "203.0.113.83", "web-01", chrome, 26, 3.6, 1.5),
        ("grace", "203.0.113.84", "web-02", edge, 3, 27, 0.21), (nil, "198.51.100.7", "web-03", hostile[0], 1, 29, 8),
        (nil, "198.51.100.8", "web-01", hostile[1], 9, 21, 6), (nil, "198.51.100.9", "web-02", hostile[2], 14, 16, 7),
        ("mallory\u{1B}[31m", "198.51.100.66", "web-03", hostile[3], 2, 28, 8),
        ("\u{202E}nimda", "198.51.100.67", "web-01", hostile[4], 5, 25, 5), (nil, nil, nil, nil, 12, 18, 2),
        ("heidi", "192.0.2.14", "web-02", firefox, 8, 22, 3), ("ivan", "192.0.2.15", "web-03", chrome, 0.3, 29.7, 7.7),
        ("judy", "192.0.2.16", "web-01", iphone, 16, 14, 6),
        ("svc-legacy", "10.0.9.20", "web-04", "python-requests/2.31", 40, nil, 700),
        ("svc-legacy", "10.0.9.21", "web-04", "python-requests/2.31", 55, nil, nil),
        ("kim", "192.0.2.18", "web-01", edge, 21, 9, 4.4), ("leo", "192.0.2.19", "web-02", chrome, 24, 6, 5),
        (
            "a-very-long-user-name-that-nobody-should-have@department.corp.example", "192.0.2.20", "web-03", firefox, 7,
            23, 6
        ),
        ("nina", "192.0.2.21", "web-01", chrome, 10, 20, 7), ("oscar", "192.0.2.22", "web-02", iphone, 13, 17, 7),
        ("peggy", "192.0.2.23", "web-03", edge, 15, 15, 7),
    ]

    /// All of them.
    static let rows: [SessionRow] = sketches.enumerated().map { row($0.element, $0.offset) }

    /// A session that was revoked, and one that ran out, a few seconds ago.
    static var ended: [SessionRow] {
        var revoked = row(("rupert", "192.0.2.24", "web-01", chrome, 1, 28, 7), 90)
        revoked.state = .revoked
        revoked.revokedAt = Fixture.now - .seconds(4)
        var expired = row(("sybil", "192.0.2.25", "web-02", firefox, 30, -0.1, 2), 91)
        expired.state = .expired
        return [revoked, expired]
    }

    /// The same two while they were live.
    static var beforeTheyEnd: [SessionRow] {
        ended.map { row in
            var row = row
            (row.state, row.revokedAt) = (.live, nil)
            return row
        }
    }

    private static func row(_ sketch: Sketch, _ number: Int) -> SessionRow {
        var row = SessionRow(id: IDHash(hashing: "session \(number)".utf8))
        (row.user, row.ip, row.node, row.agent) = (sketch.0, sketch.1, sketch.2, sketch.3)
        row.seen = Fixture.now - .milliseconds(Int64(sketch.4 * 60_000))
        row.created = Fixture.now - .seconds(Int64(3600 + number * 731))
        row.deadlines = Deadlines(
            idle: sketch.5.map { Fixture.now + .milliseconds(Int64($0 * 60_000)) },
            absolute: sketch.6.map { Fixture.now + .milliseconds(Int64($0 * 3_600_000)) })
        row.byteCount = 180 + number * 57
        return row
    }
}
