import Sessions
import SessionTesting

@testable import SessionTokens

/// Claims by chance: texts of any characters, own claims of any shape.
enum RandomClaims {
    static func make(at now: Timestamp, using generator: inout SeededGenerator) -> TokenClaims {
        let own = (0..<Int.random(in: 0...4, using: &generator)).map { index in
            JSONValue.Member("own \(index)" + text(using: &generator), value(depth: 3, using: &generator))
        }
        var claims = TokenClaims(
            subject: "s" + text(using: &generator),
            audience: [Workshop.audience] + (0..<Int.random(in: 0...2, using: &generator)).map { "aud \($0)" },
            client: generator.once(in: 2) ? nil : "c" + text(using: &generator),
            tenant: generator.once(in: 2) ? nil : "t" + text(using: &generator),
            session: generator.once(in: 2) ? nil : SessionID(using: &generator).hash,
            epoch: generator.once(in: 2) ? nil : FeedPosition(Int64.random(in: 0 ... .max, using: &generator)),
            scope: (0..<Int.random(in: 0...3, using: &generator)).map { "scope:\($0)" }, own: own)
        if generator.once(in: 2) { claims.notBefore = now - .seconds(Int64.random(in: 0...1000, using: &generator)) }
        return claims
    }

    static func value(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2: .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3: .number("-1.50e-7")
        case 4: .string(text(using: &generator))
        case 5: .array((0..<2).map { _ in value(depth: depth - 1, using: &generator) })
        default: .object((0..<2).map { .init("\($0)", value(depth: depth - 1, using: &generator)) })
        }
    }

    static func text(using generator: inout SeededGenerator) -> String {
        let ranges: [ClosedRange<UInt32>] = [0...0x7F, 0x80...0x2FF, 0x2000...0x206F, 0x300...0x36F, 0x1F300...0x1F6FF]
        var text = ""
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            let scalar = Unicode.Scalar(UInt32.random(in: generator.pick(ranges), using: &generator))
            scalar.map { text.unicodeScalars.append($0) }
        }
        return text
    }
}
