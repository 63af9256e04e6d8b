internal import Screen

/// Reads the words that a theme file describes a look with, such as `ink on bg bold` or `good..warn..hot`.
struct StyleWords {
    /// The colours by the names that the file gave them.
    let palette: [String: Color]

    /// A word that means nothing, and what would.
    struct Unknown: Error {
        let message: String
    }

    private static let ansi = ["black", "red", "green", "yellow", "blue", "magenta", "cyan", "white"]

    /// The look that some words describe.
    func look(_ text: String) throws(Unknown) -> Look {
        var look = Look()
        var words = text.split(separator: " ").map(String.init)[...]
        while let word = words.popFirst() {
            if word == "on" {
                guard let name = words.popFirst() else { throw Unknown(message: "A colour is missing after \"on\".") }
                look.background = try color(name)
            } else if let attribute = Attributes.words[word] {
                look.attributes.formUnion(attribute)
            } else if word == "none" {
                continue
            } else if look.colors.isEmpty {
                look.colors = try colors(word)
            } else {
                throw Unknown(
                    message:
                        "\(quoted(word)) is no attribute: \(Attributes.words.keys.sorted().joined(separator: ", ")).")
            }
        }
        return look
    }

    private func colors(_ word: String) throws(Unknown) -> [Color] {
        var colors: [Color] = []
        var rest = word[...]
        while let dots = rest.firstRange(of: "..") {
            colors.append(try color(String(rest[..<dots.lowerBound])))
            rest = rest[dots.upperBound...]
        }
        return colors + [try color(String(rest))]
    }

    /// The colour that a word names.
    func color(_ word: String) throws(Unknown) -> Color {
        if let color = palette[word] { return color }
        if let color = StyleWords.color(word) { return color }
        throw Unknown(
            message: "\(quoted(word)) is no colour. Use a name of the palette, \"#rrggbb\", 0 to 255, default, "
                + "or \(StyleWords.ansi.joined(separator: ", ")), each also with bright before it.")
    }

    /// A colour that needs no palette.
    static func color(_ word: String) -> Color? {
        if word == "default" { return .terminal }
        if let rgb = RGB(hex: word) { return .rgb(rgb) }
        if let index = UInt8(word) { return .indexed(index) }
        if let index = ansi.firstIndex(of: word) { return .indexed(UInt8(index)) }
        guard word.hasPrefix("bright"), let index = ansi.firstIndex(of: String(word.dropFirst(6))) else { return nil }
        return .indexed(UInt8(index + 8))
    }

    private func quoted(_ word: String) -> String { "\"\(Escaping.text(word, limit: 40))\"" }
}
