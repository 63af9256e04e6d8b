extension Grid {
    /// What is on the screen as lines without trailing blanks, for golden files and screen dumps.
    public var text: String {
        plane { cell in
            guard let base = cell.glyph.base else { return "" }
            var text = String(base)
            for mark in [cell.glyph.marks.0, cell.glyph.marks.1] {
                if let mark { text.unicodeScalars.append(mark) }
            }
            return text
        }
    }

    /// Each cell's role as its letter, see ``Role/code``; blanks of ordinary text at the end of a line are left out.
    public var roles: String {
        plane { $0 == .blank || $0.glyph == .space && $0.style.role == .text ? " " : String($0.style.role.code) }
    }

    /// The letter of the role that lies over each cell; blank where none does.
    public var overlays: String {
        plane { cell in cell.style.overlay.map { String($0.code) } ?? " " }
    }

    private func plane(_ letter: (Cell) -> String) -> String {
        var lines: [String] = []
        for row in 0..<size.rows {
            var line = ""
            for cell in cells[(row * size.columns)..<((row + 1) * size.columns)] { line += letter(cell) }
            while line.utf8.last == 0x20 { line.unicodeScalars.removeLast() }
            lines.append(line)
        }
        return lines.joined(separator: "\n")
    }
}
