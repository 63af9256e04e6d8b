internal import Sessions

extension Confirmation {
    /// What has to be typed yet before something is done.
    enum Missing {
        /// The reason.
        case reason
        /// The count or the name.
        case word
    }

    /// What Enter in a line of a dialog leads to before anything else; `nil`: all is there.
    func missing(reason: TextField, isRequired: Bool, typed: TextField) -> Missing? {
        if isRequired, reason.isBlank { return .reason }
        guard let expected, !expected.hasBytes(of: typed.text) else { return nil }
        return .word
    }
}

extension RevokeDialog {
    /// Moves the focus to what Enter leads to from a line: what has to be typed yet, else the button that does it.
    ///
    /// Where nothing has to be typed and nothing was, that is Cancel: no number of Enters ends a session. Of several it
    /// always is, unless their number is typed.
    mutating func goOn(at now: Moment) {
        problem = nil
        switch confirmation.missing(reason: reason, isRequired: needsReason, typed: typed) {
        case .reason: focus = .reason
        case .word: focus = .confirmation
        case nil where confirmation == .list: focus = .cancel
        case nil where confirmation.expected == nil && reason.isBlank: focus = .cancel
        case nil: (focus, arrived) = (.revoke, now)
        }
    }
}

extension SteerDialog {
    /// Moves the focus to what Enter leads to from a line, as that of a revoke does.
    mutating func goOn(at now: Moment) {
        problem = nil
        switch confirmation.missing(reason: reason, isRequired: needsReason, typed: typed) {
        case .reason: focus = .reason
        case .word: focus = .confirmation
        case nil where confirmation.expected == nil && reason.isBlank: focus = .cancel
        case nil: (focus, arrived) = (.steer, now)
        }
    }
}

extension ExtendDialog {
    /// Moves the focus to what Enter leads to from a line: what has to be typed yet, else the button that does it.
    mutating func goOn() {
        problem = nil
        guard newDeadline != nil else { return focus = .deadline }
        switch confirmation.missing(reason: reason, isRequired: needsReason, typed: typed) {
        case .reason: focus = .reason
        case .word: focus = .confirmation
        case nil: focus = .extend
        }
    }
}
