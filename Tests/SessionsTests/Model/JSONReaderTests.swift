import Sessions
import Testing

@Suite("Reading JSON")
struct JSONReaderTests {
    @Test("A text is read as it stands, whatever byte stands wherever among those that are looked at together")
    func everyByteEverywhere() {
        let quote = UInt8(ascii: "\"")
        for count in 1...19 {
            for place in 0..<count {
                for byte in UInt8.min ... .max {
                    var text = Array(repeating: UInt8(ascii: "a"), count: count)
                    text[place] = byte
                    let json = JSONValue(parsing: [quote] + text + [quote])
                    let isPlain = byte >= 0x20 && byte < 0x80 && byte != quote && byte != UInt8(ascii: "\\")
                    let expected = isPlain ? JSONValue.string(String(decoding: text, as: UTF8.self)) : nil
                    guard json != expected else { continue }
                    Issue.record("\(byte) at \(place) of \(count) was read as \(String(describing: json))")
                }
            }
        }
    }

    @Test("Two bytes that aren't plain are read in their order", arguments: 0..<17)
    func firstOfTwo(_ first: Int) {
        // A borrow of the comparison of eight must not be taken for a byte of its own.
        for second in first..<17 {
            let text = (0..<17).map { $0 == first ? "\\n" : $0 == second ? "é!" : "x" }.joined()
            let plain = text.replacing("\\n", with: "\n")
            #expect(JSONValue(parsing: Array("[\"\(text)\",1]".utf8)) == [.string(plain), .number("1")])
        }
    }

    @Test("A document that ends within a text, a number or a word is none")
    func cutShort() {
        let whole = Array(#"{"iss":"https://id.example","exp":1800000000.25,"own":[true,null,"é\u00e9"]}"#.utf8)
        #expect(JSONValue(parsing: whole) != nil)
        for count in whole.indices { #expect(JSONValue(parsing: Array(whole[..<count])) == nil) }
    }
}
