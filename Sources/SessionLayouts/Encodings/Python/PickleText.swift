/// The escapes of texts in protocol 0.
enum PickleText {
    private static let simple: [UInt8: UInt8] = [
        UInt8(ascii: "n"): 0x0A, UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09, 0x5C: 0x5C, 0x27: 0x27, 0x22: 0x22,
    ]
    private static let widths: [UInt8: Int] = [UInt8(ascii: "x"): 2, UInt8(ascii: "u"): 4, UInt8(ascii: "U"): 8]

    /// The text without escapes; what isn't one stays as it is.
    static func unescaped(_ line: ArraySlice<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var rest = line
        while let byte = rest.popFirst() {
            guard byte == 0x5C, let kind = rest.first else {
                // Raw bytes above ASCII are Latin-1 in this protocol.
                output += byte < 0x80 ? [byte] : Array(String(Unicode.Scalar(byte)).utf8)
                continue
            }
            if let meaning = simple[kind] {
                output.append(meaning)
                rest = rest.dropFirst()
            } else if let width = widths[kind], let scalar = scalar(rest.dropFirst().prefix(width), width) {
                output += Array(String(scalar).utf8)
                rest = rest.dropFirst(1 + width)
            } else {
                output.append(byte)
            }
        }
        return output
    }

    private static func scalar(_ digits: ArraySlice<UInt8>, _ width: Int) -> Unicode.Scalar? {
        guard digits.count == width, let value = UInt32(String(decoding: digits, as: UTF8.self), radix: 16) else {
            return nil
        }
        return Unicode.Scalar(value) ?? "\u{FFFD}"
    }
}
