import SessionTesting
import Testing

@testable import Sessions

/// What strangers write: copies in a cache, filters, JSON.
@Suite("Fuzzing the decoders") struct FuzzTests {
    @Test("A copy's bytes are one session or nothing, and what is read is written alike")
    func sessions() {
        var random = SeededGenerator(seed: 5)
        let examples = (0..<30).compactMap { _ in
            SessionCoding.encode(SessionCodingTests.session(&random), until: SessionCodingTests.until)
        }
        Fuzzing("session coding", examples).run { input, _ in
            guard let read = SessionCoding.decode(input, id: anID(1), version: 3) else { return }
            // Texts that weren't UTF-8 were mended, so that only a second round must agree.
            let again = SessionCoding.encode(read.session, until: read.until)
            let second = again.flatMap { SessionCoding.decode($0, id: anID(1), version: 3) }
            if second?.session != read.session || second?.until != read.until { Issue.record("\(input)") }
        }
    }

    @Test("A filter is taken or refused with a place in it, and what it prints is the same filter")
    func filters() {
        let texts = [
            "alice bob", "user:alice* or not ip:10.0.0.0/8", "(ttl<5m idle>1h) -has:user", "size>=4k age<7d",
            "\"quoted text\" agent:\"Mozilla/5.0\"", "ip:2001:db8::/32 state:live node:web-*", "id:7f3a layout:native",
        ]
        let pieces = [
            "(", ")", "\"", " or ", " not ", "-", ":", "<", ">=", "*", "/", "::", "99999999999999999999d", "ı", "İ",
        ]
        Fuzzing("filter", texts.map { Array($0.utf8) }, pieces: pieces).run { input, _ in
            let text = String(decoding: input, as: UTF8.self)
            do {
                let filter = try Filter.parse(text)
                let again = try Filter.parse("\(filter)")
                if again != filter { Issue.record("\(text) became \(filter)") }
            } catch let error as FilterError {
                let count = text.utf8.count
                if error.range.lowerBound < 0 || error.range.upperBound > count + 1 {
                    Issue.record("\(text): \(error)")
                }
            } catch { Issue.record("\(error): \(text)") }
        }
    }

    @Test("JSON is read or not, and what is read is written as JSON that is read alike")
    func json() {
        let texts = [
            #"{"a":[1,-2.5e+10,true,false,null],"b":{"c":"d\u00e9\ud83d\ude00\n\"\\"}}"#, "[[[[]]]]", "\"\u{202e}x\"",
            "123456789012345678901234567890", "{\"\":{}}", "-0.0",
        ]
        let pieces = [
            "[", "]", "{", "}", ",", ":", "\"", "\\u", "\\ud800", "\\", "e", "1e999", "-", "null", "\u{feff}",
        ]
        Fuzzing("JSON", texts.map { Array($0.utf8) }, pieces: pieces).run { input, _ in
            guard let value = JSONValue(parsing: input) else { return }
            var bytes: [UInt8] = []
            value.write(to: &bytes)
            if JSONValue(parsing: bytes) != value { Issue.record("\(input)") }
        }
    }

    @Test("Urls' texts, ids and numbers of strangers are taken or left")
    func small() {
        let texts = ["7f3a91c2d0e1", "203.0.113.9", "2001:db8::1/64", SessionID().secretText, "1h30m"]
        Fuzzing("small texts", texts.map { Array($0.utf8) }, pieces: [":", "::", ".", "/", "=", "é"]).run { input, _ in
            let text = String(decoding: input, as: UTF8.self)
            if let id = SessionID(text: text), id.secretText != text { Issue.record("\(text)") }
            if let handle = HandlePrefix(text), handle.lowerBound > handle.upperBound { Issue.record("\(text)") }
        }
    }
}
