internal import Screen

/// A text cut into lines of a width, at blanks where there are some.
struct TextPieces {
    /// The lines; the last ends with `…` where not all of the text fitted.
    private(set) var pieces: [String] = []

    /// - Parameters:
    ///   - text: the text, whoever wrote it.
    ///   - width: the columns of a line.
    ///   - limit: at most so many lines.
    init(_ text: String, width: Int, limit: Int) {
        let width = max(1, width)
        // Whatever a stranger wrote: no more of it is looked at than can be shown.
        var rest = Escaping.text(text, limit: width * limit + 1)[...]
        while !rest.isEmpty, pieces.count < limit {
            if pieces.count == limit - 1 {
                pieces.append(String(rest))
                return
            }
            let end = Self.end(of: rest, width: width)
            pieces.append(String(rest[..<end]))
            rest = rest[end...].drop { $0 == " " }
        }
    }

    /// Where the line ends: after the last blank that fits, or after what fits.
    private static func end(of text: Substring, width: Int) -> Substring.Index {
        var columns = 0
        var blank: Substring.Index?
        for index in text.indices {
            columns += TextWidth.of(String(text[index]))
            if columns > width { return blank ?? (index > text.startIndex ? index : text.index(after: index)) }
            if text[index] == " " { blank = text.index(after: index) }
        }
        return text.endIndex
    }
}
