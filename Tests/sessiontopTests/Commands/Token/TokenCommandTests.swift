import Foundation
import SessionTokens
import Sessions
import Testing

@testable import sessiontop

@Suite("token")
struct TokenCommandTests {
    let desk: TokenDesk

    init() throws { desk = try TokenDesk() }

    private static let claims = [
        "--claim", #"iss="https://id.example""#, "--claim", #"sub="alice""#, "--claim", #"aud=["https://api.example"]"#,
    ]
    private static let expected = ["--issuer", "https://id.example", "--audience", "https://api.example"]

    /// A key ring and its public set.
    private func keys(_ algorithm: String = "EdDSA") throws {
        #expect(desk.run("generate", "@key", "--alg", algorithm).status == 0)
        try desk.write(desk.run("jwks", "@key").standardOutput, to: "jwks")
    }

    private func issue(_ more: String...) -> String {
        let result = desk.run(["issue", "--key", "@key"] + Self.claims + more)
        #expect(result.status == 0, "\(result.error.map { "\($0)" } ?? "")")
        return result.lines.first ?? ""
    }

    private func verify(_ token: String, _ more: String..., input: String = "") -> CommandShop.Result {
        desk.run(["verify", token, "--keys", "@jwks"] + Self.expected + more, input: input)
    }

    private func codes(_ result: CommandShop.Result) -> [String] {
        guard result.lines.count == 1, let reasons = result.objects.first?["reasons"] as? [[String: Any]] else {
            return []
        }
        return reasons.compactMap { $0["code"] as? String }
    }

    @Test("What is issued verifies: its claims come back on one line", arguments: ["EdDSA", "ES256", "ES384", "PS256"])
    func issuesAndVerifies(_ algorithm: String) throws {
        try keys(algorithm)
        let token = issue("--ttl", "5m", "--claim", "own={\"a\":[1,2.50]}")
        let result = verify(token)
        #expect(result.status == 0 && result.lines.count == 1)
        let claims = try #require(JSONValue(parsing: Array(result.standardOutput.utf8)))
        #expect(claims["sub"] == "alice" && claims["own"]?.description == #"{"a":[1,2.50]}"#)
        let now = desk.time.now.milliseconds / 1000
        #expect(claims["iat"] == .integer(now) && claims["exp"] == .integer(now + 300) && claims["jti"] != nil)
        #expect(verify("-", input: "\(token)\n").standardOutput == result.standardOutput)
        #expect(desk.run(["verify", "--keys", "@jwks"] + Self.expected, input: token).status == 0)
    }

    @Test("A refusal is status 1 and one line with every reason")
    func everyReason() throws {
        try keys()
        let token = issue("--typ", "JWT", "--ttl", "1s")
        desk.time.advance(by: .seconds(62))
        let result = desk.run("verify", token, "--keys", "@jwks", "--issuer", "x", "--audience", "y")
        #expect(result.status == 1)
        #expect(Set(codes(result)) == ["typeNotAccepted", "issuerMismatch", "audienceMismatch", "expired"])
        #expect(codes(verify(token, "--typ", "JWT", "--leeway", "300s")) == [])
        #expect(verify(token, "--typ", "JWT", "--leeway", "300s").status == 0)
        #expect(
            Set(codes(verify("\(token)x", "--typ", "JWT", "--require", "acr"))) == [
                "badBase64", "expired", "claimMissing",
            ])
        #expect(codes(verify("", input: "")) == ["malformed"])
        #expect(codes(verify(String(repeating: "a", count: 1_000_000))) == ["tooLong"])
        #expect(
            codes(
                desk.run(["verify", "--keys", "@jwks"] + Self.expected, input: String(repeating: ".", count: 99_999)))
                == ["tooLong"])
    }

    @Test("An encrypted token needs its key", arguments: ["ECDH-ES", "ECDH-ES+A256KW", "A256KW", "dir"])
    func encrypted(_ algorithm: String) throws {
        try keys()
        #expect(desk.run("generate", "@enc", "--alg", algorithm).status == 0)
        let token = issue("--encrypt-to", "@enc")
        #expect(token.split(separator: ".", omittingEmptySubsequences: false).count == 5)
        #expect(codes(verify(token)) == ["decryptionKeyMissing"])
        #expect(verify(token, "--decrypt-with", "@enc", "--encrypted").status == 0)
        #expect(codes(verify(issue(), "--encrypted")) == ["notEncrypted"])
    }

    @Test("A shared secret signs and verifies, and is never published")
    func symmetric() {
        #expect(desk.run("generate", "@key", "--alg", "HS256").status == 0)
        #expect(desk.run(["verify", issue(), "--keys", "@key"] + Self.expected).status == 0)
        let published = desk.run("jwks", "@key")
        #expect(published.status == 64 && published.standardOutput.isEmpty)
    }

    @Test("Inspect decodes without keys, masks secrets, and says what it couldn't check")
    func inspect() throws {
        try keys()
        let token = issue("--claim", #"password="hunter2""#)
        let bare = desk.run("inspect", token)
        let line = try #require(JSONValue(parsing: Array(bare.standardOutput.utf8)))
        #expect(bare.status == 0 && line["valid"] == .null && line["form"] == "JWS" && line["reasons"] == [])
        #expect(line["unchecked"] == ["signature", "iss", "aud", "typ", "revocation"])
        #expect(line["claims"]?["password"] == "***" && line["claims"]?["sub"] == "alice")
        #expect(!bare.standardOutput.contains("hunter2") && line["ttl"] == .number("300"))
        let full = desk.run(["inspect", token, "--keys", "@jwks", "--typ", "at+jwt"] + Self.expected)
        #expect(full.status == 0 && full.objects.first?["valid"] as? Bool == true)
    }

    @Test("Inspect takes an encrypted token without its key for one that isn't checked, not for a bad one")
    func inspectEncrypted() throws {
        try keys()
        #expect(desk.run("generate", "@enc", "--alg", "ECDH-ES").status == 0)
        let token = issue("--encrypt-to", desk.path("enc"))
        let bare = desk.run("inspect", token, "--keys", "@jwks")
        let line = try #require(JSONValue(parsing: Array(bare.standardOutput.utf8)))
        #expect(bare.status == 0 && line["valid"] == .null && line["form"] == "JWE" && line["reasons"] == [])
        #expect(line["unchecked"] == ["decryption", "iss", "aud", "typ", "revocation"])
        let opened = desk.run(
            ["inspect", token, "--keys", "@jwks", "--decrypt-with", "@enc", "--typ", "at+jwt"] + Self.expected)
        #expect(opened.status == 0 && opened.objects.first?["valid"] as? Bool == true)
    }

    @Test("Inspect says each reason, and takes anything")
    func inspectAnything() throws {
        try keys()
        let token = issue("--ttl", "1s", "--claim", "nbf=9999999999")
        desk.time.advance(by: .seconds(100))
        let parts = token.split(separator: ".")
        let result = desk.run("inspect", "\(parts[0]).\(parts[1]).", "--keys", "@jwks")
        #expect(result.status == 1 && Set(codes(result)) == ["badSignature", "expired", "notYetValid"])
        for odd in ["", "x", "a.b.c", "....", "\u{1B}[31m", "eyJhbGciOiJub25lIn0.e30."] {
            let result = desk.run("inspect", "-", input: odd)
            #expect(result.status == 1 && !codes(result).isEmpty)
        }
        let shown = desk.run(["inspect", token], isTerminal: true)
        #expect(shown.lines.contains { $0.hasPrefix("claims.sub") && $0.hasSuffix("alice") })
    }

    @Test("A ring is rotated when it is due; a key is retired at once")
    func rotates() throws {
        try keys()
        func standings(_ result: CommandShop.Result) -> [String] {
            result.objects.compactMap { $0["standing"] as? String }
        }
        #expect(standings(desk.run("rotate", "@key")) == ["signing"])
        let early = desk.run("rotate", "@key", "--now")
        #expect(standings(early) == ["signing", "next"])
        let token = issue()
        desk.time.advance(by: .seconds(3600))
        #expect(standings(desk.run("rotate", "@key")) == ["retired", "signing"])
        let retired = try #require(early.objects.first?["kid"] as? String)
        let result = desk.run("rotate", "@key", "--retire", retired)
        #expect(standings(result) == ["signing"] && result.notes.count == 1)
        try desk.write(desk.run("jwks", "@key").standardOutput, to: "jwks")
        #expect(codes(verify(token, "--leeway", "300s")).contains("keyUnknown"))
        #expect(verify(issue()).status == 0)
        desk.time.advance(by: .seconds(30 * 86_400))
        #expect(standings(desk.run("rotate", "@key")) == ["signing", "next"])
        #expect(desk.run("rotate", "@key", "--retire", "nobody").status == 64)
    }

    private static let unusable: [(String, Int32)] = [
        ("issue --key @nowhere", 64), ("issue --key @key --claim sub=alice", 64), ("issue --key @key --claim sub", 64),
        ("issue --key @key --ttl 25h", 64), ("issue --key @key --claim a=1 --claim a=2", 64), ("issue --key @jwks", 64),
        ("issue --key @key --encrypt-to @key", 64), ("generate @key", 64), ("generate @new --alg none", 64),
        ("generate @new --read-only", 77), ("rotate @key --read-only", 77), ("rotate --payloads", 64),
        ("rotate", 64), ("rotate @key --cache 90d", 64), ("jwks @nowhere", 64), ("frobnicate", 64),
        ("verify x --keys @jwks --issuer i", 64), ("verify x --keys @jwks --issuer i --audience a --leeway 301s", 64),
        ("verify x --keys @jwks --issuer i --audience a --alg none", 64),
    ]

    @Test("Arguments that can't be used end with the status of the contract", arguments: unusable)
    func statuses(arguments: String, status: Int32) throws {
        try keys()
        let result = desk.run(arguments.split(separator: " ").map(String.init))
        #expect(result.status == status && result.standardOutput.isEmpty, "\(arguments)")
    }

    @Test("A private key that others may read isn't used")
    func openKey() throws {
        try keys()
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: desk.path("key"))
        #expect(desk.run(["issue", "--key", "@key"] + Self.claims).status == 64)
    }
}
