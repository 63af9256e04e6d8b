/// An IPv4 or IPv6 address.
///
/// An IPv4 address that is mapped into IPv6 (`::ffff:192.0.2.1`) is the IPv4 address.
package struct IPAddress: Hashable, Sendable, Comparable {
    /// Whether it is one of IPv4.
    package let isIPv4: Bool
    /// The address as a number: 32 bits of IPv4, 128 of IPv6.
    package let bits: UInt128

    /// The number of bits of its family.
    package var width: Int { isIPv4 ? 32 : 128 }

    /// An IPv4 address from its number.
    package init(ipv4 bits: UInt32) {
        isIPv4 = true
        self.bits = UInt128(bits)
    }

    /// An IPv6 address from its number; a mapped one becomes IPv4.
    package init(ipv6 bits: UInt128) {
        isIPv4 = bits >> 32 == 0xFFFF
        self.bits = isIPv4 ? bits & 0xFFFF_FFFF : bits
    }

    /// Reads an address; a zone (`%eth0`) is left out.
    ///
    /// `nil` for anything else.
    package init?(_ text: String) {
        var text = text
        guard let address = text.withUTF8({ IPAddress($0) }) else { return nil }
        self = address
    }

    /// Reads an address from bytes, without an allocation.
    package init?(_ text: UnsafeBufferPointer<UInt8>) {
        if let bits = Self.ipv4(text) {
            self.init(ipv4: bits)
        } else if let bits = Self.ipv6(text) {
            self.init(ipv6: bits)
        } else {
            return nil
        }
    }

    /// IPv4 before IPv6, each by number.
    package static func < (a: IPAddress, b: IPAddress) -> Bool {
        a.isIPv4 == b.isIPv4 ? a.bits < b.bits : a.isIPv4
    }
}

extension IPAddress {
    /// Four decimal numbers without leading zeros, as `inet_pton` takes them.
    private static func ipv4(_ text: UnsafeBufferPointer<UInt8>) -> UInt32? {
        guard (7...15).contains(text.count) else { return nil }
        var bits: UInt32 = 0
        var part: UInt32 = 0
        var digits = 0
        var dots = 0
        for byte in text {
            if Digits.isDigit(byte) {
                guard digits == 0 || part != 0 else { return nil }
                part = part * 10 + UInt32(byte - 0x30)
                digits += 1
                guard part <= 255, digits <= 3 else { return nil }
            } else {
                guard byte == UInt8(ascii: "."), digits > 0, dots < 3 else { return nil }
                bits = bits << 8 | part
                (part, digits, dots) = (0, 0, dots + 1)
            }
        }
        return dots == 3 && digits > 0 ? bits << 8 | part : nil
    }

    /// Groups of hexadecimal digits, `::` at most once, possibly an IPv4 address at the end (RFC 4291, section 2.2).
    private static func ipv6(_ text: UnsafeBufferPointer<UInt8>) -> UInt128? {
        let end = text.firstIndex(of: UInt8(ascii: "%")) ?? text.count
        guard (2...45).contains(end) else { return nil }
        var groups = IPv6Groups()
        var index = 0
        if text[0] == UInt8(ascii: ":") {
            guard text[1] == UInt8(ascii: ":") else { return nil }
            groups.mark()
            index = 2
        }
        while index < end {
            let start = index
            while index < end, text[index] != UInt8(ascii: ":"), text[index] != UInt8(ascii: ".") { index += 1 }
            if index < end, text[index] == UInt8(ascii: ".") {
                guard let tail = ipv4(UnsafeBufferPointer(rebasing: text[start..<end])) else { return nil }
                groups.append(UInt16(tail >> 16))
                groups.append(UInt16(truncatingIfNeeded: tail))
                return groups.bits
            }
            guard let group = group(text[start..<index]) else { return nil }
            groups.append(group)
            guard index < end else { break }
            index += 1
            guard index < end else { return nil }
            if text[index] == UInt8(ascii: ":") {
                guard groups.mark() else { return nil }
                index += 1
            }
        }
        return groups.bits
    }

    private static func group(_ text: Slice<UnsafeBufferPointer<UInt8>>) -> UInt16? {
        guard (1...4).contains(text.count) else { return nil }
        var value: UInt16 = 0
        for byte in text {
            guard let digit = Hex.value(of: byte) else { return nil }
            value = value << 4 | UInt16(digit)
        }
        return value
    }
}

/// The groups of an IPv6 address while it is read.
private struct IPv6Groups {
    private var value: UInt128 = 0
    private var count = 0
    /// How many groups stand before `::`.
    private var gap: Int?

    mutating func append(_ group: UInt16) {
        value = value << 16 | UInt128(group)
        count += 1
    }

    /// Notes `::` here; `false` where there was one before.
    @discardableResult
    mutating func mark() -> Bool {
        guard gap == nil else { return false }
        gap = count
        return true
    }

    /// The address; `nil` with too many groups or too few.
    var bits: UInt128? {
        guard let gap else { return count == 8 ? value : nil }
        guard count < 8 else { return nil }
        let tailWidth = 16 * (count - gap)
        let tail = value & ((1 << UInt128(tailWidth)) - 1)
        return gap == 0 ? tail : (value >> UInt128(tailWidth)) << UInt128(128 - 16 * gap) | tail
    }
}

extension IPAddress: CustomStringConvertible {
    /// The address as RFC 5952 prints it.
    package var description: String {
        if isIPv4 { return stride(from: 24, through: 0, by: -8).map { "\(bits >> $0 & 255)" }.joined(separator: ".") }
        let groups = stride(from: 112, through: 0, by: -16).map { UInt16(truncatingIfNeeded: bits >> $0) }
        func text(_ range: Range<Int>) -> String {
            groups[range].map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let gap = Self.longestZeros(groups) else { return text(0..<8) }
        return text(0..<gap.lowerBound) + "::" + text(gap.upperBound..<8)
    }

    /// The first longest run of two or more groups that are zero.
    private static func longestZeros(_ groups: [UInt16]) -> Range<Int>? {
        var best = 0..<1
        var start = 0
        for index in 0...8 where index == 8 || groups[index] != 0 {
            if index - start > best.count { best = start..<index }
            start = index + 1
        }
        return best.count > 1 ? best : nil
    }
}
