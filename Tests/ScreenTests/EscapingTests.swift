import Screen
import Testing

struct EscapingTests {
    /// Whether a scalar could act on a terminal, or hide.
    private static func isDangerous(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        if properties.isDefaultIgnorableCodePoint || properties.isBidiControl || properties.isJoinControl {
            return true
        }
        switch properties.generalCategory {
        case .control, .format, .privateUse, .unassigned, .surrogate, .lineSeparator, .paragraphSeparator: return true
        default: return false
        }
    }

    @Test("No scalar that acts on a terminal or hides gets through, of all there are")
    func everyScalar() {
        var wrong: [Unicode.Scalar] = []
        for value in UInt32(0)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value) else { continue }
            let escaped = Escaping.text("a" + String(scalar))
            let glyph = Glyph(scalar)
            if escaped.unicodeScalars.contains(where: Self.isDangerous) { wrong.append(scalar) }
            if let base = glyph.base, Self.isDangerous(base) { wrong.append(scalar) }
        }
        #expect(wrong.isEmpty)
    }

    @Test("Random text comes out safe, bounded, and the same when escaped again")
    func randomText() {
        var random = SeededRandom(seed: 3)
        for _ in 0..<2000 {
            var scalars = String.UnicodeScalarView()
            for _ in 0..<Int.random(in: 0...40, using: &random) {
                let top: UInt32 = Bool.random(using: &random) ? 0x400 : 0x10FFFF
                if let scalar = Unicode.Scalar(UInt32.random(in: 0...top, using: &random)) { scalars.append(scalar) }
            }
            let once = Escaping.text(String(scalars), limit: 20)
            #expect(!once.unicodeScalars.contains(where: Self.isDangerous))
            #expect(once.unicodeScalars.count <= 21)
            #expect(Array(Escaping.text(once).unicodeScalars) == Array(once.unicodeScalars))
        }
    }

    @Test("Controls become pictures, everything else that hides becomes a sign")
    func forms() {
        #expect(Escaping.text("a\u{1B}[31m\n\t\u{7F}") == "a␛[31m␊␉␡")
        #expect(Escaping.text("\u{9B}31m") == "�31m")
        #expect(Escaping.text("ab\u{202E}cd\u{2066}") == "ab�cd�")
        #expect(Escaping.text("a\u{200B}\u{FEFF}\u{AD}") == "a���")
        #expect(Escaping.text("\u{E000}\u{FFFE}\u{10FFFF}") == "���")
        #expect(Escaping.text("Ärger 作者 🙂") == "Ärger 作者 🙂")
    }

    @Test("A base keeps two marks, and a mark without one is shown as a sign")
    func marks() {
        let zalgo = "a" + String(repeating: "\u{301}", count: 1000) + "b"
        #expect(Array(Escaping.text(zalgo).unicodeScalars) == ["a", "\u{301}", "\u{301}", "b"])
        #expect(Array(Escaping.text("\u{301}a").unicodeScalars) == ["\u{FFFD}", "a"])
    }

    @Test(
        "Cells that a spreadsheet would compute are quoted",
        arguments: ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1"])
    func formulas(text: String) {
        #expect(Escaping.csvCell(text).hasPrefix("\"'"))
        #expect(Escaping.csvCell(" " + text).hasPrefix("\"'"))
    }

    @Test("Plain cells stay, and quotes and commas are quoted as RFC 4180 says")
    func cells() {
        #expect(Escaping.csvCell("alice") == "alice")
        #expect(Escaping.csvCell("") == "")
        #expect(Escaping.csvCell("a,b") == "\"a,b\"")
        #expect(Escaping.csvCell("a \"b\"") == "\"a \"\"b\"\"\"")
        #expect(Escaping.csvCell("a\nb") == "a␊b")
        #expect(Escaping.csvCell("=A\"1") == "\"'=A\"\"1\"")
    }
}
