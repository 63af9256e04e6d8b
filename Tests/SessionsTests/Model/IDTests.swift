import SessionTesting
import Testing

@testable import Sessions

@Suite("Ids, hashes and handles")
struct IDTests {
    static let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_")

    @Test("An id reads back from its text", arguments: 0..<50)
    func roundTrip(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let id = SessionID(using: &generator)
        #expect(id.secretText.utf8.count == SessionID.textLength)
        let read = try #require(SessionID(text: id.secretText))
        #expect(read.bytes == id.bytes)
        #expect(read.hash == id.hash)
    }

    @Test("One id has one spelling: every other last character and every other length is refused")
    func oneSpelling() {
        var generator = SeededGenerator(seed: 1)
        let text = SessionID(using: &generator).secretText
        let read = Self.alphabet.filter { SessionID(text: text.dropLast() + [$0]) != nil }
        #expect(read.count == 16, "of 64 last characters those with the two spare bits zero")
        for other in [
            "", String(text.dropLast()), text + "A", text + "=", " " + text.dropFirst(), text.dropLast() + "=",
        ] {
            #expect(SessionID(text: other) == nil)
        }
    }

    @Test("Foreign characters are refused at every place")
    func foreignCharacters() {
        var generator = SeededGenerator(seed: 2)
        let text = Array(SessionID(using: &generator).secretText.utf8)
        for place in text.indices {
            for byte: UInt8 in [0, 9, 10, 32, 43, 46, 47, 61, 127, 128, 255] {
                var changed = text
                changed[place] = byte
                #expect(Base64URL.decode(changed) == nil)
            }
        }
        #expect(SessionID(text: String(repeating: "\u{e9}", count: 43)) == nil)
        #expect(SessionID(text: "\u{e9}" + String(repeating: "A", count: 41)) == nil)
    }

    @Test("Printing an id shows nothing of it")
    func masked() {
        let id = SessionID()
        var dumped = ""
        dump(id, to: &dumped)
        for text in ["\(id)", String(reflecting: id), dumped] { #expect(!text.contains(id.secretText.prefix(6))) }
    }

    @Test("The system's generator gives different ids")
    func random() { #expect(Set((0..<1000).map { _ in SessionID().hash }).count == 1000) }

    @Test("Bytes of every length read back from base64url; the length of one over a multiple of four is refused")
    func base64() {
        var generator = SeededGenerator(seed: 3)
        for length in 0..<100 {
            let bytes = generator.bytes(length)
            #expect(Base64URL.decode(Base64URL.encode(bytes).utf8) == bytes)
        }
        for length in stride(from: 1, to: 50, by: 4) {
            #expect(Base64URL.decode(Array(repeating: UInt8(ascii: "A"), count: length)) == nil)
        }
    }

    @Test("A hash is SHA-256: the published vector of `abc`")
    func vector() {
        let hash = IDHash(hashing: Array("abc".utf8))
        #expect(Hex.encode(hash.bytes) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(hash.description == "ba7816bf8f01")
        #expect(IDHash(digest: hash.bytes) == hash)
        #expect(IDHash(digest: hash.bytes.dropLast()) == nil)
        #expect(IDHash(digest: hash.bytes + [0]) == nil)
    }

    @Test("Hashes are ordered as their bytes and their handles are")
    func order() {
        let hashes = (0..<300).map { anID($0) }.sorted()
        for (a, b) in zip(hashes, hashes.dropFirst()) {
            #expect(a.bytes.lexicographicallyPrecedes(b.bytes))
            #expect(a.handle.description <= b.handle.description)
        }
    }

    @Test("Every beginning of 6 to 64 digits finds its hash, in any case, and no other")
    func prefixes() throws {
        let hash = anID(1)
        let digits = Hex.encode(hash.bytes)
        for length in 0...66 {
            let text = String((digits + "00").prefix(length))
            let prefix = HandlePrefix(text)
            #expect((prefix != nil) == (6...64).contains(length))
            guard let prefix else { continue }
            #expect(prefix.matches(hash))
            #expect(prefix.description == text)
            #expect(HandlePrefix("s:" + text.uppercased()) == prefix)
            #expect(prefix.lowerBound <= hash && hash <= prefix.upperBound)
            #expect(!(2..<200).contains { prefix.matches(anID($0)) && !Hex.encode(anID($0).bytes).hasPrefix(text) })
        }
    }

    @Test(
        "What isn't a beginning of a handle is refused",
        arguments: ["", "s:", "12345", "s:12345", "12345g", "1234 56", "é23456", "s:s:123456"])
    func badPrefixes(text: String) { #expect(HandlePrefix(text) == nil) }
}
