/// Which of a cluster's 16,384 slots a key is in.
enum KeySlot {
    /// How many slots there are.
    static let count = 16_384

    /// The slot of a key: of what stands between the first `{` and the next `}`, where that is anything.
    static func of(_ key: [UInt8]) -> Int {
        guard let open = key.firstIndex(of: UInt8(ascii: "{")),
            let close = key[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
        else { return Int(checksum(key[...])) % count }
        return Int(checksum(key[(open + 1)..<close])) % count
    }

    /// CRC-16 with the polynomial 0x1021, from 0 (XMODEM).
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt16 {
        bytes.reduce(0) { ($0 << 8) ^ table[Int(UInt8($0 >> 8) ^ $1)] }
    }

    private static let table: [UInt16] = (0..<256).map { index in
        (0..<8).reduce(UInt16(index) << 8) { value, _ in value & 0x8000 == 0 ? value << 1 : value << 1 ^ 0x1021 }
    }
}
