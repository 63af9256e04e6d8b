import Dashboard
import Sessions

/// The session table against the plainest thing that does the same, in one run: only the ratios last.
enum TableBenchmarks {
    private static let now = Timestamp(milliseconds: 1_800_000_000_000)

    /// Runs them and prints a line for each.
    static func run(rowCount: Int = 100_000) {
        let rows = (0..<rowCount).map(row)
        var table = SessionTable(now: now)
        report("take in \(rowCount) rows", best(1) { table.apply(rows: rows, at: now) })
        sorting(&table, rows)
        filtering(&table, rows)
        changing(&table, rows)
        report("totals", best(5) { blackHole(table.totals()) })
        report("users", best(5) { blackHole(table.users()) })
    }

    /// A row as a busy shop has them: most users have a session or two, addresses hardly repeat, agents do.
    private static func row(_ number: Int) -> SessionRow {
        var random = UInt64(number) &* 0x9E37_79B9_7F4A_7C15
        random ^= random >> 29
        random = random &* 0xBF58_476D_1CE4_E5B9
        random ^= random >> 32
        var row = SessionRow(id: IDHash(hashing: withUnsafeBytes(of: number) { Array($0) }))
        if random % 10 != 0 { row.user = "user\(random % 70_000)@corp.example" }
        row.created = now - .milliseconds(random % 28_800_000)
        row.seen = now - .milliseconds(random >> 8 % 1_800_000)
        row.deadlines = Deadlines(
            idle: row.seen.map { $0 + .seconds(1800) }, absolute: row.created.map { $0 + .seconds(28_801) })
        row.ip = "10.\(random >> 16 & 255).\(random >> 24 & 255).\(random >> 32 & 255)"
        row.agent =
            "Mozilla/5.0 (X11; Linux x86_64; rv:\(100 + random % 40).0) Gecko/20100101 Firefox/\(100 + random % 40).0"
        row.node = "web-0\(random % 8)"
        row.byteCount = Int(random >> 20 % 5000)
        return row
    }

    private static func sorting(_ table: inout SessionTable, _ rows: [SessionRow]) {
        let names = rows.map { $0.user ?? "" }
        let library = best(3) { blackHole(names.indices.sorted { names[$0] < names[$1] }) }
        for column in SessionColumn.allCases {
            let other = SessionSort(column: column == .ttl ? .user : .ttl)
            let time = best(5, before: { table.sort(by: other) }) { table.sort(by: SessionSort(column: column)) }
            report("sort by \(column.rawValue)", time, against: library, "the library's sort of names")
        }
        table.sort(by: SessionSort(column: .ttl))
    }

    private static func filtering(_ table: inout SessionTable, _ rows: [SessionRow]) {
        let names = rows.map { $0.user ?? "" }
        let library = best(2) { blackHole(names.count { contains($0, "er123") }) }
        for text in [
            "er123", "12345", "user:user1*", "ip:10.32.0.0/11", "agent:firefox -node:web-03", "ttl<5m",
            "7f3a or size>4k",
        ] {
            guard let filter = try? Filter.parse(text) else { continue }
            let time = best(5, before: { table.show(.everything) }) { table.show(filter) }
            report("filter \(text)", time, against: library, "a search of names as characters")
        }
        table.show(try? Filter.parse("ttl<5m"))
        var moment = now
        report("tick under ttl<5m", best(5, before: { moment = moment + .seconds(1) }) { table.advance(to: moment) })
        table.show(.everything)
    }

    /// A plain search over a `String`'s characters.
    private static func contains(_ text: String, _ part: String) -> Bool {
        var rest = text[...]
        while !rest.isEmpty {
            if rest.hasPrefix(part) { return true }
            rest = rest.dropFirst()
        }
        return false
    }

    private static func changing(_ table: inout SessionTable, _ rows: [SessionRow]) {
        for count in [1, 100, 1000, 5000] {
            var moment = now
            var changed: [SessionRow] = []
            let time = best(
                5,
                before: {
                    moment = moment + .milliseconds(7)
                    changed = rows[..<count].map {
                        var row = $0
                        row.seen = moment
                        row.deadlines.idle = moment + .seconds(1800)
                        return row
                    }
                },
                { table.apply(rows: changed, at: moment) })
            report("apply \(count) changes", time)
        }
    }

    private static func best(_ times: Int, before prepare: () -> Void = {}, _ body: () -> Void) -> Duration {
        (0..<times).map { _ in
            prepare()
            return ContinuousClock().measure(body)
        }.min() ?? .zero
    }

    private static func report(
        _ name: String, _ time: Duration, against baseline: Duration? = nil, _ what: String = ""
    ) {
        let ratio = baseline.map { "  \(Int(1000 * time.inSeconds / $0.inSeconds))/1000 of \(what)" } ?? ""
        print("table: \(name): \(Int(time.inSeconds * 1_000_000)) µs\(ratio)")
    }

    @inline(never)
    private static func blackHole<Value>(_ value: Value) {}
}
