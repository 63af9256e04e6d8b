/// Decompresses what zlib has compressed (RFC 1950, RFC 1951), into a bounded number of bytes.
struct Inflate {
    private static let lengthBases = [
        3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227,
        258,
    ]
    private static let lengthBits = [
        0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0,
    ]
    private static let distanceBases = [
        1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097,
        6145,
        8193, 12289, 16385, 24577,
    ]
    private static let codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    private var reader: ByteReader
    private let limit: Int
    private var buffer: UInt32 = 0
    private var bufferedBits = 0
    private var output: [UInt8] = []

    /// Decompresses a whole stream of zlib's format, and compares its checksum.
    ///
    /// - Parameters:
    ///   - bytes: header, deflated data and checksum, and nothing behind them.
    ///   - limit: more bytes than this are refused.
    /// - Returns: the bytes that were compressed.
    /// - Throws: ``Malformed`` where they are damaged, or too many.
    static func zlib(_ bytes: [UInt8], limit: Int = DecodingLimits.bytes) throws(Malformed) -> [UInt8] {
        guard bytes.count >= 6, bytes[0] & 0x0F == 8, bytes[0] >> 4 <= 7, bytes[1] & 0x20 == 0,
            (UInt16(bytes[0]) << 8 | UInt16(bytes[1])) % 31 == 0
        else { throw Malformed("has no header of zlib") }
        var inflate = Inflate(ByteReader(bytes), limit: limit)
        _ = try inflate.reader.take(2)
        try inflate.blocks()
        let checksum = try inflate.reader.bigEndian(4)
        guard inflate.reader.isAtEnd else { throw inflate.reader.malformed("goes on behind its end") }
        guard checksum == adler(inflate.output) else { throw inflate.reader.malformed("has a wrong checksum") }
        return inflate.output
    }

    private init(_ reader: ByteReader, limit: Int) {
        self.reader = reader
        self.limit = limit
    }

    private static func adler(_ bytes: [UInt8]) -> UInt64 {
        var (a, b) = (UInt64(1), UInt64(0))
        for byte in bytes {
            a = (a + UInt64(byte)) % 65_521
            b = (b + a) % 65_521
        }
        return b << 16 | a
    }

    private mutating func blocks() throws(Malformed) {
        var isLast = false
        while !isLast {
            isLast = try bits(1) == 1
            switch try bits(2) {
            case 0: try stored()
            case 1: try block(.fixedLiterals, .fixedDistances)
            case 2:
                let (literals, distances) = try codes()
                try block(literals, distances)
            default: throw reader.malformed("has a block of no kind")
            }
        }
    }

    private mutating func bits(_ count: Int) throws(Malformed) -> Int {
        while bufferedBits < count {
            buffer |= UInt32(try reader.byte()) << UInt32(bufferedBits)
            bufferedBits += 8
        }
        defer {
            buffer >>= UInt32(count)
            bufferedBits -= count
        }
        return Int(buffer & (1 << UInt32(count) - 1))
    }

    private mutating func emit(_ byte: UInt8) throws(Malformed) {
        guard output.count < limit else { throw reader.malformed("decompresses to too much") }
        output.append(byte)
    }

    private mutating func stored() throws(Malformed) {
        (buffer, bufferedBits) = (0, 0)
        let count = try reader.littleEndian(2)
        guard try reader.littleEndian(2) == ~count & 0xFFFF else { throw reader.malformed("has a damaged block") }
        for byte in try reader.take(count) { try emit(byte) }
    }

    private mutating func block(_ literals: HuffmanCode, _ distances: HuffmanCode) throws(Malformed) {
        while true {
            let symbol = try self.symbol(literals)
            if symbol < 256 {
                try emit(UInt8(symbol))
            } else if symbol == 256 {
                return
            } else {
                try copy(lengthSymbol: symbol - 257, distances)
            }
        }
    }

    private mutating func copy(lengthSymbol: Int, _ distances: HuffmanCode) throws(Malformed) {
        guard lengthSymbol < Self.lengthBases.count else { throw reader.malformed("has a length of no kind") }
        let length = Self.lengthBases[lengthSymbol] + (try bits(Self.lengthBits[lengthSymbol]))
        let symbol = try self.symbol(distances)
        guard symbol < Self.distanceBases.count else { throw reader.malformed("has a distance of no kind") }
        let distance = Self.distanceBases[symbol] + (try bits(max(0, symbol / 2 - 1)))
        guard distance <= output.count else { throw reader.malformed("refers to what is before its beginning") }
        for _ in 0..<length { try emit(output[output.count - distance]) }
    }

    private mutating func codes() throws(Malformed) -> (HuffmanCode, HuffmanCode) {
        let literalCount = try bits(5) + 257
        let distanceCount = try bits(5) + 1
        let lengthCount = try bits(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw reader.malformed("has too many codes") }
        var lengths = Array(repeating: 0, count: 19)
        for place in Self.codeLengthOrder.prefix(lengthCount) { lengths[place] = try bits(3) }
        guard let code = HuffmanCode(lengths: lengths) else { throw reader.malformed("has an impossible code") }
        let all = try self.lengths(literalCount + distanceCount, code)
        guard let literals = HuffmanCode(lengths: Array(all[..<literalCount])),
            let distances = HuffmanCode(lengths: Array(all[literalCount...]))
        else { throw reader.malformed("has an impossible code") }
        return (literals, distances)
    }

    private mutating func lengths(_ count: Int, _ code: HuffmanCode) throws(Malformed) -> [Int] {
        var all: [Int] = []
        while all.count < count {
            switch try symbol(code) {
            case let length where length < 16: all.append(length)
            case 16:
                guard let last = all.last else { throw reader.malformed("repeats nothing") }
                all += Array(repeating: last, count: 3 + (try bits(2)))
            case 17: all += Array(repeating: 0, count: 3 + (try bits(3)))
            default: all += Array(repeating: 0, count: 11 + (try bits(7)))
            }
        }
        guard all.count == count else { throw reader.malformed("has too many codes") }
        return all
    }

    private mutating func symbol(_ code: HuffmanCode) throws(Malformed) -> Int {
        var (value, first, index) = (0, 0, 0)
        for length in 1...HuffmanCode.longest {
            value |= try bits(1)
            let count = code.counts[length]
            if value - count < first { return code.symbols[index + value - first] }
            index += count
            first = (first + count) << 1
            value <<= 1
        }
        throw reader.malformed("has a code of no symbol")
    }
}

/// A canonical Huffman code: how many codes have each length, and their symbols in order.
private struct HuffmanCode {
    static let longest = 15
    static let fixedLiterals = HuffmanCode(
        checked: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    static let fixedDistances = HuffmanCode(checked: Array(repeating: 5, count: 30))

    let counts: [Int]
    let symbols: [Int]

    /// `nil` where more codes are given than there can be.
    init?(lengths: [Int]) {
        var left = 1
        for length in 1...Self.longest {
            left = left << 1 - lengths.count { $0 == length }
            guard left >= 0 else { return nil }
        }
        self.init(checked: lengths)
    }

    private init(checked lengths: [Int]) {
        var counts = Array(repeating: 0, count: Self.longest + 1)
        for length in lengths { counts[length] += 1 }
        counts[0] = 0
        self.counts = counts
        symbols = (1...Self.longest).flatMap { length in lengths.indices.filter { lengths[$0] == length } }
    }
}
