internal import Screen
internal import Sessions

extension State {
    /// Opens the dialog before the node under the cursor is told something.
    mutating func askToSteer(_ wanted: NodeOrder) -> [Effect] {
        guard let node = fleet.nodes.first(where: { $0.id == fleet.cursor }) else { return [] }
        let others = fleet.nodes.count {
            $0.id != node.id && $0.server?.backend == node.server?.backend && $0.status == .up
                && $0.isAlive(at: nodesMoment)
        }
        let isServer = node.server != nil
        let pinned = isServer ? node.server?.pinned : Int(node.counters[.memorySessions])
        let confirmation = confirmation(of: wanted, node: node.id, pinned: pinned ?? 0, others: others)
        let dialog = SteerDialog(
            node: node.id, wanted: wanted, opened: now, isServer: isServer, pinned: pinned,
            lastPinEnds: node.server?.lastPinEnds, others: others, confirmation: confirmation,
            needsReason: store.isProtected || wanted != .ready && pinned ?? 0 > policy.reasonFreeCount,
            focus: confirmation.expected == nil ? .cancel : .reason)
        overlay = .dialog(.steer(dialog))
        return [.flushInput]
    }

    /// How hard it is to confirm, by how many sessions lose their node, and whether any node is left.
    private func confirmation(of wanted: NodeOrder, node: String, pinned: Int, others: Int) -> Confirmation {
        guard wanted != .ready else { return .yes }
        if store.isProtected || others == 0 { return .name(node) }
        return wanted == .maintenance && pinned > Confirmation.listLimit ? .typed("\(pinned)") : .yes
    }

    /// Why the node of a dialog can't be told that as it stands; `nil`: it can.
    public func lockReason(of dialog: SteerDialog) -> String? {
        if let reason = steerReason { return reason }
        if dialog.needsReason, dialog.reason.isBlank { return "a reason is required" }
        return lockReason(dialog.confirmation, typed: dialog.typed.text, opened: dialog.opened)
    }

    mutating func press(_ key: Key, in old: SteerDialog) -> [Effect] {
        var dialog = old
        let isText = dialog.focus == .reason || dialog.focus == .confirmation
        if dialog.confirmation == .yes, !isText {
            switch key {
            case .character("y"), .character("Y"): return steer(dialog)
            case .character("n"), .character("N"), .character("q"): return cancel(dialog.verb.lowercased())
            default: break
            }
        }
        if let step = isText ? key.focusStep : key.buttonStep {
            dialog.focus = dialog.controls.stepped(from: dialog.focus, by: step)
        } else if key == .enter {
            switch dialog.focus {
            case .reason, .confirmation: dialog.goOn(at: now)
            case .cancel: return cancel(dialog.verb.lowercased())
            case .steer: return steer(dialog)
            }
        } else if dialog.focus == .reason {
            guard dialog.reason.press(key) else { return [] }
        } else if dialog.focus == .confirmation {
            guard dialog.typed.press(key) else { return [] }
        } else if case .character = key {
            // Whoever begins to type on a button means the reason.
            dialog.focus = .reason
            guard dialog.reason.press(key) else { return [] }
        } else {
            return []
        }
        dialog.problem = nil
        overlay = .dialog(.steer(dialog))
        return []
    }

    private mutating func steer(_ old: SteerDialog) -> [Effect] {
        if let reason = lockReason(of: old) {
            var dialog = old
            dialog.problem = reason
            overlay = .dialog(.steer(dialog))
            return []
        }
        overlay = nil
        say("\(old.node): \(old.wanted.rawValue) is on its way")
        return [.steer(old.node, old.wanted, order(old.reason.text))]
    }

    /// What became of it; the nodes are asked what they say.
    mutating func steered(_ node: String, _ wanted: NodeOrder, failure: String?) -> [Effect] {
        if let failure {
            say("\(node): not done: \(failure)", .error)
        } else {
            let isServer = fleet.nodes.contains { $0.server != nil }
            say("\(node): \(isServer ? "the balancer" : "the node") has taken it: \(wanted.rawValue)")
        }
        return refresh()
    }
}
