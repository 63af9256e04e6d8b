/// Counters as a column of a table holds them: a JSON object of numbers, zeros left out: `{"requests":12,"l1.hit":9}`.
extension Counters {
    /// Writes them.
    package var text: String { json.description }

    /// Reads what ``text`` wrote, without a JSON value in between: a dashboard reads some hundreds for each node.
    ///
    /// Names that this version doesn't know are passed over, and so is what is no whole number; where the text goes
    /// wrong, the rest stays zero.
    package init(text: UnsafeRawBufferPointer) {
        self.init()
        var rest = text[...]
        while let name = Self.takeName(&rest), let value = Self.takeValue(&rest) {
            if let name = Name(rawValue: name), let number = Int64(value) { self[name] = number }
        }
    }

    private static func takeName(_ rest: inout Slice<UnsafeRawBufferPointer>) -> String? {
        guard let open = rest.firstIndex(of: UInt8(ascii: "\"")),
            let close = rest[(open + 1)...].firstIndex(of: UInt8(ascii: "\""))
        else { return nil }
        defer { rest = rest[(close + 1)...] }
        return String(decoding: rest[(open + 1)..<close], as: UTF8.self)
    }

    private static func takeValue(_ rest: inout Slice<UnsafeRawBufferPointer>) -> String? {
        guard rest.popFirst() == UInt8(ascii: ":") else { return nil }
        let value = rest.prefix { $0 != UInt8(ascii: ",") && $0 != UInt8(ascii: "}") }
        rest = rest[value.endIndex...]
        return String(decoding: value, as: UTF8.self)
    }
}
