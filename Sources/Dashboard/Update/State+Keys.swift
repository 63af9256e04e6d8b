internal import Screen

extension State {
    /// A key was pressed: whatever lies over the view takes it, else the table of commands says what it does.
    mutating func press(_ key: Key) -> [Effect] {
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

    /// Keys that mean the same whatever lies over the view.
    private mutating func pressAnywhere(_ key: Key) -> [Effect]? {
        guard overlay != nil else { return nil }
        switch CommandTable.command(for: key, in: .everywhere)?.id {
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .interrupt: return closeOverlay()
        default: return nil
        }
    }

    /// Runs a command, or says why it can't be run now.
    mutating func run(_ command: Command, argument: String = "") -> [Effect] {
        if command.id != .interrupt, command.id != .leave { interruptPressed = nil }
        guard !command.scope.isDisjoint(with: navigation.place.scope) else {
            say("\(command.name): not in this view", .warning)
            return []
        }
        if let reason = command.disabledReason(self) {
            say("\(command.name): \(reason)", .warning)
            return []
        }
        return perform(command.id, argument)
    }
}
