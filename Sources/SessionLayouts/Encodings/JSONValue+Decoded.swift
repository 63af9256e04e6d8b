internal import Sessions

extension JSONValue {
    /// Bytes as text where they are UTF-8, else in base64 under a name that says so.
    static func bytes(_ bytes: ArraySlice<UInt8>) -> JSONValue {
        if let text = String(validating: bytes, as: UTF8.self) { return .string(text) }
        return ["$base64": .string(Base64.encode(bytes))]
    }

    /// A number, or what there is instead where JSON knows none: `NaN`, `inf`.
    static func double(_ value: Double) -> JSONValue {
        value.isFinite ? .number("\(value)") : .string("\(value)")
    }

    /// A whole number of any size in two's complement, the lowest byte first.
    static func integer(littleEndian bytes: ArraySlice<UInt8>) -> JSONValue {
        let isNegative = (bytes.last ?? 0) & 0x80 != 0
        guard isNegative else { return integer(magnitude: Array(bytes), isNegative: false) }
        var carry = true
        let magnitude = bytes.map { byte -> UInt8 in
            let flipped = ~byte
            guard carry else { return flipped }
            carry = flipped == 0xFF
            return flipped &+ 1
        }
        return integer(magnitude: magnitude + (carry ? [1] : []), isNegative: true)
    }

    /// A whole number of any size, the lowest byte first, its sign apart.
    static func integer(magnitude: [UInt8], isNegative: Bool) -> JSONValue {
        guard magnitude.count <= DecodingLimits.numberBytes else {
            return ["$base64": .string(Base64.encode(magnitude)), "$number": .bool(true)]
        }
        // In base a thousand million, the lowest digit first.
        var digits: [UInt64] = [0]
        for byte in magnitude.reversed() {
            var carry = UInt64(byte)
            for index in digits.indices {
                let sum = digits[index] << 8 + carry
                digits[index] = sum % 1_000_000_000
                carry = sum / 1_000_000_000
            }
            if carry > 0 { digits.append(carry) }
        }
        let rest = digits.dropLast().reversed().map { digit in
            let text = String(digit)
            return String(repeating: "0", count: 9 - text.utf8.count) + text
        }
        let text = String(digits.last ?? 0) + rest.joined()
        return .number(isNegative && text != "0" ? "-\(text)" : text)
    }

    /// What stands where a name or an id is needed: a text itself, anything else as it is written.
    var plainText: String {
        if case .string(let text) = self { text } else { description }
    }
}
