internal import Sessions

/// Counters as a JSON object of numbers, zeros left out: `{"requests":12,"l1.hit":9}`.
enum CountersText {
    static func encode(_ counters: Counters) -> String {
        let members = Counters.Name.allCases.compactMap {
            counters[$0] == 0 ? nil : "\"\($0.rawValue)\":\(counters[$0])"
        }
        return "{\(members.joined(separator: ","))}"
    }

    /// Reads what ``encode(_:)`` wrote.
    ///
    /// Names that this version doesn't know are passed over; where the text goes wrong, the rest stays zero.
    static func decode(_ text: UnsafeRawBufferPointer) -> Counters {
        var counters = Counters()
        var rest = text[...]
        while let name = takeName(&rest), let value = takeNumber(&rest) {
            if let name = Counters.Name(rawValue: name) { counters[name] = value }
        }
        return counters
    }

    private static func takeName(_ rest: inout Slice<UnsafeRawBufferPointer>) -> String? {
        guard let open = rest.firstIndex(of: UInt8(ascii: "\"")),
            let close = rest[(open + 1)...].firstIndex(of: UInt8(ascii: "\""))
        else { return nil }
        defer { rest = rest[(close + 1)...] }
        return String(decoding: rest[(open + 1)..<close], as: UTF8.self)
    }

    private static func takeNumber(_ rest: inout Slice<UnsafeRawBufferPointer>) -> Int64? {
        guard rest.popFirst() == UInt8(ascii: ":") else { return nil }
        let digits = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
        rest = rest[digits.endIndex...]
        return Int64(String(decoding: digits, as: UTF8.self))
    }
}
