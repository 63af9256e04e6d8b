internal import Crypto

/// Makes a key of an agreed secret (NIST SP 800-56A, 5.8.1, as RFC 7518, section 4.6.2, uses it).
enum ConcatKDF {
    /// Derives a key of at most 256 bits: one round of SHA-256.
    ///
    /// - Parameters:
    ///   - secret: the agreed secret.
    ///   - algorithm: what the key is for: `alg`, or `enc` where the key encrypts the content itself.
    ///   - partyU: `apu`, decoded.
    ///   - partyV: `apv`, decoded.
    ///   - byteCount: the key's length, at most 32.
    /// - Returns: the key.
    static func key(
        from secret: SharedSecret, for algorithm: String, partyU: [UInt8] = [], partyV: [UInt8] = [],
        byteCount: Int = 32
    ) -> SymmetricKey {
        var digest = SHA256()
        digest.update(data: bigEndian(1))
        secret.withUnsafeBytes { digest.update(bufferPointer: $0) }
        for part in [Array(algorithm.utf8), partyU, partyV] {
            digest.update(data: bigEndian(part.count))
            digest.update(data: part)
        }
        digest.update(data: bigEndian(byteCount * 8))
        return SymmetricKey(data: Array(digest.finalize().prefix(byteCount)))
    }

    private static func bigEndian(_ number: Int) -> [UInt8] {
        withUnsafeBytes(of: UInt32(truncatingIfNeeded: number).bigEndian) { Array($0) }
    }
}
