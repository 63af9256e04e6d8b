extension Escaping {
    /// The text as one cell of a CSV file, quoted where RFC 4180 asks for it.
    ///
    /// A cell that a spreadsheet could take for a formula (it begins with `=`, `+`, `-`, `@`, a tab or a carriage return,
    /// perhaps after blanks) gets a leading `'` and quotes. Controls are escaped as everywhere else.
    public static func csvCell(_ text: String, limit: Int = 4096) -> String {
        let safe = Escaping.text(text, limit: limit)
        let formula = startsFormula(text)
        guard formula || safe.utf8.contains(where: { $0 == 0x2C || $0 == 0x22 }) || hasOuterBlank(safe) else {
            return safe
        }
        var cell = formula ? "\"'" : "\""
        for scalar in safe.unicodeScalars {
            if scalar == "\"" { cell.unicodeScalars.append(scalar) }
            cell.unicodeScalars.append(scalar)
        }
        return cell + "\""
    }

    private static func startsFormula(_ text: String) -> Bool {
        // Spreadsheets read the full-width forms too, and trim blanks first.
        switch text.unicodeScalars.prefix(1024).first(where: { $0 != " " && $0 != "\u{A0}" && $0 != "\u{3000}" }) {
        case "=", "+", "-", "@", "\t", "\r", "\n", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}": return true
        default: return false
        }
    }

    private static func hasOuterBlank(_ text: String) -> Bool {
        text.utf8.first == 0x20 || text.utf8.last == 0x20
    }
}
