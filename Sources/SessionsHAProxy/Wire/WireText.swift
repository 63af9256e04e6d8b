/// Bytes of an answer as text and numbers.
enum WireText {
    /// Text that may reach a screen: nothing but printable ASCII of it, and no more than so many characters.
    static func printable(_ bytes: some Sequence<UInt8>, limit: Int = 200) -> String {
        String(decoding: bytes.lazy.filter { (0x20...0x7e).contains($0) }.prefix(limit), as: UTF8.self)
    }

    /// Reads a decimal number; `nil` for anything else, and for one that doesn't fit.
    static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        let isNegative = text.first == UInt8(ascii: "-")
        let digits = isNegative ? text.dropFirst() : text
        guard !digits.isEmpty, digits.count <= 19 else { return nil }
        var value: Int64 = 0
        for digit in digits {
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(digit) else { return nil }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            let (sum, isToo) = product.addingReportingOverflow(Int64(digit - UInt8(ascii: "0")))
            guard !isTooLarge, !isToo else { return nil }
            value = sum
        }
        return isNegative ? -value : value
    }
}
