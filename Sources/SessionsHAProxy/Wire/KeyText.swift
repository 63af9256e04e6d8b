internal import Sessions

/// Keys of stick tables, as `show table` writes them.
enum KeyText {
    /// Reads a key of a table of strings: what isn't plain is escaped, `\xHH` at the worst.
    ///
    /// - Returns: `nil` for what HAProxy doesn't write.
    static func unescaped(_ text: ArraySlice<UInt8>) -> [UInt8]? {
        guard text.contains(backslash) else { return Array(text) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.count)
        var rest = text
        while let byte = rest.popFirst() {
            guard byte == backslash else {
                bytes.append(byte)
                continue
            }
            switch rest.popFirst() {
            case UInt8(ascii: "t"): bytes.append(9)
            case UInt8(ascii: "n"): bytes.append(10)
            case UInt8(ascii: "r"): bytes.append(13)
            case UInt8(ascii: "e"): bytes.append(27)
            case UInt8(ascii: "x"):
                guard let high = rest.popFirst().flatMap(Hex.value(of:)),
                    let low = rest.popFirst().flatMap(Hex.value(of:))
                else { return nil }
                bytes.append(high << 4 | low)
            case let plain? where plain == backslash || plain == UInt8(ascii: " ") || plain == UInt8(ascii: "="):
                bytes.append(plain)
            default: return nil
            }
        }
        return bytes
    }

    private static let backslash = UInt8(ascii: "\\")
}
