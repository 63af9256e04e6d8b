internal import Sessions

/// A token in its compact form, parted at the dots (RFC 7515, section 7.1; RFC 7516, section 7.1).
struct CompactToken {
    let bytes: [UInt8]
    private let parts: [ArraySlice<UInt8>]

    /// Parts a token; any bytes may come.
    ///
    /// - Throws: `tooLong`, before anything is read; `malformed`.
    init(_ bytes: [UInt8]) throws(TokenRefusal) {
        guard bytes.count <= TokenLimits.byteCount else {
            throw TokenRefusal(.tooLong, "a token has at most \(TokenLimits.byteCount) bytes")
        }
        self.bytes = bytes
        parts = Self.parts(of: bytes)
        guard parts.count == 3 || parts.count == 5, !parts[0].isEmpty else {
            throw TokenRefusal(.malformed, "a token has three parts, or five where it is encrypted, with dots between")
        }
    }

    /// The parts between the dots: those that a token may have, and one more where there are more dots.
    private static func parts(of bytes: [UInt8]) -> [ArraySlice<UInt8>] {
        var parts: [ArraySlice<UInt8>] = []
        parts.reserveCapacity(6)
        var start = 0
        while parts.count < 5, let dot = firstDot(in: bytes, from: start) {
            parts.append(bytes[start..<dot])
            start = dot + 1
        }
        parts.append(bytes[start...])
        return parts
    }

    /// Where the next dot stands: eight bytes are looked at together, since a token is long and has few.
    private static func firstDot(in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { bytes in
            var place = start
            while place + 8 <= bytes.count {
                // A byte that was a dot is zero now; the highest bit of some byte tells whether there is one.
                let word = bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self) ^ 0x2E2E_2E2E_2E2E_2E2E
                if (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080 != 0 { break }
                place += 8
            }
            return bytes[place...].firstIndex(of: UInt8(ascii: "."))
        }
    }

    /// Whether it is encrypted: a JWE, not a JWS.
    var isEncrypted: Bool { parts.count == 5 }

    /// What a signature is over: the header and the payload as they stand.
    var signedPart: ArraySlice<UInt8> { bytes[..<parts[1].endIndex] }

    /// The header as it stands.
    var headerPart: ArraySlice<UInt8> { parts[0] }

    /// Decodes a part.
    ///
    /// - Throws: `badBase64`.
    func decoded(_ part: Int) throws(TokenRefusal) -> [UInt8] {
        guard let bytes = Base64URL.decode(parts[part]) else {
            throw TokenRefusal(
                .badBase64, "\(Self.name(part, of: parts.count)) isn't base64url without padding, in its one spelling")
        }
        return bytes
    }

    /// Decodes a part that is an object of JSON.
    ///
    /// - Throws: `badBase64`, `badJSON`, `badText`, `tooDeep`, `duplicateMember`.
    func object(_ part: Int) throws(TokenRefusal) -> JSONValue {
        let bytes = try decoded(part)
        do throws(JSONFault) {
            let value = try JSONValue(strict: bytes, depthLimit: TokenLimits.depth)
            if case .object = value { return value }
        } catch { throw TokenRefusal(error, in: Self.name(part, of: parts.count)) }
        throw TokenRefusal(.badJSON, "\(Self.name(part, of: parts.count)) is no JSON object")
    }

    private static func name(_ part: Int, of count: Int) -> String {
        let names =
            count == 3
            ? ["the header", "the payload", "the signature"]
            : ["the header", "the encrypted key", "the nonce", "the ciphertext", "the tag"]
        return names[part]
    }
}

extension TokenRefusal {
    fileprivate init(_ fault: JSONFault, in part: String) {
        switch fault {
        case .malformed: self.init(.badJSON, "\(part) is no JSON object")
        case .tooDeep: self.init(.tooDeep, "\(part) is nested deeper than \(TokenLimits.depth)")
        case .duplicateMember: self.init(.duplicateMember, "\(part) names a member twice")
        case .illFormedText: self.init(.badText, "a text of \(part) is no UTF-8, or has half a pair of surrogates")
        }
    }
}
