import CCurses
import Screen
import Testing

struct WidthTests {
    @Test("The width of every scalar that is shown is the one the C library gives it")
    func everyScalar() throws {
        try #require(terminal_set_locale())
        var wrong: [String] = []
        for value in UInt32(0x20)...0x10FFFF {
            guard let scalar = Unicode.Scalar(value), Escaping.substitute(for: scalar) == nil else { continue }
            let expected = terminal_width(value)
            // What the library doesn't know yet is replaced when it is drawn.
            if expected >= 0, Int(expected) != TextWidth.of(scalar) {
                wrong.append("U+\(String(value, radix: 16)) \(expected)")
            }
        }
        #expect(wrong.isEmpty)
    }
}
