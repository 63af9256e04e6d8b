/// Base64url without padding (RFC 4648, section 5): the one spelling that ids and tokens use.
package enum Base64URL {
    private static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)
    /// What each character stands for; 0xFF: nothing.
    private static let values = {
        var values = Array(repeating: UInt8.max, count: 256)
        for (value, character) in alphabet.enumerated() { values[Int(character)] = UInt8(value) }
        return values
    }()
    /// What each character adds to three bytes at each of four places, 256 for each place.
    ///
    /// The highest bit is set where it stands for nothing.
    private static let placed = (0..<4).flatMap { place in
        values.map { $0 == .max ? 1 << 31 : UInt32($0) << UInt32(18 - 6 * place) }
    }

    /// Encodes bytes.
    package static func encode(_ bytes: some Collection<UInt8>) -> String {
        String(decoding: characters(for: bytes, of: alphabet), as: UTF8.self)
    }

    /// The characters of an alphabet for some bytes, without padding.
    static func characters(for bytes: some Collection<UInt8>, of alphabet: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity((bytes.count + 2) / 3 * 4)
        var buffer: UInt32 = 0
        var bits = 0
        for byte in bytes {
            buffer = buffer << 8 | UInt32(byte)
            bits += 8
            while bits >= 6 {
                bits -= 6
                output.append(alphabet[Int(buffer >> UInt32(bits) & 63)])
            }
        }
        if bits > 0 { output.append(alphabet[Int(buffer << UInt32(6 - bits) & 63)]) }
        return output
    }

    /// Decodes, refusing padding, foreign characters, an impossible length and spare bits that aren't zero.
    package static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        let result = text.withContiguousStorageIfAvailable { decode($0) }
        return result ?? Array(text).withUnsafeBufferPointer { decode($0) }
    }

    /// The same for a part of a token: each request decodes some, and a generic costs more than the work.
    package static func decode(_ text: ArraySlice<UInt8>) -> [UInt8]? { text.withUnsafeBufferPointer { decode($0) } }

    /// The same for characters that lie in a piece of memory.
    package static func decode(_ text: UnsafeBufferPointer<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        // The standard library would set the count of the empty array that all threads share: a race by the letter.
        guard !text.isEmpty else { return [] }
        let (count, spare) = (text.count * 3 / 4, UInt32(text.count * 6 % 8))
        var (all, wasForeign, buffer) = (UInt32(0), UInt8(0), UInt32(0))
        // Eight characters are six bytes, and are written as eight: two bytes more than there are.
        let output = [UInt8](unsafeUninitializedCapacity: count + 2) { output, initialized in
            // Counted here, not in `initialized`: that would be written to memory for each byte.
            var end = 0
            defer { initialized = end }
            let (whole, raw) = (text.count & ~7, UnsafeMutableRawBufferPointer(output))
            placed.withUnsafeBufferPointer { placed in
                func three(_ index: Int) -> UInt32 {
                    let (a, b) = (placed[Int(text[index])], placed[256 + Int(text[index + 1])])
                    let (c, d) = (placed[512 + Int(text[index + 2])], placed[768 + Int(text[index + 3])])
                    return a | b | c | d
                }
                for index in stride(from: 0, to: whole, by: 8) {
                    let (first, second) = (three(index), three(index + 4))
                    all |= first | second
                    let six = UInt64(first) << 40 | UInt64(second) << 16
                    raw.storeBytes(of: six.bigEndian, toByteOffset: end, as: UInt64.self)
                    end += 6
                }
            }
            values.withUnsafeBufferPointer { values in
                for index in whole..<text.count {
                    let value = values[Int(text[index])]
                    wasForeign |= value
                    buffer = buffer << 6 | UInt32(value & 63)
                    // After each character but the first of four there is one byte more.
                    guard index & 3 > 0 else { continue }
                    output[end] = UInt8(truncatingIfNeeded: buffer >> UInt32(6 - (index & 3) * 2))
                    end += 1
                }
            }
        }
        return all >> 31 == 0 && wasForeign < 64 && buffer & (1 << spare - 1) == 0 ? output : nil
    }
}
