/// Numbers as RESP writes them.
enum RESPNumber {
    typealias Digits = Slice<UnsafeRawBufferPointer>

    /// A whole number of 64 bits.
    ///
    /// - Throws: ``RESPFault/malformed``.
    static func integer(_ digits: Digits) throws -> Int64 {
        let isNegative = digits.first == UInt8(ascii: "-")
        let isSigned = isNegative || digits.first == UInt8(ascii: "+")
        let rest = isSigned ? digits.dropFirst() : digits
        guard !rest.isEmpty else { throw RESPFault.malformed }
        var value: Int64 = 0
        for byte in rest {
            guard isDigit(byte) else { throw RESPFault.malformed }
            let digit = Int64(byte &- UInt8(ascii: "0"))
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: 10)
            // Downwards, for the least number has no opposite.
            let (sum, isOver) = product.addingReportingOverflow(isNegative ? -digit : digit)
            guard !isTooLarge, !isOver else { throw RESPFault.malformed }
            value = sum
        }
        return value
    }

    /// A length; `nil`: RESP2's null.
    ///
    /// - Throws: ``RESPFault``.
    static func length(_ digits: Digits) throws -> Int? {
        if digits.first == UInt8(ascii: "?") { throw RESPFault.streamed }
        let value = try integer(digits)
        if value == -1 { return nil }
        guard value >= 0 else { throw RESPFault.malformed }
        guard let length = Int(exactly: value) else { throw RESPFault.tooLarge }
        return length
    }

    /// A number with a fraction.
    ///
    /// - Throws: ``RESPFault/malformed``.
    static func double(_ text: Digits) throws -> Double {
        let isNumber = text.allSatisfy { isDigit($0) || "+-.eE".utf8.contains($0) }
        let text = String(decoding: text, as: UTF8.self)
        if isNumber, let value = Double(text) { return value }
        switch text.lowercased() {
        case "inf", "+inf": return .infinity
        case "-inf": return -.infinity
        case "nan", "-nan": return .nan
        default: throw RESPFault.malformed
        }
    }

    /// Digits of any length, with their sign.
    ///
    /// - Throws: ``RESPFault/malformed``.
    static func bigNumber(_ text: Digits) throws -> [UInt8] {
        let isSigned = text.first == UInt8(ascii: "-") || text.first == UInt8(ascii: "+")
        let digits = isSigned ? text.dropFirst() : text
        guard !digits.isEmpty, digits.allSatisfy(isDigit) else { throw RESPFault.malformed }
        return Array(text)
    }

    /// `t` or `f`.
    ///
    /// - Throws: ``RESPFault/malformed``.
    static func boolean(_ text: Digits) throws -> Bool {
        guard text.count == 1 else { throw RESPFault.malformed }
        switch text.first {
        case UInt8(ascii: "t"): return true
        case UInt8(ascii: "f"): return false
        default: throw RESPFault.malformed
        }
    }

    private static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") < 10 }
}
