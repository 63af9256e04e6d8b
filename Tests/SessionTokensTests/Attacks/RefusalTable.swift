import Sessions

@testable import SessionTokens

/// A token for each code, which breaks that rule alone.
struct RefusalCase: CustomStringConvertible, Sendable {
    var code: TokenRefusal.Code
    var about: String
    /// Makes the verifier and the token.
    var make: @Sendable (Workshop) throws -> (TokenVerifier, String)

    var description: String { "\(code): \(about)" }

    init(
        _ code: TokenRefusal.Code, _ about: String,
        _ make: @escaping @Sendable (Workshop) throws -> (TokenVerifier, String)
    ) {
        (self.code, self.about, self.make) = (code, about, make)
    }

    /// A header of other text than usual.
    init(_ code: TokenRefusal.Code, header: @escaping @Sendable (Workshop) -> String) {
        self.init(code, "header") { (try $0.verifier(), try $0.forge(header: header($0))) }
    }

    /// A header with a member more than usual.
    init(_ code: TokenRefusal.Code, parameter: String) {
        self.init(code, parameter) { workshop in
            (try workshop.verifier(), try workshop.forge(header: "\(workshop.header.dropLast()),\(parameter)}"))
        }
    }

    /// A header without one of the usual members, and with another in its place.
    init(_ code: TokenRefusal.Code, replacing name: String, by value: String?) {
        self.init(code, "\(name) \(value ?? "missing")") { workshop in
            let header = JSONValue(parsing: Array(workshop.header.utf8)) ?? .null
            let new = value.flatMap { JSONValue(parsing: Array($0.utf8)) }
            return (try workshop.verifier(), try workshop.forge(header: "\(header.with(name, new))"))
        }
    }

    /// A claim that is missing or of another value than usual.
    init(_ code: TokenRefusal.Code, claim name: String, _ value: String?) {
        self.init(code, "\(name) \(value ?? "missing")") { workshop in
            let new = value.flatMap { JSONValue(parsing: Array($0.utf8)) }
            return (
                try workshop.verifier(), try workshop.forge(payload: "\(workshop.claims.json.with(name, new))")
            )
        }
    }

    /// A payload of other text than usual.
    init(_ code: TokenRefusal.Code, payload: String) {
        self.init(code, String(payload.prefix(40))) { (try $0.verifier(), try $0.forge(payload: payload)) }
    }

    /// An encrypted token of other header or content than usual.
    init(
        _ code: TokenRefusal.Code, encrypted about: String, header: String? = nil,
        content: @escaping @Sendable (Workshop) throws -> String = { try $0.token() }
    ) {
        self.init(code, about) { workshop in
            let isAgreed = header?.contains("ECDH") ?? false
            let keys = Workshop.encryptionKeys.filter { $0.isSymmetric != isAgreed }
            return (
                try workshop.verifier(decryptionKeys: keys),
                try Workshop.forgeEncrypted(try content(workshop), header: header)
            )
        }
    }

    static let all = form + headers + keys + encryption + claims
}

extension RefusalCase {
    private static let deep = String(repeating: "[", count: 17) + String(repeating: "]", count: 17)

    static let form: [RefusalCase] = [
        RefusalCase(.tooLong, "8 KiB and a byte") { workshop in
            let token = try workshop.token()
            return (try workshop.verifier(), token + String(repeating: "A", count: 8193 - token.utf8.count))
        },
        RefusalCase(.tooLong, "1 MB") { (try $0.verifier(), String(repeating: "eyJ.", count: 250_000)) },
        RefusalCase(.malformed, "nothing") { (try $0.verifier(), "") },
        RefusalCase(.malformed, "one part") { (try $0.verifier(), "eyJhbGciOiJFZERTQSJ9") },
        RefusalCase(.malformed, "four parts") { (try $0.verifier(), "\(try $0.token()).AA") },
        RefusalCase(.malformed, "six parts") { (try $0.verifier(), "\(try $0.token()).AA.AA.AA") },
        RefusalCase(.malformed, "no header") { (try $0.verifier(), ".e30.AA") },
        RefusalCase(.badBase64, "padded") { (try $0.verifier(), "\(try $0.token())=") },
        RefusalCase(.badBase64, "the other alphabet") { (try $0.verifier(), "+/+/.e30.AA") },
        RefusalCase(.badBase64, "spare bits") { (try $0.verifier(), "\(try $0.token().dropLast())B") },
        RefusalCase(.badBase64, "a space at the end") { (try $0.verifier(), "\(try $0.token()) ") },
        RefusalCase(.badText, "UTF-8") { workshop in
            (
                try workshop.verifier(),
                try workshop.forge(header: Array(#"{"alg":""#.utf8) + [0xFF, 0x22, 0x7D], payload: [])
            )
        },
        RefusalCase(.badText, "overlong UTF-8") { workshop in
            let claims = Array(#"{"sub":""#.utf8) + [0xC0, 0xAF, 0x22, 0x7D]
            return (try workshop.verifier(), try workshop.forge(header: Array(workshop.header.utf8), payload: claims))
        },
        RefusalCase(.badText, payload: #"{"sub":"\ud800"}"#),
        RefusalCase(.badJSON, payload: "[]"), RefusalCase(.badJSON, payload: ""), RefusalCase(.badJSON, payload: "{"),
        RefusalCase(.badJSON, payload: "{} {}"), RefusalCase(.badJSON) { _ in #""EdDSA""# },
        RefusalCase(.badJSON) { "\u{FEFF}\($0.header)" },
        RefusalCase(.tooDeep, payload: #"{"a":\#(deep)}"#), RefusalCase(.tooDeep, parameter: #""a":\#(deep)"#),
        RefusalCase(.duplicateMember, parameter: #""alg":"none""#),
        RefusalCase(.duplicateMember, parameter: #""\u0061lg":"none""#),
        RefusalCase(.duplicateMember, parameter: #""x":{"a":1,"a":1}"#),
        RefusalCase(.duplicateMember, payload: #"{"sub":"alice","aud":"a","sub":"root"}"#),
        RefusalCase(.duplicateMember, payload: #"{"a":[[{"b":1,"b":2}]]}"#),
        RefusalCase(
            .duplicateMember, payload: "{\((0..<100).map { "\"m\($0 % 99)\":0" }.joined(separator: ","))}"),
    ]

    static let headers: [RefusalCase] =
        ["none", "None", "NONE", "nOnE", " none", "none ", "no\\u006ee", ""].map {
            RefusalCase(.algorithmNone, replacing: "alg", by: "\"\($0)\"")
        } + [
            RefusalCase(.algorithmNone, "and no signature") { workshop in
                let token = try workshop.forge(header: #"{"alg":"none","typ":"at+jwt"}"#)
                return (try workshop.verifier(), token.split(separator: ".")[..<2].joined(separator: ".") + ".")
            },
            RefusalCase(.algorithmRSA15, replacing: "alg", by: #""RSA1_5""#),
            RefusalCase(.algorithmPBES2, replacing: "alg", by: #""PBES2-HS256+A128KW""#),
            RefusalCase(.algorithmUnknown, replacing: "alg", by: #""eddsa""#),
            RefusalCase(.algorithmUnknown, replacing: "alg", by: #""HS512""#),
            RefusalCase(.algorithmUnknown, replacing: "alg", by: #""dir""#),
            RefusalCase(.badHeader, replacing: "alg", by: nil), RefusalCase(.badHeader, replacing: "alg", by: "null"),
            RefusalCase(.badHeader, replacing: "alg", by: #"["EdDSA"]"#),
            RefusalCase(.badHeader, replacing: "kid", by: "7"), RefusalCase(.badHeader, replacing: "typ", by: "{}"),
            RefusalCase(.compressed, parameter: #""zip":"DEF""#),
            RefusalCase(.criticalUnknown, parameter: #""crit":["exp"],"exp":1"#),
            RefusalCase(.criticalUnknown, parameter: #""crit":["b64"],"b64":true"#),
            RefusalCase(.criticalUnknown, parameter: #""crit":[]"#),
            RefusalCase(.unencodedPayload, parameter: #""b64":false"#),
            RefusalCase(.typeNotAccepted, replacing: "typ", by: nil),
            RefusalCase(.typeNotAccepted, replacing: "typ", by: #""JWT""#),
            RefusalCase(.typeNotAccepted, replacing: "typ", by: #""dpop+jwt""#),
            RefusalCase(.contentTypeNotAccepted, parameter: #""cty":"JWT""#),
            RefusalCase(.badKeyID, replacing: "kid", by: #""""#),
            RefusalCase(.badKeyID, replacing: "kid", by: "\"\(String(repeating: "k", count: 129))\""),
        ]

    static let keys: [RefusalCase] =
        ["../../../../dev/null", "' OR 1=1 --", "|/usr/bin/id", "https://evil.example/k", "\\u0000", "EdDSA "].map {
            RefusalCase(.keyUnknown, replacing: "kid", by: "\"\($0)\"")
        } + [
            RefusalCase(.keyMissing, "two keys, no kid") { workshop in
                let keys = [workshop.key, try JSONWebKey.generate(.edDSA, id: "2")]
                return (
                    try workshop.verifier(keys: keys), try workshop.forge(header: #"{"alg":"EdDSA","typ":"at+jwt"}"#)
                )
            },
            RefusalCase(.keyUnsuitable, "for encryption") { workshop in
                let key = try JSONWebKey.generate(.ecdhES, id: "EdDSA")
                return (try workshop.verifier(keys: [key]), try workshop.token())
            },
            RefusalCase(.keyUnsuitable, "key_ops") { workshop in
                let json = workshop.key.secretJSON.with("key_ops", ["deriveKey"])
                return (try workshop.verifier(keys: [JSONWebKey(json: json)]), try workshop.token())
            },
            RefusalCase(.keyAmbiguous, "RSA without alg") { _ in
                let workshop = try Workshop(.rs256)
                let key = try JSONWebKey(json: workshop.key.secretJSON.with("alg", nil))
                return (try workshop.verifier(keys: [key]), try workshop.token())
            },
            RefusalCase(.algorithmNotAccepted, "HS256 by default") { _ in
                let workshop = try Workshop(.hs256)
                let policy = try TokenPolicy(issuer: Workshop.issuer, audience: Workshop.audience)
                return (try workshop.verifier(policy), try workshop.token())
            },
            RefusalCase(.algorithmMismatch, "RS256 by a key for PS256") { _ in
                let workshop = try Workshop(.ps256)
                let header = #"{"alg":"RS256","typ":"at+jwt","kid":"PS256"}"#
                return (try workshop.verifier(), try workshop.forge(header: header))
            },
            RefusalCase(.badSignature, "another key") { workshop in
                let key = try JSONWebKey.generate(.edDSA, id: "EdDSA")
                return (try workshop.verifier(keys: [key]), try workshop.token())
            },
            RefusalCase(.badSignature, "none at all") { workshop in
                let parts = try workshop.token().split(separator: ".")
                return (try workshop.verifier(), "\(parts[0]).\(parts[1]).")
            },
        ]

    static let encryption: [RefusalCase] = [
        RefusalCase(.notEncrypted, "must be") {
            (try $0.verifier($0.policy(requiresEncryption: true)), try $0.token())
        },
        RefusalCase(.decryptionKeyMissing, "none at hand") {
            (try $0.verifier(), try Workshop.forgeEncrypted(try $0.token()))
        },
        RefusalCase(.decryptionFailed, "another key") { workshop in
            let key = try JSONWebKey.generate(.direct, id: "enc dir")
            return (try workshop.verifier(decryptionKeys: [key]), try Workshop.forgeEncrypted(try workshop.token()))
        },
        RefusalCase(
            .encryptionUnknown, encrypted: "A128CBC-HS256",
            header: #"{"alg":"dir","enc":"A128CBC-HS256","cty":"JWT","kid":"enc dir"}"#),
        RefusalCase(.encryptionUnknown, encrypted: "no enc", header: #"{"alg":"dir","cty":"JWT","kid":"enc dir"}"#),
        RefusalCase(
            .compressed, encrypted: "zip",
            header: #"{"alg":"dir","enc":"A256GCM","cty":"JWT","kid":"enc dir","zip":"DEF"}"#),
        RefusalCase(
            .algorithmPBES2, encrypted: "PBES2",
            header: #"{"alg":"PBES2-HS512+A256KW","enc":"A256GCM","cty":"JWT","p2s":"AAAAAAAAAAA","p2c":2147483647}"#),
        RefusalCase(.algorithmRSA15, encrypted: "RSA1_5", header: #"{"alg":"RSA1_5","enc":"A256GCM","cty":"JWT"}"#),
        RefusalCase(
            .contentTypeNotAccepted, encrypted: "no cty", header: #"{"alg":"dir","enc":"A256GCM","kid":"enc dir"}"#),
        RefusalCase(
            .algorithmMismatch, encrypted: "dir for a key that wraps",
            header: #"{"alg":"dir","enc":"A256GCM","cty":"JWT","kid":"enc A256KW"}"#),
        RefusalCase(.badNesting, encrypted: "claims unsigned", content: { "\($0.claims.json)" }),
        RefusalCase(.badNesting, encrypted: "twice", content: { try Workshop.forgeEncrypted(try $0.token()) }),
        RefusalCase(
            .badSignature, encrypted: "a bad signature within", content: { "\(try $0.token().dropLast(4))AAAA" }),
        RefusalCase(
            .algorithmNone, encrypted: "none within",
            content: { try $0.forge(header: #"{"alg":"none","typ":"at+jwt"}"#) }),
        RefusalCase(
            .badEphemeralKey, encrypted: "no epk",
            header: #"{"alg":"ECDH-ES","enc":"A256GCM","cty":"JWT","kid":"enc ECDH-ES"}"#),
    ]

    static let claims: [RefusalCase] =
        ["iss", "sub", "aud", "exp", "iat", "jti"].map { RefusalCase(.claimMissing, claim: $0, nil) } + [
            RefusalCase(.badClaim, claim: "sub", "null"),
            RefusalCase(.badClaim, claim: "sub", "7"), RefusalCase(.badClaim, claim: "sub", #""""#),
            RefusalCase(.badClaim, claim: "iss", #"["https://id.example"]"#),
            RefusalCase(.badClaim, claim: "exp", #""1800000300""#), RefusalCase(.badClaim, claim: "exp", "1e300"),
            RefusalCase(.badClaim, claim: "exp", "-1"), RefusalCase(.badClaim, claim: "exp", "9999999999999"),
            RefusalCase(.badClaim, claim: "nbf", "true"), RefusalCase(.badClaim, claim: "aud", "[1]"),
            RefusalCase(.badClaim, claim: "sid", "[]"), RefusalCase(.badClaim, claim: "epoch", #""1""#),
            RefusalCase(.badClaim, claim: "epoch", "-1"), RefusalCase(.badClaim, claim: "epoch", "1.5"),
            RefusalCase(.badClaim, claim: "scope", "[]"), RefusalCase(.badClaim, claim: "client_id", "{}"),
            RefusalCase(.badClaim, claim: "tenant", "\"\(String(repeating: "t", count: 1025))\""),
            RefusalCase(.issuerMismatch, claim: "iss", #""https://id.example/""#),
            RefusalCase(.audienceMismatch, claim: "aud", #""https://other.example""#),
            RefusalCase(.audienceMismatch, claim: "aud", "[]"),
            RefusalCase(.expired, claim: "exp", "1799999940"), RefusalCase(.notYetValid, claim: "nbf", "1800000061"),
            RefusalCase(.issuedInFuture, claim: "iat", "1800000061"),
            RefusalCase(.livesTooLong, claim: "exp", "1800086401"),
        ]
}
