internal import Screen

extension State {
    /// A key was pressed: whatever lies over the view takes it, else the table of commands says what it does.
    mutating func press(_ key: Key) -> [Effect] {
        switch key {
        case .resize(let size):
            self.size = size
            return []
        // It was meant for the store that was on the screen until now.
        case _ where isDeaf(since: entered): return []
        case .mouse(let mouse): return take(mouse)
        default: break
        }
        if let effects = pressAnywhere(key) { return effects }
        switch overlay {
        case .prompt: return pressInPrompt(key)
        case .menu: return pressInMenu(key)
        case .help: return pressInHelp(key)
        case .log: return pressInLog(key)
        case .dialog: return pressInDialog(key)
        case nil: break
        }
        guard let command = CommandTable.command(for: key, in: navigation.place.scope) else { return [] }
        return run(command)
    }

    /// Whether something lies over the view.
    var isCovered: Bool { if case nil = overlay { false } else { true } }

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

    /// The wheel moves the cursor, and a click does what the screen showed there.
    private mutating func take(_ mouse: Mouse) -> [Effect] {
        switch mouse.action {
        case .wheelUp: return turn(.up, by: -3)
        case .wheelDown: return turn(.down, by: 3)
        case .press: return click(at: mouse.position, isDouble: false)
        case .doublePress: return click(at: mouse.position, isDouble: true)
        case .middlePress, .rightPress: return []
        }
    }

    /// In a list over the view the wheel is the key that moves there; nothing else that lies over the view knows it.
    private mutating func turn(_ key: Key, by distance: Int) -> [Effect] {
        switch overlay {
        case nil: return scroll(by: distance)
        case .menu, .help: return press(key)
        case .log:
            for _ in 0..<abs(distance) { _ = press(key) }
            return []
        case .prompt, .dialog: return []
        }
    }

    /// A row is gone to, and opened by a second click; a heading is sorted by; all else is a key that is pressed, once: at
    /// the second click another one may stand there.
    ///
    /// Nothing is confirmed so: of a question over the view, no more than its end can be clicked on.
    private mutating func click(at position: Position, isDouble: Bool) -> [Effect] {
        let target = target(at: position)
        // The first of two clicks may have opened or closed what the second one would fall on.
        guard !isDouble || target == clicked else { return [] }
        clicked = target
        switch target {
        case .key(let key): return isDouble ? [] : press(key)
        case .heading(let heading): sort(byHeading: heading)
        case .row(let line) where isCovered:
            clicked = nil
            return choose(line: line)
        case .row(let place):
            let effects = moveCursor(to: place)
            return isDouble ? effects + press(.enter) : effects
        case nil: break
        }
        return []
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
