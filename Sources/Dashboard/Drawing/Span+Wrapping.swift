internal import Screen

extension [Span] {
    /// The line over several, where it is too long for one: broken at blanks, or anywhere in a word that is longer.
    ///
    /// - Parameters:
    ///   - columns: what there is room for in a line.
    ///   - indent: the blanks before every line but the first.
    ///   - limit: at most so many lines; the last holds all that is left, and drawing cuts it with `…`.
    /// - Returns: the lines; one at least.
    func wrapped(columns: Int, indent: Int = 0, limit: Int) -> [[Span]] {
        guard limit > 1, columns > indent, isLonger(than: columns) else { return [self] }
        var lines: [[Span]] = [[]]
        var used = 0
        // Blanks stand between words alone: at a line's end they would ask for room.
        var gap: [Span] = []
        var gapColumns = 0
        for span in self {
            // Whatever a stranger wrote: no more of it is looked at than can be shown.
            let text = Escaping.text(span.text, limit: columns * limit)
            for word in Self.words(of: text, longest: columns - indent) {
                if !word.text.isEmpty {
                    let width = TextWidth.of(word.text)
                    if used + gapColumns + width > columns, used > indent, lines.count < limit {
                        lines.append([.space(indent)])
                        used = indent
                    } else {
                        lines[lines.count - 1] += gap
                        used += gapColumns
                    }
                    lines[lines.count - 1].append(Span(word.text, span.style))
                    used += width
                    (gap, gapColumns) = ([], 0)
                }
                gap.append(Span(String(repeating: " ", count: word.blanks), span.style))
                gapColumns += word.blanks
            }
        }
        return lines
    }

    /// Lines with labels, each over as many as there is room for beside the others.
    ///
    /// - Parameters:
    ///   - parts: what stands behind which label.
    ///   - size: what there is room for.
    /// - Returns: the lines; a line for each part at least.
    static func labelled(_ parts: [(label: String, value: [Span])], in size: Size) -> [[Span]] {
        var spare = Swift.max(0, size.rows - parts.count)
        return parts.flatMap { part -> [[Span]] in
            let line = [Span(part.label.padded(labelColumns), .dim)] + part.value
            let lines = line.wrapped(columns: size.columns, indent: labelColumns, limit: 1 + spare)
            spare -= lines.count - 1
            return lines
        }
    }

    /// The columns of a label.
    static var labelColumns: Int { 10 }

    private func isLonger(than columns: Int) -> Bool {
        var left = columns
        for span in self where left >= 0 { left -= TextWidth.of(span.text, limit: columns + 1) }
        return left < 0
    }

    /// The words of a text, each with the blanks behind it; blanks at the beginning stand behind an empty one.
    private static func words(of text: String, longest: Int) -> [(text: String, blanks: Int)] {
        var words: [(text: String, blanks: Int)] = []
        var (word, blanks, columns) = ("", 0, 0)
        for character in text {
            let width = TextWidth.of(String(character))
            if character == " " {
                blanks += 1
                continue
            }
            if blanks > 0 || columns + width > longest {
                words.append((word, blanks))
                (word, blanks, columns) = ("", 0, 0)
            }
            word.append(character)
            columns += width
        }
        if !word.isEmpty || blanks > 0 { words.append((word, blanks)) }
        return words
    }
}
