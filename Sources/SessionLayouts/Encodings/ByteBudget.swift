internal import Sessions

/// What of a payload may be told, in bytes: what is told twice is paid for twice.
struct ByteBudget {
    private var spent = 0

    /// Takes from it.
    mutating func charge(_ count: Int) throws(Malformed) {
        spent += count
        guard spent <= DecodingLimits.bytes else { throw Malformed("repeats too much") }
    }

    /// A member's name: a text itself, anything else as it is written.
    ///
    /// What is written is escaped, and escaped again where it lies in a name that is written, so that it doubles with
    /// each level: it is cut short, and every one is paid for.
    mutating func name(_ value: JSONValue) throws(Malformed) -> String {
        if case .string(let text) = value { return text }
        let whole = value.description
        let isLong = whole.utf8.count > DecodingLimits.nameBytes
        let text = isLong ? String(decoding: whole.utf8.prefix(DecodingLimits.nameBytes), as: UTF8.self) + "…" : whole
        try charge(text.utf8.count)
        return text
    }
}
