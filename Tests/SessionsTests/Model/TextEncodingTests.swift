import SessionTesting
import Testing

@testable import Sessions

@Suite("Bytes as text")
struct TextEncodingTests {
    @Test("Hexadecimal digits come back as the bytes they were, in either case; nothing else is read")
    func hexadecimal() {
        let bytes = Array(UInt8.min...UInt8.max)
        let text = Hex.encode(bytes)
        #expect(text.hasPrefix("000102") && text.hasSuffix("fdfeff") && text.utf8.count == 512)
        #expect(Hex.decode(text.utf8) == bytes)
        #expect(Hex.decode(text.uppercased().utf8) == bytes)
        #expect(Hex.decode(Array("00ff".utf8)[2...]) == [0xff])
        for text in ["0", "000", "0g", "g0", " 0", "0x"] { #expect(Hex.decode(text.utf8) == nil, "\(text)") }
        #expect(Hex.decode([]) == [])
    }

    @Test("What is percent-encoded comes back; a sign that no two digits follow is refused")
    func percent() {
        let text = "a b/c?d=e&f%+~-._zoë\u{0}"
        let encoded = PercentEncoding.encode(text)
        #expect(encoded == "a%20b%2Fc%3Fd%3De%26f%25%2B~-._zo%C3%AB%00")
        #expect(PercentEncoding.decode(Array(encoded.utf8)[...]) == Array(text.utf8))
        #expect(PercentEncoding.decode(Array("%c3%aB".utf8)[...]) == [0xc3, 0xab])
        for text in ["%", "%4", "a%4", "%4g", "%%20"] {
            #expect(PercentEncoding.decode(Array(text.utf8)[...]) == nil, "\(text)")
        }
    }
}
