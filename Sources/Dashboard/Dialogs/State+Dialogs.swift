internal import Sessions

internal import Screen

extension State {
    mutating func pressInDialog(_ key: Key) -> [Effect] {
        guard case .dialog(let dialog) = overlay else { return [] }
        // Escape may be pressed at any time: it does nothing but close.
        if key == .escape { return closeOverlay() }
        guard !isDeaf(since: dialog.opened) else { return [] }
        if isDeaf(since: dialog.arrived) {
            // Enter that is held down is no answer, however long it is held.
            if key == .enter { overlay = .dialog(dialog.arriving(at: now)) }
            return []
        }
        switch dialog {
        case .revoke(let dialog): return press(key, in: dialog)
        case .extend(let dialog): return press(key, in: dialog)
        case .reveal(let dialog): return press(key, in: dialog)
        case .export(let dialog): return press(key, in: dialog)
        case .steer(let dialog): return press(key, in: dialog)
        }
    }

    /// Whether a key comes so soon after something that it can't be an answer to it: typed ahead, pasted, or bounced.
    func isDeaf(since moment: Moment?) -> Bool {
        guard let moment else { return false }
        return now.since(moment) < Dialog.deafTime
    }

    /// Has an open dialog say what is in the way by now: a count of seconds goes on, and what is over is told no more.
    mutating func refreshProblem() {
        guard case .dialog(let dialog) = overlay else { return }
        switch dialog {
        case .revoke(var revoke) where revoke.problem != nil:
            revoke.problem = problemNow(of: revoke)
            overlay = .dialog(.revoke(revoke))
        case .extend(var extend) where extend.problem != nil:
            extend.problem = lockReason(of: extend)
            overlay = .dialog(.extend(extend))
        case .reveal(var reveal) where reveal.problem != nil:
            reveal.problem = lockReason(of: reveal)
            overlay = .dialog(.reveal(reveal))
        case .steer(var steer) where steer.problem != nil:
            steer.problem = lockReason(of: steer)
            overlay = .dialog(.steer(steer))
        // That a file has no name depends on nothing but what is typed.
        case .revoke, .extend, .reveal, .steer, .export: break
        }
    }

    /// Closes a dialog, and says that nothing was done.
    mutating func cancel(_ what: String) -> [Effect] {
        overlay = nil
        say("\(what): cancelled, nothing was changed")
        return []
    }
}

extension Dialog {
    /// When it opened, or its sessions were frozen anew.
    public var opened: Moment {
        switch self {
        case .revoke(let dialog): dialog.opened
        case .extend(let dialog): dialog.opened
        case .reveal(let dialog): dialog.opened
        case .export(let dialog): dialog.opened
        case .steer(let dialog): dialog.opened
        }
    }

    /// When Enter brought the focus to the button that changes something; `nil`: it hasn't.
    var arrived: Moment? {
        switch self {
        case .revoke(let dialog): dialog.arrived
        case .extend(let dialog): dialog.arrived
        case .steer(let dialog): dialog.arrived
        case .reveal, .export: nil
        }
    }

    /// The same, with an Enter that comes now.
    func arriving(at now: Moment) -> Dialog {
        switch self {
        case .revoke(var dialog):
            dialog.arrived = now
            return .revoke(dialog)
        case .extend(var dialog):
            dialog.arrived = now
            return .extend(dialog)
        case .steer(var dialog):
            dialog.arrived = now
            return .steer(dialog)
        case .reveal, .export: return self
        }
    }
}

extension Array where Element: Equatable {
    /// The element so many places on, round and round.
    func stepped(from element: Element, by step: Int) -> Element {
        guard let place = firstIndex(of: element) else { return first ?? element }
        return self[(place + step % count + count) % count]
    }
}

extension Key {
    /// Which way it moves the focus among controls; `nil`: it doesn't.
    var focusStep: Int? {
        switch self {
        case .tab, .down: 1
        case .backTab, .up: -1
        default: nil
        }
    }

    /// Which way it moves the focus where no text is edited.
    var buttonStep: Int? {
        switch self {
        case .right: 1
        case .left: -1
        default: focusStep
        }
    }
}
