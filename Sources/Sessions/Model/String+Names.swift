extension String {
    /// Whether it may name something of ours: what has such a name means nothing else in a key, a pattern or a cookie.
    ///
    /// - Parameters:
    ///   - limit: the most bytes; it has one at least.
    ///   - signs: what may stand in it besides the letters and digits of ASCII.
    /// - Returns: whether it may.
    package func isName(upTo limit: Int, with signs: String) -> Bool {
        (1...limit).contains(utf8.count)
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: signs.utf8.contains(byte)
                }
            }
    }
}
