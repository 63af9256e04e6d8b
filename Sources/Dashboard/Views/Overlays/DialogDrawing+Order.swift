internal import Screen

/// What every question before a change asks for.
extension DialogDrawing {
    /// Adds the line for the reason.
    mutating func addReason(_ reason: TextField, isFocused: Bool, isRequired: Bool) {
        let note = Span(isRequired ? "required" : "for the record", .dim)
        add(.field(label: "reason", reason, isFocused: isFocused, note: [note]))
    }

    /// Adds the line for what must be typed; none where a key is enough.
    mutating func addConfirmation(_ typed: TextField, isFocused: Bool, of confirmation: Confirmation) {
        guard let expected = confirmation.expected else { return }
        let note = [Span("type ", .dim), Span(expected)]
        add(.field(label: "confirm", typed, isFocused: isFocused, note: note))
    }
}
