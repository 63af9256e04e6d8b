internal import Screen

extension State {
    /// A key was pressed: whatever lies over the view takes it, else the table of commands says what it does.
    mutating func press(_ key: Key) -> [Effect] {
        switch key {
        case .resize(let size):
            self.size = size
            return []
        case .mouse(let mouse): return turn(mouse)
        default: break
        }
        if let effects = pressAnywhere(key) { return effects }
        switch overlay {
        case .prompt: return pressInPrompt(key)
        case .menu: return pressInMenu(key)
        case .help: return pressInHelp(key)
        case .dialog: return pressInDialog(key)
        case nil: break
        }
        guard let command = CommandTable.command(for: key, in: navigation.place.scope) else { return [] }
        return run(command)
    }

    /// Whether something lies over the view.
    private var isCovered: Bool { if case nil = overlay { false } else { true } }

    /// Keys that mean the same whatever lies over the view.
    private mutating func pressAnywhere(_ key: Key) -> [Effect]? {
        guard isCovered else { return nil }
        switch CommandTable.command(for: key, in: .everywhere)?.id {
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .interrupt: return closeOverlay()
        default: return nil
        }
    }

    /// The wheel moves the cursor; nothing else is done by mouse, least of all a change.
    private mutating func turn(_ mouse: Mouse) -> [Effect] {
        guard !isCovered else { return [] }
        switch mouse.action {
        case .wheelUp: return scroll(by: -3)
        case .wheelDown: return scroll(by: 3)
        default: return []
        }
    }

    /// Runs a command, or says why it can't be run now.
    mutating func run(_ command: Command, argument: String = "") -> [Effect] {
        if command.id != .interrupt, command.id != .leave { interruptPressed = nil }
        guard !command.scope.isDisjoint(with: navigation.place.scope) else {
            say("\(command.name): not in this view", .warning)
            return []
        }
        let reason = argument.isEmpty ? command.disabledReason : command.namedReason
        if let reason = reason(self) {
            say("\(command.name): \(reason)", .warning)
            return []
        }
        return perform(command.id, argument)
    }
}
