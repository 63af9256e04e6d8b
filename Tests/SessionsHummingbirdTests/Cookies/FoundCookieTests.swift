import HTTPTypes
import SessionTesting
import Testing

@testable import SessionsHummingbird

@Suite("Cookies in a request")
struct FoundCookieTests {
    private func find(_ values: String...) -> FoundCookie {
        var fields = HTTPFields()
        for value in values { fields.append(HTTPField(name: .cookie, value: value)) }
        return FoundCookie("sid", in: fields[values: .cookie])
    }

    @Test(
        "Only a whole name counts",
        arguments: [
            ("sid=abc", FoundCookie.one("abc")), ("a=1; sid=abc; b=2", .one("abc")), ("a=1;sid=abc", .one("abc")),
            ("sid=", .one("")), ("sid=a=b", .one("a=b")), ("sid=\"abc\"", .one("\"abc\"")), ("", .none),
            ("SID=abc", .none), ("xsid=abc", .none), ("sidx=abc", .none), ("sid", .none), ("a=sid=abc", .none),
            ("sid=1; sid=2", .several), ("sid=1; sid=1", .several),
        ])
    func names(_ text: String, _ expected: FoundCookie) { #expect(find(text) == expected) }

    @Test("Cookies may come in several fields, as HTTP/2 sends them")
    func severalFields() {
        #expect(find("a=1", "sid=abc") == .one("abc"))
        #expect(find("sid=1", "sid=2") == .several)
    }

    @Test("What is too long is refused without being taken apart")
    func lengths() {
        #expect(find("sid=" + String(repeating: "a", count: FoundCookie.longestValue)) != .oversized)
        #expect(find("sid=" + String(repeating: "a", count: FoundCookie.longestValue + 1)) == .oversized)
        #expect(find("a=" + String(repeating: "a", count: FoundCookie.longestFields - 2)) == .none)
        #expect(find("a=" + String(repeating: "a", count: FoundCookie.longestFields - 1)) == .oversized)
    }

    @Test("No text makes it trap, and what is found stands in the text")
    func anyText() {
        var generator = SeededGenerator(seed: 5)
        let pieces = ["sid", "=", ";", " ", "\t", "a", "sid=", "é", "\u{0}", "\"", ",", "sid=x"]
        for _ in 0..<3000 {
            let count = Int.random(in: 0..<12, using: &generator)
            let text = (0..<count).map { _ in pieces.randomElement(using: &generator) ?? "" }.joined()
            // The field's text has no control characters any more.
            let field = HTTPField(name: .cookie, value: text)
            if case .one(let value) = FoundCookie("sid", in: [field.value]) {
                let bytes = Array("sid=\(value)".utf8)
                #expect(Array(field.value.utf8).contains(bytes))
            }
        }
    }
}
