extension Filter: CustomStringConvertible {
    /// The filter in its plainest spelling, which parses back to the same filter.
    public var description: String { expression.text(inside: .any) }
}

extension FilterExpression {
    /// What an expression stands in: it decides who needs parentheses.
    fileprivate enum Surrounding { case any, all, not }

    fileprivate func text(inside surrounding: Surrounding) -> String {
        switch self {
        case .everything: ""
        case .term(let term): term.description
        case .not(let part): "-" + part.text(inside: .not)
        case .all(let parts):
            wrap(parts.map { $0.text(inside: .all) }.joined(separator: " "), if: surrounding == .not)
        case .any(let parts):
            wrap(parts.map { $0.text(inside: .any) }.joined(separator: " or "), if: surrounding != .any)
        }
    }

    private func wrap(_ text: String, if isNeeded: Bool) -> String { isNeeded ? "(\(text))" : text }
}

extension FilterTerm: CustomStringConvertible {
    /// The condition as a filter writes it.
    package var description: String {
        switch self {
        case .word(let pattern): pattern.description
        case .user(let pattern): "user:\(pattern)"
        case .node(let pattern): "node:\(pattern)"
        case .agent(let pattern): "agent:\(pattern)"
        case .layout(let pattern): "layout:\(pattern)"
        case .id(let prefix): "id:" + String(decoding: prefix.digits.map { Hex.digits[Int($0)] }, as: UTF8.self)
        case .ip(let network): "ip:\(network)"
        case .state(let state): "state:" + (state?.rawValue ?? "*")
        case .measure(let measure, let comparison, let limit):
            measure.rawValue + comparison.rawValue + limit.text(isSize: measure == .size)
        case .has(let knowledge): "has:" + knowledge.rawValue
        }
    }
}

extension FilterQuantity {
    /// The number with its unit; a compound duration in its shortest unit, which means the same.
    fileprivate func text(isSize: Bool) -> String {
        let sizes: [(name: String, bytes: Int64)] = [("T", 1 << 40), ("G", 1 << 30), ("M", 1 << 20), ("k", 1 << 10)]
        let name =
            isSize
            ? sizes.first { $0.bytes == unit }?.name : DurationText.units.first { $0.milliseconds == unit }?.name
        return "\(value / unit)\(name ?? "")"
    }
}

extension TextPattern: CustomStringConvertible {
    /// The pattern as a filter writes it, with quotes where they are needed.
    package var description: String {
        if pieces.isEmpty { return "*" }
        let isPlain = pieces.allSatisfy(Self.isPlain) && !Self.isTaken(pieces[0])
        if isPlain, pieces != [[]] { return pieces.map { String(decoding: $0, as: UTF8.self) }.joined(separator: "*") }
        return pieces.map { $0.isEmpty && pieces.count > 1 ? "" : Self.quote($0) }.joined(separator: "*")
    }

    private static func isPlain(_ piece: [UInt8]) -> Bool {
        piece.allSatisfy { byte in
            byte > 0x20 && byte != 0x7F && !FilterScanner.isParenthesis(byte) && !FilterScanner.isSign(byte)
                && !"\"\\*".utf8.contains(byte)
        }
    }

    /// Whether it would be read as something else than a word.
    private static func isTaken(_ piece: [UInt8]) -> Bool {
        ["or", "not", "and"].contains { piece.elementsEqual($0.utf8) } || piece.first.map("-!/".utf8.contains) ?? false
    }

    private static func quote(_ piece: [UInt8]) -> String {
        let escaped = piece.flatMap { "\"\\".utf8.contains($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
        return "\"" + String(decoding: escaped, as: UTF8.self) + "\""
    }
}
