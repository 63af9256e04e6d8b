extension FilterParser {
    /// Reads one condition: a word, or a field with a value.
    mutating func term() throws(FilterFault) -> FilterTerm {
        try refuseForeignGrammar()
        let start = scanner.index
        let name = scanner.name
        guard name.endIndex < scanner.bytes.count, FilterScanner.isSign(scanner.bytes[name.endIndex]),
            !isPartOfAddress(scanner.run)
        else { return .word(try pattern()) }
        let field = try field(named: name)
        for _ in name { scanner.advance() }
        let sign = takeSign()
        if let measure = field?.measure {
            return try comparison(of: measure, sign: sign, from: start)
        }
        guard sign == ":" else {
            throw FilterFault("write \(String(decoding: name, as: UTF8.self)): with a colon", at: start..<scanner.index)
        }
        return try named(field ?? .id)
    }

    /// Says so where the text follows other tools' grammars, rather than look for it.
    private func refuseForeignGrammar() throws(FilterFault) {
        if scanner.current == UInt8(ascii: "/") {
            throw fault(
                "regular expressions are not supported: write a part of the text, or quote a text that begins with /",
                length: scanner.run.count)
        }
        if let byte = scanner.current, FilterScanner.isSign(byte) {
            throw fault("write the field right before the sign, without spaces: ttl<5m, user:alice", length: 1)
        }
        if scanner.isAt(keyword: "and") {
            throw fault("conditions side by side are joined already: leave out and, or quote it: \"and\"", length: 3)
        }
    }

    /// The field of that name; `nil` for `s`, which handles have in front of them.
    private func field(named name: ArraySlice<UInt8>) throws(FilterFault) -> FilterField? {
        let text = String(decoding: CaseFolding.fold(name), as: UTF8.self)
        if text == "s" { return nil }
        if let field = FilterField(rawValue: text) { return field }
        let near = FilterField.near(text).map(\.rawValue).joined(separator: ", ")
        throw fault("there is no field of that name: use \(near), or quote the text to look for it", length: name.count)
    }

    /// Whether a word with a colon is a part of an IPv6 address.
    private func isPartOfAddress(_ run: ArraySlice<UInt8>) -> Bool {
        run.allSatisfy { Hex.value(of: $0) != nil || $0 == UInt8(ascii: ":") || $0 == UInt8(ascii: ".") }
    }

    private mutating func takeSign() -> String {
        for sign in ["<=", ">=", "<", ">", "=", ":"] where scanner.bytes[scanner.index...].starts(with: sign.utf8) {
            for _ in sign.utf8 { scanner.advance() }
            return sign
        }
        return ""
    }

    private mutating func pattern() throws(FilterFault) -> TextPattern {
        let word = try bounded(try scanner.word())
        guard !word.isEmpty else { throw FilterFault("the quotes are empty: write a text in them", at: word.range) }
        return TextPattern(part: word.pieces)
    }

    /// A word of a length that searching for it stays cheap.
    private func bounded(_ word: FilterScanner.Word) throws(FilterFault) -> FilterScanner.Word {
        guard word.range.count <= 512 else {
            throw FilterFault("the text is too long: 512 bytes at most", at: word.range)
        }
        return word
    }

    private mutating func comparison(
        of measure: FilterMeasure, sign: String, from start: Int
    ) throws(FilterFault) -> FilterTerm {
        let example = FilterField(rawValue: measure.rawValue)?.example ?? ""
        guard let comparison = FilterComparison(rawValue: sign) else {
            throw FilterFault("\(measure.rawValue) is compared with < <= > >= =: \(example)", at: start..<scanner.index)
        }
        let word = try scanner.word()
        let read = measure == .size ? SizeText.parseBytes(word.bytes) : DurationText.parseMilliseconds(word.bytes)
        guard let read, !word.isQuoted else {
            let what = measure == .size ? "a size such as 412, 4k or 1M" : "a duration such as 90s, 5m, 1h or 7d"
            throw FilterFault("write \(what) after the sign: \(example)", at: word.range)
        }
        return .measure(measure, comparison, FilterQuantity(value: read.total, unit: read.unit))
    }

    private mutating func named(_ field: FilterField) throws(FilterFault) -> FilterTerm {
        let word = try bounded(try scanner.word())
        guard !word.isEmpty || word.isQuoted else {
            throw FilterFault("a value is missing: write one, such as \(field.example)", at: word.range)
        }
        switch field {
        case .user: return .user(TextPattern(whole: word.pieces))
        case .node: return .node(TextPattern(whole: word.pieces))
        case .layout: return .layout(TextPattern(whole: word.pieces))
        case .agent where word.isEmpty: throw FilterFault("the quotes are empty: write a text in them", at: word.range)
        case .agent: return .agent(TextPattern(part: word.pieces))
        case .state: return .state(try state(word))
        case .id: return .id(try prefix(word))
        case .ip: return .ip(try network(word))
        default: return .has(try knowledge(word))
        }
    }

    private func state(_ word: FilterScanner.Word) throws(FilterFault) -> SessionState? {
        if word.isPattern, word.bytes.count == 1 { return nil }
        guard let state = SessionState(rawValue: String(decoding: CaseFolding.fold(word.bytes), as: UTF8.self)) else {
            throw FilterFault("there is no such state: write live, revoked, expired, or * for all", at: word.range)
        }
        return state
    }

    private func prefix(_ word: FilterScanner.Word) throws(FilterFault) -> IDPrefix {
        guard let prefix = IDPrefix(word.bytes) else {
            throw FilterFault("write the first hexadecimal digits of a handle: id:7f3a91c2d0e1", at: word.range)
        }
        return prefix
    }

    private func network(_ word: FilterScanner.Word) throws(FilterFault) -> IPNetwork {
        guard let network = IPNetwork(word.text) else {
            throw FilterFault(
                "write an address or a range: ip:203.0.113.9, ip:10.0.0.0/8, ip:2001:db8::/32", at: word.range)
        }
        return network
    }

    private func knowledge(_ word: FilterScanner.Word) throws(FilterFault) -> FilterKnowledge {
        guard let known = FilterKnowledge(rawValue: String(decoding: CaseFolding.fold(word.bytes), as: UTF8.self))
        else {
            let all = FilterKnowledge.allCases.map(\.rawValue).joined(separator: ", ")
            throw FilterFault("has: asks for one of \(all)", at: word.range)
        }
        return known
    }
}
