import SessionTesting

@testable import Sessions

/// Filters and rows of every kind, for properties.
struct RandomFilters {
    var random: SeededGenerator

    init(seed: UInt64) { random = SeededGenerator(seed: seed) }

    private static let texts = [
        "alice", "bob", "Alice B", "or", "not", "and", "-x", "!x", "/x", "a*b", "a\"b", "a\\b", "(x)", "a:b", "ttl<5m",
        "10.0.0.1", "2001:db8::41", "作者", "ÅSA", "Ω", "web-03", "x y", "\t", "é", "s:7f", "*", "curl/8.5.0", "7f3a",
    ]

    mutating func expression(depth: Int = 4) -> FilterExpression {
        switch depth > 0 ? Int.random(in: 0..<6, using: &random) : 0 {
        case 1: .negation(expression(depth: depth - 1))
        case 2, 3: .conjunction((0...Int.random(in: 0...2, using: &random)).map { _ in expression(depth: depth - 1) })
        case 4: .disjunction((0...Int.random(in: 0...2, using: &random)).map { _ in expression(depth: depth - 1) })
        default: .term(term())
        }
    }

    mutating func term() -> FilterTerm {
        switch Int.random(in: 0..<10, using: &random) {
        case 0: .word(TextPattern(part: pieces()))
        case 1: .user(TextPattern(whole: pieces()))
        case 2: .node(TextPattern(whole: pieces()))
        case 3: .agent(TextPattern(part: pieces()))
        case 4: .layout(TextPattern(whole: [Array("native".utf8)]))
        case 5:
            IDPrefix((0..<Int.random(in: 1...64, using: &random)).map { _ in digit() }).map { .id($0) } ?? .state(nil)
        case 6: .ip(network())
        case 7: .state(random.pick([nil, .live, .revoked, .expired]))
        case 8: .has(random.pick(FilterKnowledge.allCases))
        default: measure()
        }
    }

    private mutating func digit() -> UInt8 { random.pick(Array("0123456789abcdef".utf8)) }

    private mutating func measure() -> FilterTerm {
        let measure = random.pick(FilterMeasure.allCases)
        let unit =
            measure == .size ? Int64(1) << random.pick([0, 10, 20, 30]) : random.pick(DurationText.units).milliseconds
        let count = Int64.random(in: 0...90, using: &random)
        return .measure(
            measure, random.pick(FilterComparison.allCases), FilterQuantity(value: count * unit, unit: unit))
    }

    private mutating func pieces() -> [[UInt8]] {
        let count = random.once(in: 3) ? Int.random(in: 2...4, using: &random) : 1
        return (0..<count).map { _ in count > 1 && random.once(in: 3) ? [] : Array(random.pick(Self.texts).utf8) }
    }

    mutating func address() -> IPAddress {
        random.once(in: 2)
            ? IPAddress(ipv4: 0x0A00_0000 | UInt32.random(in: 0...0x3FF, using: &random))
            : IPAddress(ipv6: random.pick([0x2001_0DB8 << 96, 0, 0xFFFF << 32]) | UInt128(random.next() & 0x3FF))
    }

    mutating func network() -> IPNetwork {
        let address = address()
        // Every length up to the width is one.
        return IPNetwork(address, prefixLength: Int.random(in: 0...address.width, using: &random)) ?? network()
    }

    mutating func row(around now: Timestamp) -> SessionRow {
        var row = SessionRow(id: IDHash(hashing: [UInt8(random.next() & 7)]))
        row.state = random.pick([.live, .live, .revoked, .expired])
        if !random.once(in: 4) { row.user = random.pick(Self.texts) }
        if !random.once(in: 4) { row.node = random.pick(Self.texts) }
        if !random.once(in: 4) { row.agent = random.pick(Self.texts) + " " + random.pick(Self.texts) }
        if !random.once(in: 4) { row.ip = random.once(in: 5) ? random.pick(Self.texts) : "\(address())" }
        if !random.once(in: 4) { row.byteCount = random.pick([0, 412, 1024, 4096, 1 << 20]) }
        if !random.once(in: 4) { row.created = now - time() }
        if !random.once(in: 4) { row.seen = now - time() }
        row.deadlines = Deadlines(
            idle: random.once(in: 3) ? nil : now + time(), absolute: random.once(in: 3) ? nil : now + time())
        return row
    }

    private mutating func time() -> Duration {
        .milliseconds(random.pick(DurationText.units).milliseconds * Int64.random(in: -1...90, using: &random))
    }
}
