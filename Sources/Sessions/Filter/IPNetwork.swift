/// A range of addresses: those that share their first bits (RFC 4632).
package struct IPNetwork: Hashable, Sendable {
    /// The first address: the bits after the prefix are zero.
    package let base: IPAddress
    /// The number of bits shared.
    package let prefixLength: Int
    private let mask: UInt128

    /// Makes a range around an address.
    ///
    /// - Parameters:
    ///   - address: any address in it.
    ///   - prefixLength: how many bits are shared; `nil`: all of them, one address.
    package init?(_ address: IPAddress, prefixLength: Int?) {
        let length = prefixLength ?? address.width
        guard (0...address.width).contains(length) else { return nil }
        let all: UInt128 = address.isIPv4 ? 0xFFFF_FFFF : .max
        mask = length == 0 ? 0 : all << UInt128(address.width - length) & all
        self.prefixLength = length
        base =
            address.isIPv4
            ? IPAddress(ipv4: UInt32(address.bits & mask)) : IPAddress(ipv6Unmapped: address.bits & mask)
    }

    /// Reads an address, or an address, `/` and the number of bits that are shared.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard !text.utf8.contains(UInt8(ascii: "%")), let address = IPAddress(String(parts[0])) else { return nil }
        guard parts.count == 2 else {
            self.init(address, prefixLength: nil)
            return
        }
        var digits = Array(parts[1].utf8)[...]
        guard digits.count <= 3, let length = Digits.take(from: &digits), digits.isEmpty else { return nil }
        if address.isIPv4, parts[0].utf8.contains(UInt8(ascii: ":")) {
            self.init(mapped: address, prefixLength: Int(length))
        } else {
            self.init(address, prefixLength: Int(length))
        }
    }

    /// A range that was written with a mapped address: its bits are counted in IPv6.
    private init?(mapped address: IPAddress, prefixLength: Int) {
        if prefixLength >= 96 {
            self.init(address, prefixLength: prefixLength - 96)
        } else {
            self.init(IPAddress(ipv6Unmapped: 0xFFFF << 32 | address.bits), prefixLength: prefixLength)
        }
    }

    /// Whether an address is in it; addresses of the other family never are.
    @inline(__always)
    package func contains(_ address: IPAddress) -> Bool {
        address.isIPv4 == base.isIPv4 && address.bits & mask == base.bits
    }
}

extension IPAddress {
    /// An IPv6 address as it is, for the beginning of a range.
    fileprivate init(ipv6Unmapped bits: UInt128) {
        isIPv4 = false
        self.bits = bits
    }
}

extension IPNetwork: CustomStringConvertible {
    /// The first address, and the number of shared bits where there are several addresses.
    package var description: String { prefixLength == base.width ? "\(base)" : "\(base)/\(prefixLength)" }
}
