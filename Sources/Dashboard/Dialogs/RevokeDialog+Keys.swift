internal import Screen
public import Sessions

extension RevokeDialog.Focus {
    /// Whether it is a line that one types into.
    var isText: Bool { self == .reason || self == .confirmation }
}

extension RevokeDialog {
    /// Edits the text, chooses, or moves the focus; `false`: the key means none of these.
    mutating func press(_ key: Key) -> Bool {
        if let step = focus.isText ? key.focusStep : key.buttonStep {
            focus = controls.stepped(from: focus, by: step)
            return true
        }
        switch (focus, key) {
        case (.reason, _): return reason.press(key)
        case (.confirmation, _): return typed.press(key)
        case (.reach, .character(" ")): turnReach()
        case (_, .character):
            // Whoever begins to type on a button means the reason.
            focus = .reason
            return reason.press(key)
        default: return false
        }
        return true
    }

    /// Moves the focus to what Enter leads to from a line.
    mutating func goOn(at now: Moment) {
        problem = nil
        switch confirmation.step(reason: reason, isRequired: needsReason, typed: typed) {
        case .reason: focus = .reason
        case .word: focus = .confirmation
        case .cancel: focus = .cancel
        case .button: (focus, arrived) = (.revoke, now)
        }
    }

    /// Chooses the rule where it was exactly these, and these where it was the rule.
    mutating func turnReach() { reach = reach == .these ? .rule : .these }

    /// What is to be ended: exactly the frozen sessions, or the rule where that was chosen.
    public var target: RevokeTarget {
        switch (reach, frozen.source) {
        case (.rule, .user(let name)): .user(name)
        case (.rule, .everyone): .everyone
        default: .sessions(frozen.ids)
        }
    }

    /// What it is about, for people.
    public var title: String {
        switch target {
        case .user(let name): "every session of \(name)"
        case .everyone: "every session of everyone"
        case .sessions(let ids): frozen.title(ids)
        }
    }

    /// What it is about, for the audit log.
    var auditTarget: String {
        switch target {
        case .user(let name): "user:\(name)"
        case .everyone: "everyone"
        case .sessions(let ids): ids.count == 1 ? "s:\(ids[0])" : "\(ids.count) sessions"
        }
    }
}

extension FrozenSet {
    /// One session by its handle and user, several by their number.
    func title(_ ids: [IDHash]) -> String {
        guard ids.count == 1 else { return "\(Format.count(ids.count)) sessions" }
        return "s:\(ids[0])" + (lines.first?.user.map { " (\($0))" } ?? "")
    }
}

extension TextField {
    /// Whether there is nothing in it but blanks.
    var isBlank: Bool { characters.allSatisfy(\.isWhitespace) }
}
