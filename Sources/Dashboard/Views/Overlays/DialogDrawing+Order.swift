internal import Screen

/// What every question before a change asks for.
extension DialogDrawing {
    /// Adds the line for the reason.
    mutating func addReason(_ reason: TextField, isFocused: Bool, isRequired: Bool) {
        let note = Span(isRequired ? "required" : "for the record", .dim)
        add(.field(label: "reason", reason, isFocused: isFocused, note: [note]))
    }

    /// Beside a field, the narrowest screen has room for a word to be typed of so many columns.
    private static let wordWidth = 14

    /// Adds the line for what must be typed; none where a key is enough.
    ///
    /// A word that is too long to stand beside the field stands over it.
    mutating func addConfirmation(_ typed: TextField, isFocused: Bool, of confirmation: Confirmation) {
        guard let expected = confirmation.expected else { return }
        let words = [Span("type ", .dim), Span(expected)]
        let isLong = TextWidth.of(expected) > Self.wordWidth
        // The title says a store's name, too, where there is no room for this.
        if isLong { add(words, rank: 1) }
        add(.field(label: "confirm", typed, isFocused: isFocused, note: isLong ? [] : words))
    }
}
