internal import Screen
internal import Sessions

extension State {
    mutating func press(_ key: Key, in dialog: RevokeDialog) -> [Effect] {
        var dialog = dialog
        if key == .control("r") { return freezeAnew(dialog) }
        if dialog.confirmation == .yes, !dialog.focus.isText {
            switch key {
            case .character("y"), .character("Y"): return revoke(dialog)
            case .character("n"), .character("N"), .character("q"): return cancel("revoke")
            default: break
            }
        }
        if let top = scrolled(dialog.frozen, from: dialog.top, by: key, isTyping: dialog.focus.isText) {
            dialog.top = top
            overlay = .dialog(.revoke(dialog))
            return []
        }
        if dialog.press(key) {
            dialog.problem = nil
            overlay = .dialog(.revoke(dialog))
            return []
        }
        guard key == .enter else { return [] }
        switch dialog.focus {
        case .cancel: return cancel("revoke")
        case .dryRun: return dryRun(dialog)
        case .revoke: return revoke(dialog)
        case .reach: dialog.turnReach()
        case .reason, .confirmation: dialog.goOn(at: now)
        }
        dialog.problem = nil
        overlay = .dialog(.revoke(dialog))
        return []
    }

    private mutating func freezeAnew(_ old: RevokeDialog) -> [Effect] {
        var dialog = old
        dialog.frozen = refreeze(old.frozen)
        dialog.top = 0
        dialog.confirmation = confirmation(for: dialog.frozen, isDestructive: true)
        dialog.needsReason = needsReason(dialog.frozen)
        dialog.opened = now
        dialog.typed.replace(with: "")
        dialog.focus = dialog.confirmation.expected == nil ? .cancel : .reason
        dialog.problem = nil
        dialog.dryRun = nil
        guard dialog.frozen.count > 0 else { return cancel("revoke: none of them is live any more") }
        overlay = .dialog(.revoke(dialog))
        return [.flushInput]
    }

    /// Why the sessions of a dialog can't be revoked as it stands; `nil`: they can.
    public func lockReason(of dialog: RevokeDialog) -> String? {
        if let reason = changeReason ?? store.capabilities.revoke.reason { return reason }
        if dialog.needsReason, dialog.reason.isBlank { return "a reason is required" }
        return lockReason(dialog.confirmation, typed: dialog.typed.text, opened: dialog.opened)
    }

    /// Why a confirmation is not complete.
    func lockReason(_ confirmation: Confirmation, typed: String, opened: Moment) -> String? {
        if let expected = confirmation.expected, !expected.hasBytes(of: typed) {
            return "type \(expected) to confirm"
        }
        guard case .typedName = confirmation else { return nil }
        let left = Confirmation.armingTime - now.since(opened)
        return left > .zero ? "arming: \(left.components.seconds + 1) s" : nil
    }

    private mutating func revoke(_ old: RevokeDialog) -> [Effect] {
        if let reason = lockReason(of: old) {
            var dialog = old
            dialog.problem = reason
            overlay = .dialog(.revoke(dialog))
            return []
        }
        overlay = nil
        return begin(
            .revoke(old.target), title: old.title, total: old.frozen.count, reason: old.reason.text)
    }

    /// Nothing is changed, but that somebody asked is on the record; the dialog stays as it is, to go on from.
    private mutating func dryRun(_ old: RevokeDialog) -> [Effect] {
        var dialog = old
        let live = liveCount(of: dialog)
        // Another one would tell, and put on the record, the same again.
        if let last = dialog.lastTry, last.live == live { return [] }
        dialog.problem = dryRunProblem(dialog)
        let tried = RevokeDialog.DryRun(target: dialog.target, reason: dialog.reason.text, live: live)
        dialog.dryRun = dialog.problem == nil ? tried : nil
        overlay = .dialog(.revoke(dialog))
        guard dialog.problem == nil else { return [] }
        // An extend is tried on the command line, too: so the entry says what it was.
        let target = "revoke \(dialog.auditTarget)"
        return [.record(.dryRun, target: target, count: live, order(dialog.reason.text))]
    }

    /// Why no dry run can be made as the dialog stands; `nil`: it can.
    private func dryRunProblem(_ dialog: RevokeDialog) -> String? {
        let reason = changeReason ?? store.capabilities.audit.reason ?? missingReason(dialog)
        return reason.map { Self.dryRunMark + $0 }
    }

    /// What tells why no dry run can be made from why nothing can be revoked.
    private static let dryRunMark = "dry run: "

    /// What is in the way now of that which was tried when something was; `nil`: nothing any more.
    func problemNow(of dialog: RevokeDialog) -> String? {
        guard let problem = dialog.problem else { return nil }
        return problem.hasPrefix(Self.dryRunMark) ? dryRunProblem(dialog) : lockReason(of: dialog)
    }

    private func missingReason(_ dialog: RevokeDialog) -> String? {
        dialog.needsReason && dialog.reason.isBlank ? "a reason is required" : nil
    }

    /// An order of now.
    func order(_ reason: String) -> Order {
        let words = reason.split(separator: " ").joined(separator: " ")
        return Order(actor: policy.actor, reason: words.isEmpty ? nil : words, at: now.wall)
    }
}
