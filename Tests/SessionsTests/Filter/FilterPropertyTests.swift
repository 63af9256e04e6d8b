import SessionTesting
import Testing

@testable import Sessions

@Suite("Filter: properties")
struct FilterPropertyTests {
    private let now = Timestamp(milliseconds: 1_800_000_000_000)

    @Test("What a filter prints parses back to the same filter", arguments: 0..<40 as Range<UInt64>)
    func printing(seed: UInt64) throws {
        var random = RandomFilters(seed: seed)
        for _ in 0..<100 {
            let filter = Filter(random.expression())
            guard filter.description.utf8.count <= Filter.maximumByteCount else { continue }
            #expect(try Filter.parse(filter.description) == filter, "\(filter)")
        }
    }

    @Test(
        "Random text is a filter or an error within the text, and what parses prints",
        arguments: 0..<40 as Range<UInt64>)
    func garbage(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let parts = [
            "a", "or", "not", "and", "-", "!", "(", ")", "\"", "\\", "*", ":", "<", "<=", ">", "=", "user:", "ttl<",
            "5m",
            "4k", "size>", "ip:", "10.0.0.0/8", "::1", "state:", "has:", "id:", "7f", "/", " ", " ", "\t", "\u{0}", "é",
            "作",
            "\u{301}", "\u{1F468}\u{200D}\u{1F469}", "s:", "agent:", "999999999999999999999w", "\r\n",
        ]
        for _ in 0..<500 {
            let text = (0..<Int.random(in: 0...12, using: &random)).map { _ in random.pick(parts) }.joined()
            do {
                let filter = try Filter.parse(text)
                #expect(try Filter.parse(filter.description) == filter)
            } catch {
                #expect(error.range.lowerBound >= 0 && error.range.upperBound <= text.count && !error.message.isEmpty)
            }
        }
    }

    @Test("De Morgan's laws, double negation and order hold for every row", arguments: 0..<20 as Range<UInt64>)
    func laws(seed: UInt64) throws {
        var random = RandomFilters(seed: seed)
        for _ in 0..<50 {
            let (a, b) = (random.expression(depth: 2), random.expression(depth: 2))
            let row = random.row(around: now)
            func holds(_ expression: FilterExpression) throws -> Bool {
                try Filter.parse(Filter(expression).description).matches(row, at: now, layout: "native")
            }
            #expect(
                try holds(.negation(.disjunction([a, b]))) == holds(.conjunction([.negation(a), .negation(b)])))
            #expect(
                try holds(.negation(.conjunction([a, b]))) == holds(.disjunction([.negation(a), .negation(b)])))
            #expect(try holds(.conjunction([a, b])) == holds(.conjunction([b, a])))
            #expect(try holds(.negation(a)) != holds(a))
        }
    }

    @Test("A filter that mentions no state includes live rows only", arguments: 0..<20 as Range<UInt64>)
    func liveOnly(seed: UInt64) {
        var random = RandomFilters(seed: seed)
        for _ in 0..<100 {
            let filter = Filter(random.expression(depth: 2))
            let row = random.row(around: now)
            let isAdmitted = filter.mentionsState || row.standing(at: now) == .live
            #expect(filter.includes(row, at: now) == (isAdmitted && filter.matches(row, at: now, layout: "native")))
        }
    }

    @Test("A wildcard matches what a plain recursive matcher matches", arguments: 0..<20 as Range<UInt64>)
    func wildcards(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        func text(_ letters: [UInt8], _ length: Int) -> [UInt8] { (0..<length).map { _ in random.pick(letters) } }
        func reference(_ pattern: ArraySlice<UInt8>, _ text: ArraySlice<UInt8>) -> Bool {
            guard let first = pattern.first else { return text.isEmpty }
            if first == 0x2A {
                return (text.startIndex...text.endIndex).contains { reference(pattern.dropFirst(), text[$0...]) }
            }
            return text.first == first && reference(pattern.dropFirst(), text.dropFirst())
        }
        for _ in 0..<300 {
            let pattern = text(Array("ab*".utf8), Int.random(in: 0...6, using: &random))
            let name = text(Array("ab".utf8), Int.random(in: 0...8, using: &random))
            let pieces = pattern.split(separator: 0x2A, omittingEmptySubsequences: false).map(Array.init)
            let matches = name.withUnsafeBufferPointer { TextPattern(whole: pieces).matches($0) }
            #expect(matches == reference(pattern[...], name[...]))
        }
    }

    @Test("A part is found in any case, wherever lower-casing finds it", arguments: 0..<20 as Range<UInt64>)
    func parts(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let letters = ["a", "A", "b", "B", "é", "É", "Я", "я", "ω", "Ω", "-", "作"]
        for _ in 0..<300 {
            let text = (0..<Int.random(in: 0...9, using: &random)).map { _ in random.pick(letters) }.joined()
            let part = (0..<Int.random(in: 1...3, using: &random)).map { _ in random.pick(letters) }.joined()
            let (longer, shorter) = (Array(text.lowercased().utf8), Array(part.lowercased().utf8))
            let isThere = longer.indices.contains { longer[$0...].starts(with: shorter) }
            #expect(TextNeedle(part).isPart(of: text) == isThere, "\(part) in \(text)")
        }
    }

    @Test("A part of a handle is found wherever its digits stand", arguments: 0..<10 as Range<UInt64>)
    func handles(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let digits = Array("01ab".utf8)
        for _ in 0..<200 {
            let bytes = (0..<32).map { _ in random.pick([0x00, 0x01, 0x0A, 0xAB, 0xBA, 0x10] as [UInt8]) }
            let handle = try #require(IDHash(digest: bytes)).handle
            let part = (0..<Int.random(in: 1...13, using: &random)).map { _ in random.pick(digits) }
            let text = Array(handle.description.utf8)
            let isThere = text.indices.contains { text[$0...].starts(with: part) }
            #expect(TextPattern(part: [part]).matches(handle) == isThere)
            #expect(TextPattern(part: [Array(text[3..<9])]).matches(handle))
        }
    }

    @Test("Case folding agrees with Unicode's lower case wherever the length stays")
    func folding() {
        for value in UInt32(0x80)...0x7FF {
            guard let scalar = Unicode.Scalar(value), value != 0x3C2 else { continue }
            let lower = Array(scalar.properties.lowercaseMapping.unicodeScalars)
            let expected = lower.count == 1 && lower[0].utf8.count == 2 ? lower[0].value : value
            // Scripts that are cased but rare (N'Ko has none; extended IPA maps out of range) may stay as they are.
            let folded = CaseFolding.fold(scalar: value)
            #expect(folded == expected || folded == value, "U+\(String(value, radix: 16))")
            if (0xC0...0x137).contains(value) || (0x391...0x3A9).contains(value) || (0x400...0x481).contains(value) {
                #expect(folded == expected, "U+\(String(value, radix: 16))")
            }
        }
    }
}
