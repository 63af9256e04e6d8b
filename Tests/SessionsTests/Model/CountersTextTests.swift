import Testing

@testable import Sessions

@Suite("Counters in a column")
struct CountersTextTests {
    private func read(_ text: String) -> Counters { read(Array(text.utf8)) }
    private func read(_ bytes: [UInt8]) -> Counters { bytes.withUnsafeBytes { Counters(text: $0) } }

    @Test("Counters come back as they were, and what isn't known is passed over")
    func counters() {
        var counters = Counters()
        for name in Counters.Name.allCases { counters[name] = Int64(name.rawValue.utf8.count) }
        counters[.requests] = .max
        counters[.served] = 0
        #expect(read(counters.text) == counters)
        counters = Counters()
        counters[.requests] = 3
        #expect(read(#"{"unknown":1,"served":"x","requests":3}"#) == counters)
        #expect(read([0xff]) == Counters())
        #expect(read(#"{"requests":-9223372036854775808}"#) == Counters())
    }

    @Test("They are written as JSON without spaces, zeros left out; cut short anywhere, what was whole still counts")
    func cutShort() {
        var counters = Counters()
        #expect(counters.text == "{}" && read(counters.text) == counters)
        counters[.requests] = 12
        counters[.l1Hit] = 9
        let text = counters.text
        #expect(text == #"{"requests":12,"l1.hit":9}"#)
        for length in 0...text.utf8.count {
            let cut = read(Array(text.utf8.prefix(length)))
            #expect([0, 1, 12].contains(cut[.requests]) && [0, 9].contains(cut[.l1Hit]), "\(length)")
        }
    }
}
