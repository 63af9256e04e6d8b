/// Case folding that never changes a text's length in bytes, so that bytes can be compared in place.
///
/// ASCII, and the scripts with two bytes a letter: Latin, Greek, Cyrillic, Armenian. The rest is compared as it is.
package enum CaseFolding {
    /// A letter of ASCII in lower case; any other byte as it is.
    @inline(__always)
    package static func fold(_ byte: UInt8) -> UInt8 { byte &- 0x41 < 26 ? byte | 0x20 : byte }

    /// A whole text, folded.
    package static func fold(_ text: some Collection<UInt8>) -> [UInt8] {
        var bytes = Array(text)
        var index = 0
        while index < bytes.count {
            if isLead(bytes[index]), index + 1 < bytes.count {
                (bytes[index], bytes[index + 1]) = fold(bytes[index], bytes[index + 1])
                index += 2
            } else {
                bytes[index] = fold(bytes[index])
                index += 1
            }
        }
        return bytes
    }

    /// Whether a byte begins a character of two bytes.
    @inline(__always)
    static func isLead(_ byte: UInt8) -> Bool { byte >= 0xC2 && byte <= 0xDF }

    /// The two bytes of a character, folded.
    static func fold(_ lead: UInt8, _ next: UInt8) -> (UInt8, UInt8) {
        guard next & 0xC0 == 0x80 else { return (lead, fold(next)) }
        let folded = fold(scalar: UInt32(lead & 0x1F) << 6 | UInt32(next & 0x3F))
        return (0xC0 | UInt8(truncatingIfNeeded: folded >> 6), 0x80 | UInt8(truncatingIfNeeded: folded & 0x3F))
    }

    /// Simple case folding of U+0080 to U+07FF, where it stays in that range (Unicode, CaseFolding.txt, status C).
    static func fold(scalar: UInt32) -> UInt32 {
        switch scalar {
        case 0xD7, 0x3A2: scalar
        case 0xC0...0xDE, 0x391...0x3AB, 0x410...0x42F: scalar + 0x20
        case 0x100...0x12F, 0x132...0x137, 0x14A...0x177: scalar | 1
        case 0x370...0x373, 0x3D8...0x3EF, 0x460...0x481, 0x48A...0x4BF, 0x4D0...0x52F: scalar | 1
        case 0x139...0x148, 0x179...0x17E, 0x4C1...0x4CE: scalar + (scalar & 1)
        case 0x178: 0xFF
        case 0x386: 0x3AC
        case 0x388...0x38A: scalar + 0x25
        case 0x38C: 0x3CC
        case 0x38E...0x38F: scalar + 0x3F
        case 0x3C2: 0x3C3
        case 0x400...0x40F: scalar + 0x50
        case 0x4C0: 0x4CF
        case 0x531...0x556: scalar + 0x30
        default: scalar
        }
    }
}
