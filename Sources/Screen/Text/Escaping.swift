/// Makes text that strangers chose safe for a terminal, a pipe and a file.
///
/// One scalar that must not be shown becomes one visible scalar of one column:
/// - a C0 control and DEL become their picture (`␛` for ESC, `␊` for a newline, `␡` for DEL);
/// - everything else becomes `�`: C1 controls, bidirectional controls, zero-width and other ignorable characters, line and
///   paragraph separators, private, unassigned and surrogate code points, marks with nothing to combine with.
///
/// More than two marks on one base are dropped. Nothing is interpreted and nothing is normalized.
public enum Escaping {
    /// How many marks one character keeps.
    public static let markLimit = 2

    /// What stands for a scalar that must not be shown, or `nil` when it may be.
    public static func substitute(for scalar: Unicode.Scalar) -> Unicode.Scalar? {
        let value = scalar.value
        if value < 0x20 { return Unicode.Scalar(0x2400 + value) }
        if value < 0x7F { return nil }
        if value == 0x7F { return "\u{2421}" }
        if value >= 0xA0, value < 0x300 { return value == 0xAD ? "\u{FFFD}" : nil }
        return isShowable(scalar) ? nil : "\u{FFFD}"
    }

    /// The text with nothing in it that could act on a terminal.
    ///
    /// - Parameters:
    ///   - text: what a stranger wrote, of any length.
    ///   - limit: how many scalars to keep; what follows is not even looked at, and `…` stands for it.
    /// - Returns: the text itself when it is harmless, else its escaped form.
    public static func text(_ text: String, limit: Int = 4096) -> String {
        if text.utf8.count <= limit, isPlain(text) { return text }
        var result = ""
        var writer = MarkCounter()
        for (count, scalar) in text.unicodeScalars.enumerated() {
            if count >= limit { return result + "…" }
            if let safe = writer.next(scalar) { result.unicodeScalars.append(safe) }
        }
        return result
    }

    /// Whether the text is printable ASCII and nothing else.
    static func isPlain(_ text: String) -> Bool {
        text.utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F }
    }

    /// Whether a scalar may be shown: it is assigned in the Unicode that terminals know, visible, and no control.
    private static func isShowable(_ scalar: Unicode.Scalar) -> Bool {
        let properties = scalar.properties
        switch properties.generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: return false
        default: break
        }
        // Terminals learn of new characters years late, and a width they don't agree on shifts the whole line.
        guard let age = properties.age, age.major <= 15, age != (15, 1) else { return false }
        return !properties.isDefaultIgnorableCodePoint && !properties.isNoncharacterCodePoint
    }
}

/// Follows a text scalar by scalar, replaces what must not be shown, and bounds the marks on each base.
struct MarkCounter {
    private var marks = Escaping.markLimit
    private var hasBase = false

    /// What to show for the next scalar, or `nil` for nothing.
    mutating func next(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
        if let substitute = Escaping.substitute(for: scalar) { return base(substitute) }
        guard TextWidth.of(scalar) == 0 else { return base(scalar) }
        guard hasBase else { return base("\u{FFFD}") }
        marks += 1
        return marks <= Escaping.markLimit ? scalar : nil
    }

    private mutating func base(_ scalar: Unicode.Scalar) -> Unicode.Scalar {
        marks = 0
        hasBase = true
        return scalar
    }
}
