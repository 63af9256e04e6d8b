/// Which characters frames and graphs are drawn with.
public enum GlyphSet: Sendable {
    /// Lines, blocks and braille.
    case unicode
    /// ASCII alone, for terminals and locales that have nothing else.
    case ascii

    /// What stands for text that was cut off.
    public var ellipsis: Glyph { self == .ascii ? Glyph("~") : Glyph("…") }
    var horizontal: Glyph { self == .ascii ? Glyph("-") : Glyph("─") }
    var vertical: Glyph { self == .ascii ? Glyph("|") : Glyph("│") }
    var topLeft: Glyph { self == .ascii ? Glyph("+") : Glyph("┌") }
    var topRight: Glyph { self == .ascii ? Glyph("+") : Glyph("┐") }
    var bottomLeft: Glyph { self == .ascii ? Glyph("+") : Glyph("└") }
    var bottomRight: Glyph { self == .ascii ? Glyph("+") : Glyph("┘") }

    /// A bar's last cell, filled by so many eighths.
    func bar(eighths: Int) -> Glyph {
        GlyphSet.pick(self == .ascii ? "    ####" : "▏▎▍▌▋▊▉█", eighths - 1)
    }

    /// A column of a sparkline, filled by so many eighths.
    func column(eighths: Int) -> Glyph {
        GlyphSet.pick(self == .ascii ? "_.-:=+*#" : "▁▂▃▄▅▆▇█", eighths - 1)
    }

    private static func pick(_ ramp: StaticString, _ index: Int) -> Glyph {
        let scalars = ramp.description.unicodeScalars
        let bounded = min(max(index, 0), scalars.count - 1)
        return Glyph(scalars[scalars.index(scalars.startIndex, offsetBy: bounded)])
    }
}
