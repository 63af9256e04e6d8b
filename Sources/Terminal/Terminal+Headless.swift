internal import CCurses
public import Screen

extension Terminal {
    /// What curses believes is on the screen, line by line without trailing blanks; for tests.
    public func screenText() -> String {
        (0..<size.rows).map { row in
            var scalars = [UInt32](repeating: 0, count: size.columns * 4 + 4)
            let count = terminal_read_row(Int32(row), &scalars, scalars.count)
            var line = String(String.UnicodeScalarView(scalars.prefix(count).compactMap(Unicode.Scalar.init)))
            while line.utf8.last == 0x20 { line.unicodeScalars.removeLast() }
            return line
        }.joined(separator: "\n")
    }

    /// Gives a headless terminal another size; for tests.
    public func resize(to size: Size) {
        terminal_resize(Int32(size.columns), Int32(size.rows))
        self.size = Terminal.currentSize
        shown = nil
    }

    /// Pretends that text was typed; for tests.
    public func type(_ text: String) {
        for scalar in text.unicodeScalars.reversed() { terminal_unread(scalar.value) }
    }
}
