internal import Sessions

/// A token in its compact form, parted at the dots (RFC 7515, section 7.1; RFC 7516, section 7.1).
struct CompactToken {
    let bytes: [UInt8]
    /// Where the dots stand, two or four, and then the token's end: a vector needs no memory of its own.
    private let dots: SIMD4<Int>
    private let partCount: Int

    /// Parts a token; any bytes may come.
    ///
    /// - Throws: `tooLong`, before anything is read; `malformed`.
    init(_ bytes: [UInt8]) throws(TokenRefusal) {
        guard bytes.count <= TokenLimits.byteCount else {
            throw TokenRefusal(.tooLong, "a token has at most \(TokenLimits.byteCount) bytes")
        }
        self.bytes = bytes
        (dots, partCount) = Self.dots(in: bytes)
        guard partCount == 3 || partCount == 5, dots[0] > 0 else {
            throw TokenRefusal(.malformed, "a token has three parts, or five where it is encrypted, with dots between")
        }
    }

    /// Where the dots stand that a token may have, and how many parts there are: more than five where there are more dots.
    private static func dots(in bytes: [UInt8]) -> (SIMD4<Int>, partCount: Int) {
        var (dots, count) = (SIMD4(repeating: bytes.count), 0)
        while let dot = firstDot(in: bytes, from: count == 0 ? 0 : dots[count - 1] + 1) {
            guard count < 4 else { return (dots, count + 2) }
            dots[count] = dot
            count += 1
        }
        return (dots, count + 1)
    }

    private func part(_ index: Int) -> ArraySlice<UInt8> {
        bytes[(index == 0 ? 0 : dots[index - 1] + 1)..<(index < 4 ? dots[index] : bytes.count)]
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
    var isEncrypted: Bool { partCount == 5 }

    /// What a signature is over: the header and the payload as they stand.
    var signedPart: ArraySlice<UInt8> { bytes[..<dots[1]] }

    /// The header as it stands.
    var headerPart: ArraySlice<UInt8> { part(0) }

    /// Decodes a part.
    ///
    /// - Throws: `badBase64`.
    func decoded(_ part: Int) throws(TokenRefusal) -> [UInt8] {
        guard let bytes = Base64URL.decode(self.part(part)) else {
            throw TokenRefusal(
                .badBase64, "\(name(part)) isn't base64url without padding, in its one spelling")
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
        } catch { throw TokenRefusal(error, in: name(part)) }
        throw TokenRefusal(.badJSON, "\(name(part)) is no JSON object")
    }

    /// Decodes the claims of a signed token.
    ///
    /// - Parameter likely: what will stand there most of the time.
    /// - Returns: the claims as they stand and as they were read.
    /// - Throws: as ``object(_:)``.
    func payload(likely: TokenPayload.Likely) throws(TokenRefusal) -> TokenPayload {
        let bytes = try decoded(1)
        do throws(JSONFault) { return try TokenPayload(bytes, likely: likely) } catch {
            throw TokenRefusal(error, in: name(1))
        }
    }

    private func name(_ part: Int) -> String {
        let names =
            partCount == 3
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
