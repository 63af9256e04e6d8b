/// Java's own form of UTF-8: zero is two bytes, and what is beyond 16 bits a pair of surrogates, three bytes each.
enum ModifiedUTF8 {
    /// The text; what isn't one is U+FFFD.
    static func text(_ bytes: ArraySlice<UInt8>) -> String {
        if bytes.allSatisfy({ $0 < 0x80 }) { return String(decoding: bytes, as: UTF8.self) }
        var units: [UInt16] = []
        var rest = bytes
        while let first = rest.popFirst() { units.append(unit(first, &rest)) }
        return String(decoding: units, as: UTF16.self)
    }

    private static func unit(_ first: UInt8, _ rest: inout ArraySlice<UInt8>) -> UInt16 {
        switch first {
        case 0..<0x80: return UInt16(first)
        case 0xC0..<0xE0:
            guard let second = rest.popFirst() else { return 0xFFFD }
            return UInt16(first & 0x1F) << 6 | UInt16(second & 0x3F)
        case 0xE0..<0xF0:
            guard let second = rest.popFirst(), let third = rest.popFirst() else { return 0xFFFD }
            return UInt16(first & 0x0F) << 12 | UInt16(second & 0x3F) << 6 | UInt16(third & 0x3F)
        default: return 0xFFFD
        }
    }

    /// The bytes of a text of Java's 16-bit units.
    static func bytes(_ text: String) -> [UInt8] {
        text.utf16.flatMap { unit -> [UInt8] in
            switch unit {
            case 1..<0x80: [UInt8(unit)]
            case 0, 0x80..<0x800: [0xC0 | UInt8(unit >> 6), 0x80 | UInt8(unit & 0x3F)]
            default:
                [0xE0 | UInt8(unit >> 12), 0x80 | UInt8(unit >> 6 & 0x3F), 0x80 | UInt8(unit & 0x3F)]
            }
        }
    }
}
