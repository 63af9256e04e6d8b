/// Text that is HTML already.
///
/// Whatever is put into it by interpolation is escaped, unless it is HTML itself: nothing that people wrote can become a
/// tag.
struct HTML: Sendable, ExpressibleByStringInterpolation {
    /// The text.
    var text: String

    /// HTML that was written here, in the source.
    init(stringLiteral text: String) { self.text = text }

    init(stringInterpolation: StringInterpolation) { text = stringInterpolation.text }

    /// Several, one after the other.
    init(_ parts: [HTML]) { text = parts.map(\.text).joined() }

    /// Puts pieces together, and escapes what isn't HTML.
    struct StringInterpolation: StringInterpolationProtocol {
        var text = ""

        init(literalCapacity: Int, interpolationCount: Int) { text.reserveCapacity(literalCapacity) }

        mutating func appendLiteral(_ literal: String) { text += literal }

        mutating func appendInterpolation(_ html: HTML) { text += html.text }

        mutating func appendInterpolation(_ value: some CustomStringConvertible) {
            for scalar in value.description.unicodeScalars {
                switch scalar {
                case "&": text += "&amp;"
                case "<": text += "&lt;"
                case ">": text += "&gt;"
                case "\"": text += "&quot;"
                case "'": text += "&#39;"
                default: text.unicodeScalars.append(scalar)
                }
            }
        }
    }
}
