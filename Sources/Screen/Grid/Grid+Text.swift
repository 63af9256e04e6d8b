/// On which side text stands in its columns.
public enum Alignment: Sendable {
    /// At the left.
    case leading
    /// In the middle.
    case center
    /// At the right, as numbers do.
    case trailing
}

extension Grid {
    /// Draws text on one line; what must not reach a terminal is replaced as ``Escaping`` says.
    ///
    /// - Parameters:
    ///   - text: the text. One that doesn't fit is cut and ends with `…`; no more of it is read than fits.
    ///   - position: where it begins; it may lie outside.
    ///   - style: how it is meant.
    ///   - width: how many columns it may take; up to the right edge of ``clip`` when `nil`.
    ///   - alignment: where it stands in these columns, which are then all filled, unless it is `nil`.
    /// - Returns: how many columns were used, those outside of ``clip`` included.
    @discardableResult
    public mutating func put(
        _ text: String, at position: Position, style: Style = .text, width: Int? = nil,
        align alignment: Alignment? = nil
    ) -> Int {
        let room = min(max(width ?? clip.right - position.column, 0), 2 * Size.limit)
        guard room > 0 else { return 0 }
        guard let alignment else { return draw(text, at: position, style: style, width: room) }
        let columns = TextWidth.of(text, limit: room + 1)
        let free = max(room - columns, 0)
        let lead = alignment == .leading ? 0 : alignment == .center ? free / 2 : free
        fill(Rect(column: position.column, row: position.row, columns: room, rows: 1), style)
        _ = draw(text, at: position.moved(columns: lead), style: style, width: room)
        return room
    }

    private mutating func draw(_ text: String, at position: Position, style: Style, width: Int) -> Int {
        var text = text
        let plain = text.utf8.withContiguousStorageIfAvailable { bytes in
            drawPlain(bytes, at: position, style: style, width: width)
        }
        if let columns = plain ?? nil { return columns }
        text.makeContiguousUTF8()
        return drawScalars(text, at: position, style: style, width: width)
    }

    /// Draws printable ASCII, or nothing when a byte within reach is something else.
    private mutating func drawPlain(
        _ bytes: UnsafeBufferPointer<UInt8>, at position: Position, style: Style, width: Int
    ) -> Int? {
        let count = min(bytes.count, width)
        for byte in bytes.prefix(width + 1) where byte < 0x20 || byte >= 0x7F { return nil }
        let cut = bytes.count > width
        for offset in 0..<(cut ? count - 1 : count) {
            set(Glyph(ascii: bytes[offset]), column: position.column + offset, row: position.row, style)
        }
        if cut { set(glyphs.ellipsis, column: position.column + count - 1, row: position.row, style) }
        return count
    }

    private mutating func drawScalars(_ text: String, at position: Position, style: Style, width: Int) -> Int {
        var run = TextRun(position: position, style: style, width: width)
        var counter = MarkCounter()
        for scalar in text.unicodeScalars {
            guard let shown = counter.next(scalar) else {
                run.dropped += 1
                if run.dropped > Grid.dropLimit { return finish(run, cut: true) }
                continue
            }
            if !append(shown, to: &run) { return finish(run, cut: true) }
        }
        return finish(run, cut: false)
    }

    /// Adds one scalar that may be shown; `false` when it doesn't fit.
    private mutating func append(_ scalar: Unicode.Scalar, to run: inout TextRun) -> Bool {
        let columns = TextWidth.of(scalar)
        if columns == 0 {
            run.glyph = run.glyph.combined(with: scalar)
        } else {
            guard run.used + columns <= run.width else { return false }
            run.glyph = Glyph(scalar)
            run.last = run.used
            run.used += columns
        }
        set(run.glyph, column: run.position.column + run.last, row: run.position.row, run.style)
        return true
    }

    private mutating func finish(_ run: TextRun, cut: Bool) -> Int {
        guard cut else { return run.used }
        let start = run.used < run.width ? run.used : run.last
        let row = run.position.row
        fill(
            Rect(column: run.position.column + start, row: row, columns: run.width - start, rows: 1), run.style)
        set(glyphs.ellipsis, column: run.position.column + start, row: row, run.style)
        return run.width
    }
}

/// How far the drawing of one text has come.
private struct TextRun {
    let position: Position
    let style: Style
    let width: Int
    var used = 0
    var last = 0
    var dropped = 0
    var glyph = Glyph.space
}
