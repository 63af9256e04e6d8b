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
        #expect(Hex.decode([UInt8]()) == [])
    }

    @Test("Bytes of every length read back from base64, in either alphabet, with or without padding and line ends")
    func base64() {
        var random = SeededGenerator(seed: 5)
        for length in 0...100 {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &random) }
            let text = Base64.encode(bytes)
            #expect(text.utf8.count == (length + 2) / 3 * 4)
            #expect(Base64.decode(text.utf8) == bytes)
            let (head, tail) = (text.prefix(length), text.dropFirst(length))
            #expect(Base64.decode("\(head)\r\n\(tail)\n".utf8) == bytes)
            #expect(Base64.decode(Base64URL.encode(bytes).utf8) == bytes)
        }
        #expect(Base64.encode("sure.".utf8) == "c3VyZS4=")
        for text in ["A", "AAAAA", "AA===", "A=A=", "AA A", "AA*A"] {
            #expect(Base64.decode(text.utf8) == nil, "\(text)")
        }
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
