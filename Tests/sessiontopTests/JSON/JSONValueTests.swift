import Foundation
import Sessions
import Testing

@testable import sessiontop

@Suite("JSON")
struct JSONValueTests {
    /// A value of any kind, with names and texts of any characters.
    private static func value(depth: Int, using generator: inout SeededGenerator) -> JSONValue {
        switch Int.random(in: 0...(depth > 0 ? 6 : 4), using: &generator) {
        case 0: .null
        case 1: .bool(Bool.random(using: &generator))
        case 2: .integer(Int64.random(in: .min ... .max, using: &generator))
        case 3: .seconds(.milliseconds(Int64.random(in: -10_000_000...10_000_000, using: &generator)))
        case 4: .string(text(using: &generator))
        case 5:
            .array(
                (0..<Int.random(in: 0...3, using: &generator)).map { _ in value(depth: depth - 1, using: &generator) })
        default:
            .object(
                (0..<Int.random(in: 0...3, using: &generator)).map { index in
                    .init("\(index)" + text(using: &generator), value(depth: depth - 1, using: &generator))
                })
        }
    }

    private static func text(using generator: inout SeededGenerator) -> String {
        let ranges: [ClosedRange<UInt32>] = [
            0...0x7F, 0...0x2FF, 0x2000...0x206F, 0x300...0x36F, 0xE000...0xFFFF, 0x1F300...0xE01FF,
        ]
        var text = ""
        for _ in 0..<Int.random(in: 0...12, using: &generator) {
            let range = ranges.randomElement(using: &generator) ?? 0...0x7F
            Unicode.Scalar(UInt32.random(in: range, using: &generator)).map { text.unicodeScalars.append($0) }
        }
        return text
    }

    @Test("Whatever is written, anybody parses back, and it has nothing that acts on a terminal", arguments: 0..<400)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let value = Self.value(depth: 4, using: &generator)
        var bytes: [UInt8] = []
        value.write(to: &bytes)
        let own = try #require(JSONValue(parsing: bytes))
        #expect(own.description.utf8.elementsEqual(value.description.utf8))
        let foreign = try JSONSerialization.jsonObject(with: Data(bytes), options: .fragmentsAllowed)
        #expect(Self.matches(foreign, value), "\(value)")
        let line = String(decoding: bytes, as: UTF8.self)
        #expect(
            !line.unicodeScalars.contains { scalar in
                [.control, .format, .lineSeparator, .paragraphSeparator].contains(scalar.properties.generalCategory)
            })
    }

    private static func matches(_ foreign: Any, _ value: JSONValue) -> Bool {
        switch value {
        case .null: foreign is NSNull
        case .bool(let flag): foreign as? Bool == flag
        // Through its text: Foundation's own way from a decimal to a double loses digits.
        case .number(let digits): (foreign as? NSNumber).map { Double("\($0)") == Double(digits) } ?? false
        case .string(let text): (foreign as? String).map { $0.utf8.elementsEqual(text.utf8) } ?? false
        case .array(let elements):
            (foreign as? [Any]).map { $0.count == elements.count && zip($0, elements).allSatisfy { matches($0, $1) } }
                ?? false
        case .object(let members):
            (foreign as? [String: Any]).map { object in
                members.allSatisfy { member in object[member.name].map { matches($0, member.value) } ?? false }
            } ?? false
        }
    }

    @Test("Bytes that aren't JSON are refused, and never trap", arguments: 0..<300)
    func fuzz(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var bytes: [UInt8] = []
        Self.value(depth: 4, using: &generator).write(to: &bytes)
        for length in 0..<bytes.count {
            let cut = JSONValue(parsing: Array(bytes[..<length]))
            // A number alone is the one thing that may be cut short and still be JSON.
            if bytes.first.map({ "{[\"tfn".utf8.contains($0) }) == true { #expect(cut == nil) }
        }
        for _ in 0..<50 where !bytes.isEmpty {
            var changed = bytes
            changed[Int.random(in: changed.indices, using: &generator)] = UInt8.random(in: 0...255, using: &generator)
            guard let value = JSONValue(parsing: changed) else { continue }
            #expect(JSONValue(parsing: Array(value.description.utf8)) == value)
        }
    }

    @Test(
        "What RFC 8259 forbids is refused",
        arguments: [
            "", " ", "{", "[1,]", "{\"a\":1,}", "{a:1}", "01", "+1", "1.", ".5", "1e", "-", "\"\t\"", "\"\\x\"",
            "\"\\u12\"",
            "nul", "true false", "[1 2]", "'a'", "NaN", "\u{FEFF}1", "\"",
        ])
    func refused(text: String) {
        #expect(JSONValue(parsing: Array(text.utf8)) == nil)
    }

    @Test("Depth and length are bounded, and text must be UTF-8")
    func bounds() {
        func nested(_ depth: Int) -> [UInt8] {
            Array((String(repeating: "[", count: depth) + String(repeating: "]", count: depth)).utf8)
        }
        #expect(JSONValue(parsing: nested(JSONValue.depthLimit)) != nil)
        #expect(JSONValue(parsing: nested(JSONValue.depthLimit + 2)) == nil)
        #expect(JSONValue(parsing: nested(1_000_000)) == nil)
        #expect(JSONValue(parsing: Array(repeating: 0x20, count: JSONValue.byteLimit) + [0x31]) == nil)
        for bytes: [UInt8] in [[0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22]] {
            #expect(JSONValue(parsing: bytes) == nil)
        }
        #expect(JSONValue(parsing: Array(#""\ud83d\ude00\ud800x""#.utf8)) == .string("😀\u{FFFD}x"))
    }

    @Test("Read strictly, what has several meanings is refused, with why")
    func strict() throws {
        func fault(_ text: String, depth: Int = 3) -> JSONFault? {
            do throws(JSONFault) {
                _ = try JSONValue(strict: Array(text.utf8), depthLimit: depth)
                return nil
            } catch { return error }
        }
        #expect(fault(#"{"a":[{"b":1}],"c":{"a":"\ud83d\ude00"}}"#) == nil)
        #expect(fault(#"{"a":1,"\u0061":1}"#) == .duplicateMember)
        #expect(fault(#"[{"b":{"a":1,"a":1}}]"#) == .duplicateMember)
        // The same to the eye, but not the same bytes.
        #expect(fault("{\"caf\u{E9}\":1,\"cafe\u{301}\":1}") == nil)
        #expect(fault("[[[1]]]") == nil && fault("[[[[1]]]]") == .tooDeep)
        #expect(fault(#""\ud83d""#) == .illFormedText && fault(#""\ude00x""#) == .illFormedText)
        #expect(fault("{") == .malformed && fault("") == .malformed && fault("1 2") == .malformed)
        let many = (0..<100).map { "\"\($0)\":0" }.joined(separator: ",")
        #expect(fault("{\(many)}") == nil && fault("{\(many),\"42\":0}") == .duplicateMember)
    }

    @Test("Numbers keep their digits")
    func numbers() {
        for digits in ["0", "-0", "10.50", "1E400", "123456789012345678901234567890", "-1.5e-7"] {
            #expect(JSONValue(parsing: Array(digits.utf8))?.description == digits)
        }
        #expect(JSONValue.seconds(.milliseconds(1_741_200)).description == "1741.2")
        #expect(JSONValue.seconds(.milliseconds(-5)).description == "-0.005")
        #expect(JSONValue.seconds(.seconds(60)).description == "60")
        #expect(JSONValue.ratio(0.98765).description == "0.988" && JSONValue.ratio(.nan) == .null)
    }

    @Test(
        "What looks like a secret by its name or shape is masked, at any depth",
        arguments: [
            "password", "userPassword", "PASSWD", "secret", "client_secret", "accessToken", "refresh-token", "csrf",
            "_csrfToken",
            "apiKey", "api_key", "key", "auth", "Authorization", "cookie", "session_id", "sessionId", "JSESSIONID",
            "creditCard",
            "card_number", "cvv", "pin", "otp", "ssn", "_auth_user_hash", "privateKey",
        ])
    func secrets(name: String) {
        for value: JSONValue in ["s3cr3t", .number("4111"), ["a", "b"], ["x": "s3cr3t"]] {
            let state: JSONValue = ["a": [["b": .object([.init(name, value)])]]]
            #expect(state.masked == ["a": [["b": .object([.init(name, "***")])]]])
        }
        #expect(JSONValue.object([.init(name, .null)]).masked == .object([.init(name, .null)]))
    }

    @Test(
        "Plain names stay readable",
        arguments: [
            "author", "monkey", "theme", "cart", "spinner", "passenger", "keyboard", "locale", "authenticated",
            "hashtag",
        ])
    func plain(name: String) {
        let state: JSONValue = .object([.init(name, "x")])
        #expect(state.masked == state)
    }

    @Test(
        "A token is masked under any name",
        arguments: [
            "eyJhbGciOiJIUzI1NiJ9.e30.c2ln", "Bearer abc", "-----BEGIN PRIVATE KEY-----", "$2y$13$abcdefgh", "$2b$10$a",
            "$2a$10$a", "$argon2id$v=19$m=65536",
        ])
    func shapes(text: String) {
        #expect(JSONValue.array([.string(text)]).masked == ["***"])
    }

    @Test("JSON in a text is masked by its members' names, and left as it is where there is nothing to mask")
    func textOfJSON() {
        func masked(_ text: String) -> JSONValue { JSONValue.array([.string(text)]).masked }
        #expect(
            masked(#"{"access_token":"gho_1","scope": "repo","a":[{"pin":1}]}"#)
                == [.string(#"{"access_token":"***","scope":"repo","a":[{"pin":"***"}]}"#)])
        #expect(masked(#"["Bearer abc", 1]"#) == [.string(#"["***",1]"#)])
        #expect(masked(#"{"theme": "dark"}"#) == [.string(#"{"theme": "dark"}"#)])
        // A text in a text isn't written anew.
        #expect(masked(#"{"a":"{\"token\":\"x\"}","b":"{\"c\":1}"}"#) == [.string(#"{"a":"***","b":"{\"c\":1}"}"#)])
    }

    @Test(
        "Any other structure in a text is hidden where it names a secret",
        arguments: [
            "O:4:\"User\":1:{s:14:\"\u{0}User\u{0}password\";s:7:\"$2y$13$\";}", #"a:1:{s:7:"api_key";s:1:"x";}"#,
            #"C:3:"Foo":5:{token}"#, #"s:12:"{"pin":"123"}"#, #"a:1:{i:0;s:8:"$2y$13$a";}"#, #"{"password":"x"#,
            " {'secret': 'x'}", #"{"ratio":NaN,"token":"x"}"#,
        ])
    func structures(text: String) {
        #expect(JSONValue.array([.string(text)]).masked == ["***"])
    }

    @Test("A structure that is too long to be looked through is hidden")
    func longStructure() {
        let text = "[" + String(repeating: "x ", count: 200_000)
        #expect(JSONValue.array([.string(text)]).masked == ["***"])
    }

    @Test(
        "What names no secret stays readable in any text",
        arguments: [
            #"a:1:{s:5:"theme";s:4:"dark";}"#, #"O:4:"Cart":1:{s:5:"items";i:2;}"#, "{not JSON", "[x]", "a: token",
            "the password", "O:", "{}", "",
        ])
    func plainTexts(text: String) {
        #expect(JSONValue.array([.string(text)]).masked == [.string(text)])
    }
}
