internal import Screen
internal import Sessions

extension State {
    mutating func press(_ key: Key, in dialog: ExtendDialog) -> [Effect] {
        var dialog = dialog
        if key == .control("r") { return freezeAnew(dialog) }
        if let top = scrolled(dialog.frozen, from: dialog.top, by: key, isTyping: dialog.focus.isText) {
            dialog.top = top
            overlay = .dialog(.extend(dialog))
            return []
        }
        if dialog.press(key) {
            dialog.problem = nil
            overlay = .dialog(.extend(dialog))
            return []
        }
        if dialog.confirmation == .yes, !dialog.focus.isText, key == .character("y") { return extend(dialog) }
        if !dialog.focus.isText, key == .character("n") || key == .character("q") { return cancel("extend") }
        guard key == .enter else { return [] }
        switch dialog.focus {
        case .cancel: return cancel("extend")
        case .extend: return extend(dialog)
        case .deadline, .reason, .confirmation:
            dialog.goOn(at: now)
            overlay = .dialog(.extend(dialog))
            return []
        }
    }

    private mutating func freezeAnew(_ old: ExtendDialog) -> [Effect] {
        var dialog = old
        dialog.frozen = refreeze(old.frozen)
        dialog.top = 0
        dialog.confirmation = confirmation(for: dialog.frozen, isDestructive: false)
        dialog.needsReason = needsReason(dialog.frozen)
        dialog.opened = now
        dialog.typed.replace(with: "")
        dialog.problem = nil
        guard dialog.frozen.count > 0 else { return cancel("extend: none of them is live any more") }
        overlay = .dialog(.extend(dialog))
        return [.flushInput]
    }

    /// Why the sessions of a dialog can't be extended as it stands; `nil`: they can.
    public func lockReason(of dialog: ExtendDialog) -> String? {
        if let reason = changeReason ?? store.capabilities.extend.reason { return reason }
        guard let deadline = dialog.newDeadline else {
            return "type a time like 30m, or a moment like 2026-08-21T18:00:00Z"
        }
        if case .until(let moment) = deadline, moment <= now.wall { return "that moment has passed" }
        if dialog.needsReason, dialog.reason.isBlank { return "a reason is required" }
        return lockReason(dialog.confirmation, typed: dialog.typed.text, opened: dialog.opened)
    }

    private mutating func extend(_ old: ExtendDialog) -> [Effect] {
        var dialog = old
        dialog.problem = lockReason(of: old)
        guard dialog.problem == nil, let deadline = old.newDeadline else {
            overlay = .dialog(.extend(dialog))
            return []
        }
        overlay = nil
        return begin(
            .extend(old.frozen.ids, deadline), title: old.frozen.title(old.frozen.ids), total: old.frozen.count,
            reason: old.reason.text)
    }
}

extension ExtendDialog.Focus {
    /// Whether it is a line that one types into.
    var isText: Bool { self == .deadline || self == .reason || self == .confirmation }
}

extension ExtendDialog {
    /// Edits the text or moves the focus; `false`: the key means neither.
    mutating func press(_ key: Key) -> Bool {
        if let step = focus.isText ? key.focusStep : key.buttonStep {
            focus = controls.stepped(from: focus, by: step)
            return true
        }
        switch (focus, key) {
        case (.deadline, _): return deadline.press(key)
        case (.reason, _): return reason.press(key)
        case (.confirmation, _): return typed.press(key)
        default: return false
        }
    }

    /// Moves the focus to what Enter leads to from a line; that nothing but the time was typed is enough: nothing ends.
    mutating func goOn(at now: Moment) {
        problem = nil
        guard newDeadline != nil else { return focus = .deadline }
        switch confirmation.step(reason: reason, isRequired: needsReason, typed: typed) {
        case .reason: focus = .reason
        case .word: focus = .confirmation
        case .cancel, .button: (focus, arrived) = (.extend, now)
        }
    }
}
