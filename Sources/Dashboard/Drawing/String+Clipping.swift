internal import Screen

extension String {
    /// The text in at most so many columns: of one that is too long the beginning and the end, with `…` between them.
    ///
    /// Names of one kind often differ at their ends alone. Whoever wrote it, it comes back escaped.
    func clippedInMiddle(to columns: Int) -> String {
        let text = Escaping.text(self)
        guard TextWidth.of(text) > columns else { return text }
        let room = max(0, columns - 1)
        let tail = Self.count(of: text.reversed(), fitting: room / 2)
        let head = Self.count(of: text, fitting: room - room / 2)
        return columns > 0 ? "\(text.prefix(head))…\(text.suffix(tail))" : ""
    }

    /// How many of the characters there is room for in so many columns.
    private static func count(of characters: some Sequence<Character>, fitting columns: Int) -> Int {
        var (count, used) = (0, 0)
        for character in characters {
            used += TextWidth.of(String(character))
            guard used <= columns else { break }
            count += 1
        }
        return count
    }
}
