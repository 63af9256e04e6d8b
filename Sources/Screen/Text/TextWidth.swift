/// How many columns a terminal gives to text.
///
/// Follows what `wcwidth` of the GNU C library answers, since curses and most terminals go by it.
public enum TextWidth {
    /// The columns of one scalar: 0 for a mark, 2 for a wide one, else 1.
    ///
    /// Asked for a scalar that must not be shown, it answers for what stands for it: 1.
    public static func of(_ scalar: Unicode.Scalar) -> Int {
        let value = scalar.value
        if value < 0x300 { return 1 }
        if value < 0x370 { return value == 0x34F ? 1 : 0 }
        if isMark(scalar) { return Escaping.substitute(for: scalar) == nil ? 0 : 1 }
        if value < 0x1100 { return 1 }
        return WideRanges.contains(value) && Escaping.substitute(for: scalar) == nil ? 2 : 1
    }

    /// The columns of a text as a grid would show it.
    ///
    /// - Parameters:
    ///   - text: the text; it need not be escaped.
    ///   - limit: where to stop counting, so that a text of megabytes costs no more than one of a line.
    /// - Returns: the columns, at most `limit`.
    public static func of(_ text: String, limit: Int = Size.limit) -> Int {
        if text.utf8.count <= limit, Escaping.isPlain(text) { return text.utf8.count }
        var columns = 0
        var counter = MarkCounter()
        var dropped = 0
        for scalar in text.unicodeScalars {
            guard columns < limit, dropped < Grid.dropLimit else { break }
            guard let shown = counter.next(scalar) else {
                dropped += 1
                continue
            }
            columns += of(shown)
        }
        return min(columns, limit)
    }

    private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
        // A sign of Ahom that Unicode made a spacing one after C libraries had learned it.
        if scalar.value == 0x1171E { return true }
        // The vowels and finals of old Hangul join the consonant before them.
        if (0x1160...0x11FF).contains(scalar.value) || (0xD7B0...0xD7FB).contains(scalar.value) { return true }
        switch scalar.properties.generalCategory {
        case .nonspacingMark, .enclosingMark: return true
        default: return false
        }
    }
}
