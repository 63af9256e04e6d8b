internal import CCurses

/// Reads what a terminal sends between the two marks of a bracketed paste.
enum Paste {
    /// How many scalars are kept; the rest is read and dropped.
    static let limit = 65_536
    /// How long a paste may fall silent before it counts as over, in milliseconds: its end may have been lost.
    private static let patience: Int32 = 250

    /// The text up to the mark of the end.
    static func read() -> String {
        var text = String.UnicodeScalarView()
        var count = 0
        while true {
            let input = terminal_read()
            switch input.kind {
            case terminal_paste_end: return String(text)
            case terminal_none:
                if terminal_wait(patience) & terminal_ready_input == 0 || terminal_at_end() {
                    return String(text)
                }
            case terminal_scalar:
                guard count < limit, let scalar = Unicode.Scalar(UInt32(truncatingIfNeeded: input.value)) else {
                    continue
                }
                text.append(scalar == "\r" ? "\n" : scalar)
                count += 1
            default: continue
            }
        }
    }
}
