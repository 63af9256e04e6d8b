internal import Screen

/// A piece of a line in one style.
struct Span: Sendable, Equatable {
    /// The text, whoever wrote it: drawing escapes everything.
    var text: String
    /// How it is meant.
    var style: Style

    init(_ text: String, _ role: Role = .text) { self.init(text, Style(role)) }

    init(_ text: String, _ style: Style) {
        self.text = text
        self.style = style
    }

    /// The part of look-ups that a tier answered, in its colour.
    static func hitRate(_ ratio: Double, width: Int = 0) -> Span {
        Span(Format.percent(ratio).padded(leading: width), Style(.graphHit).at(ratio))
    }

    /// Columns of empty space.
    static func space(_ columns: Int = 1) -> Span { Span(String(repeating: " ", count: max(0, columns))) }

    /// The columns that it takes.
    var columns: Int { TextWidth.of(text) }
}

extension [Span] {
    /// The columns that it takes.
    var columns: Int { reduce(0) { $0 + $1.columns } }

    /// Parts with the same separator between them; empty ones are left out.
    static func joined(_ parts: [[Span]], by separator: Span) -> [Span] {
        Array(parts.filter { !$0.isEmpty }.joined(separator: [separator]))
    }
}
