internal import Sessions

extension Confirmation {
    /// What Enter in a line of a dialog leads to.
    enum Step {
        /// The reason: it has to be typed yet.
        case reason
        /// The count or the name: it has to be typed yet.
        case word
        /// Everything is there, but nobody has typed what makes it sure that they mean it.
        case cancel
        /// The button that does it.
        case button
    }

    /// What Enter in a line of a dialog leads to: what has to be typed yet, else a button.
    ///
    /// Where nothing has to be typed and nothing was, that is Cancel: no number of Enters ends a session. Of several it
    /// always is, unless their number is typed.
    func step(reason: TextField, isRequired: Bool, typed: TextField) -> Step {
        if isRequired, reason.isBlank { return .reason }
        if let expected { return expected.hasBytes(of: typed.text) ? .button : .word }
        return self == .list || reason.isBlank ? .cancel : .button
    }
}
