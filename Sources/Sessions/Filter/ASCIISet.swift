/// A set of ASCII characters.
package struct ASCIISet: Sendable, Equatable {
    private var low: UInt64 = 0
    private var high: UInt64 = 0

    package init() {}

    /// Adds a character; a byte beyond ASCII is left out.
    package mutating func insert(_ byte: UInt8) {
        guard byte < 0x80 else { return }
        if byte < 64 { low |= 1 << UInt64(byte) } else { high |= 1 << UInt64(byte - 64) }
    }

    /// Whether it has all that another has.
    package func isSuperset(of other: ASCIISet) -> Bool {
        low & other.low == other.low && high & other.high == other.high
    }
}
