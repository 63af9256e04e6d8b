internal import Sessions

/// A value as Spring's serializer writes it: Java's unless the application chose JSON.
enum SpringValue {
    static let encoding = PayloadEncoding.firstOf([.java, .json])

    private static let javaText: [UInt8] = [0xAC, 0xED, 0x00, 0x05, 0x74]
    /// How long a serialized `java.lang.Integer` is: its number stands at the end.
    private static let javaInteger = 81

    /// A whole number; `nil`: it is in a form of the application's own.
    static func number(_ bytes: [UInt8]) -> Int64? {
        guard let value = try? encoding.decode(bytes) else { return nil }
        switch value {
        case .number(let digits): return Int64(digits)
        // With its class before it: `["java.lang.Long",1404360000000]`.
        case .array(let parts):
            guard parts.count == 2, case .string = parts[0], case .number(let digits) = parts[1] else { return nil }
            return Int64(digits)
        default: return nil
        }
    }

    /// A number in the form that another one has; `nil`: that isn't known.
    static func integer(_ number: Int32, like old: [UInt8]) -> [UInt8]? {
        guard let value = try? encoding.decode(old) else { return nil }
        switch value {
        case .number where old.starts(with: javaText.prefix(4)):
            guard old.count == javaInteger else { return nil }
            return withUnsafeBytes(of: number.bigEndian) { old.dropLast(4) + Array($0) }
        case .number: return Array("\(number)".utf8)
        case .array(var parts) where parts.count == 2:
            parts[1] = .integer(number)
            return written(.array(parts))
        default: return nil
        }
    }

    /// A text, where other values have the form of this one.
    static func text(_ text: [UInt8], like other: [UInt8]) -> [UInt8] {
        guard other.starts(with: javaText.prefix(4)) else { return written(.bytes(text[...])) }
        return javaText + [UInt8(truncatingIfNeeded: text.count >> 8), UInt8(truncatingIfNeeded: text.count)] + text
    }

    private static func written(_ value: JSONValue) -> [UInt8] {
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        return bytes
    }
}
