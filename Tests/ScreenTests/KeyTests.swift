import Screen
import Testing

struct KeyTests {
    @Test("Every key's name reads back as the key")
    func namesReadBack() {
        var keys = Key.Name.allCases.map(Key.named) + (1...12).map(Key.function)
        for value in UInt8(0x20)...0x7E { keys.append(.character(Character(Unicode.Scalar(value)))) }
        for letter in "abcdefgklnopqrstuvwxyz \\]^_" { keys.append(.control(letter)) }
        keys += [.alt("x"), .alt("X"), .alt(" "), .character("ü"), .character("作")]
        for key in keys { #expect(Key(key.description) == key) }
        #expect(Set(keys.map(\.description)).count == keys.count)
    }

    @Test(
        "Names of more than one letter are read in any case",
        arguments: [
            ("ctrl-d", Key.control("d")), ("^d", .control("d")), ("SPACE", .space), ("pgdn", .pageDown),
            ("f10", .function(10)),
            ("escape", .escape), ("Ctrl-I", .tab), ("Ctrl-M", .enter), ("G", .character("G")), ("shift-tab", .backTab),
        ])
    func spellings(name: String, key: Key) {
        #expect(Key(name) == key)
    }

    @Test(
        "What names no key is no key",
        arguments: ["", "Ctrl-", "Ctrl-ab", "F13", "F0", "qq", "\u{1B}", "Alt-", "Ctrl-é"])
    func nonsense(name: String) {
        #expect(Key(name) == nil)
    }
}
