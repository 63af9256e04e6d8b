internal import Sessions

/// The parameters of a header that mean anything here (RFC 7515, section 4.1; RFC 7516, section 4.1).
///
/// `jku`, `x5u`, `jwk`, `x5c` and whatever else may stand there are passed over: a token doesn't bring its own key.
struct JOSEHeader: Sendable {
    private(set) var algorithm: String?
    private(set) var encryption: String?
    private(set) var keyID: String?
    /// `typ`, as ``MediaType`` spells it.
    private(set) var type: String?
    /// `cty`, as ``MediaType`` spells it.
    private(set) var contentType: String?
    private(set) var ephemeralKey: JSONValue?
    private(set) var partyU: [UInt8] = []
    private(set) var partyV: [UInt8] = []

    /// Reads the parameters of an object.
    ///
    /// - Throws: `badHeader`, `badKeyID`, `algorithmNone`, `algorithmRSA15`, `algorithmPBES2`, `compressed`,
    ///   `criticalUnknown`, `unencodedPayload`, unless they are gathered.
    init(_ json: JSONValue, _ findings: inout Findings) throws(TokenRefusal) {
        guard case .object(let members) = json else { return }
        for member in members {
            if Self.names.contains(member.name) { try read(member, &findings) }
        }
        try checkAlgorithm(&findings)
    }

    private static let names: Set<String> = [
        "alg", "enc", "kid", "typ", "cty", "epk", "apu", "apv", "crit", "zip", "b64",
    ]

    private mutating func read(_ member: JSONValue.Member, _ findings: inout Findings) throws(TokenRefusal) {
        switch (member.name, member.value) {
        case ("alg", .string(let text)): algorithm = text
        case ("enc", .string(let text)): encryption = text
        case ("kid", .string(let text)): try readKeyID(text, &findings)
        case ("typ", .string(let text)): type = MediaType.spelled(text)
        case ("cty", .string(let text)): contentType = MediaType.spelled(text)
        case ("epk", .object): ephemeralKey = member.value
        case ("apu", .string(let text)): partyU = try party(text, &findings)
        case ("apv", .string(let text)): partyV = try party(text, &findings)
        case ("crit", _):
            try findings.refuse(.criticalUnknown, "crit names what isn't known here: no such token can be accepted")
        case ("zip", _): try findings.refuse(.compressed, "compressed tokens are not accepted")
        case ("b64", .bool(true)): break
        case ("b64", _): try findings.refuse(.unencodedPayload, "payloads that aren't encoded are not accepted")
        default: try findings.refuse(.badHeader, "a parameter of the header has a value of the wrong kind")
        }
    }

    private mutating func readKeyID(_ text: String, _ findings: inout Findings) throws(TokenRefusal) {
        guard (1...TokenLimits.keyIDByteCount).contains(text.utf8.count) else {
            return try findings.refuse(.badKeyID, "a kid has 1 to \(TokenLimits.keyIDByteCount) bytes")
        }
        keyID = text
    }

    private func party(_ text: String, _ findings: inout Findings) throws(TokenRefusal) -> [UInt8] {
        if let bytes = Base64URL.decode(text.utf8) { return bytes }
        try findings.refuse(.badHeader, "apu or apv isn't base64url")
        return []
    }

    private func checkAlgorithm(_ findings: inout Findings) throws(TokenRefusal) {
        guard let algorithm else { return try findings.refuse(.badHeader, "the header has no alg") }
        let folded = MediaType.folded(algorithm).filter { $0 > UInt8(ascii: " ") }
        if folded.elementsEqual("none".utf8) || folded.isEmpty {
            try findings.refuse(.algorithmNone, "it isn't signed: alg is none")
        } else if folded.elementsEqual("rsa1_5".utf8) {
            try findings.refuse(.algorithmRSA15, "RSA1_5 is not accepted: it can be decrypted by asking often enough")
        } else if folded.starts(with: "pbes2".utf8) {
            try findings.refuse(.algorithmPBES2, "keys made of passwords are not accepted")
        }
    }
}

/// Media types as `typ` and `cty` write them.
enum MediaType {
    /// Small letters, and without `application/` (RFC 7515, section 4.1.9): `at+jwt`, `jwt`.
    static func spelled(_ text: String) -> String {
        let folded = folded(text)
        let isShort = folded.starts(with: "application/".utf8) && !folded.dropFirst(12).contains(UInt8(ascii: "/"))
        return String(decoding: isShort ? folded.dropFirst(12) : folded[...], as: UTF8.self)
    }

    /// Bytes with ASCII's letters made small.
    static func folded(_ text: String) -> [UInt8] {
        text.utf8.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
    }
}
