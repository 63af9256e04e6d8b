internal import Sessions

/// Reads what Django's `signing.dumps` writes: readable without the key, though not to be changed without it.
enum DjangoSigned {
    /// HMAC with SHA-256.
    private static let signatureByteCount = 32

    /// The signed value; the signature isn't checked, for nobody here has the key.
    static func value(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        let parts = bytes.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard parts.count == 3 else { return try before31(bytes) }
        guard Base64.decode(parts[2])?.count == signatureByteCount else { throw Malformed("has no whole signature") }
        let isCompressed = parts[0].first == UInt8(ascii: ".")
        guard let packed = Base64.decode(isCompressed ? parts[0].dropFirst() : parts[0]) else {
            throw Malformed("is not in base64")
        }
        return try content(isCompressed ? try Inflate.zlib(packed) : packed)
    }

    /// Rows from before Django 3.1: base64 of a signature, a colon and the content.
    private static func before31(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        guard let plain = Base64.decode(bytes), let colon = plain.firstIndex(of: UInt8(ascii: ":")) else {
            throw Malformed("is no value that Django signed")
        }
        return try content(Array(plain[(colon + 1)...]))
    }

    /// JSON, or what Django's `PickleSerializer` wrote, which there was up to 4.2.
    private static func content(_ bytes: [UInt8]) throws(Malformed) -> JSONValue {
        try PayloadEncoding.firstOf([.json, .pickle]).decode(bytes)
    }
}
