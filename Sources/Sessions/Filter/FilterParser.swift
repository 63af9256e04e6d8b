/// Reads a filter from its text, by recursive descent of bounded depth.
///
/// ```
/// any  := all ("or" all)*
/// all  := part+
/// part := ("not" | "-" | "!") part | "(" any ")" | condition
/// ```
struct FilterParser {
    var scanner: FilterScanner
    private var depth = 0
    private var conditions = 0

    /// How deep parentheses and negations may nest.
    static let maximumDepth = 64
    /// How many conditions a filter may have.
    static let maximumConditions = 256

    init(bytes: [UInt8]) { scanner = FilterScanner(bytes: bytes) }

    mutating func parse() throws(FilterFault) -> FilterExpression {
        scanner.skipSpaces()
        guard !scanner.isAtEnd else { return .everything }
        let expression = try any()
        guard scanner.isAtEnd else { throw fault("this ) closes nothing: remove it, or add ( before", length: 1) }
        return expression
    }

    private mutating func any() throws(FilterFault) -> FilterExpression {
        var parts = [try all()]
        while scanner.take(keyword: "or") { parts.append(try all()) }
        return .disjunction(parts)
    }

    private mutating func all() throws(FilterFault) -> FilterExpression {
        var parts: [FilterExpression] = []
        scanner.skipSpaces()
        while !scanner.isAtEnd, scanner.current != UInt8(ascii: ")"), !scanner.isAt(keyword: "or") {
            parts.append(try part())
            scanner.skipSpaces()
        }
        guard !parts.isEmpty else {
            throw fault("a condition is missing here: write one, such as alice or ttl<5m", length: 0)
        }
        return .conjunction(parts)
    }

    private mutating func part() throws(FilterFault) -> FilterExpression {
        depth += 1
        defer { depth -= 1 }
        guard depth <= Self.maximumDepth else {
            throw fault("parentheses and negations nest too deep: \(Self.maximumDepth) levels at most", length: 1)
        }
        if scanner.current == UInt8(ascii: "-") || scanner.current == UInt8(ascii: "!") {
            return .negation(try negated())
        }
        if scanner.isAt(keyword: "not") { return .negation(try negatedByWord()) }
        if scanner.current == UInt8(ascii: "(") { return try parenthesized() }
        return .term(try condition())
    }

    /// What stands after `-` or `!`, without a space.
    private mutating func negated() throws(FilterFault) -> FilterExpression {
        let sign = scanner.current == UInt8(ascii: "-") ? "-" : "!"
        let start = scanner.index
        scanner.advance()
        guard let next = scanner.current, !FilterScanner.isSpace(next), next != UInt8(ascii: ")") else {
            throw FilterFault(
                "\(sign) leaves out what follows it without a space: \(sign)bot; to look for it, quote it",
                at: start..<scanner.index)
        }
        return try part()
    }

    private mutating func negatedByWord() throws(FilterFault) -> FilterExpression {
        _ = scanner.take(keyword: "not")
        scanner.skipSpaces()
        guard !scanner.isAtEnd, scanner.current != UInt8(ascii: ")"), !scanner.isAt(keyword: "or") else {
            throw fault("a condition is missing after not; to look for the word, quote it: \"not\"", length: 0)
        }
        return try part()
    }

    private mutating func parenthesized() throws(FilterFault) -> FilterExpression {
        let start = scanner.index
        scanner.advance()
        let inner = try any()
        guard scanner.take(")") else {
            throw FilterFault("this ( is never closed: add )", at: start..<start + 1)
        }
        return inner
    }

    /// Counts a condition, and reads it.
    private mutating func condition() throws(FilterFault) -> FilterTerm {
        conditions += 1
        guard conditions <= Self.maximumConditions else {
            throw fault("too many conditions: \(Self.maximumConditions) at most", length: 1)
        }
        return try term()
    }

    /// A fault at the current position.
    func fault(_ message: String, length: Int) -> FilterFault {
        FilterFault(message, at: scanner.index..<min(scanner.bytes.count, scanner.index + length))
    }
}
