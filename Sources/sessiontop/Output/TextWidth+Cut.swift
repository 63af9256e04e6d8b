import Screen

extension TextWidth {
    /// As much of an escaped text as fits into so many columns.
    static func cut(_ text: String, to columns: Int) -> String {
        guard of(text) > columns else { return text }
        var left = columns - 1
        let kept = text.unicodeScalars.prefix { scalar in
            left -= of(scalar)
            return left >= 0
        }
        return String(String.UnicodeScalarView(kept)) + "…"
    }
}
