internal import Screen

extension State {
    /// The commands that the help lists now: those of the present place that match what was typed, each with the reason
    /// why it can't be run, if there is one.
    public var helpLines: [(command: Command, disabledReason: String?)] {
        guard case .help(let help) = overlay else { return [] }
        return commands(matching: help.field.text).map { ($0, $0.disabledReason(self)) }
    }

    private func commands(matching text: String) -> [Command] {
        let needle = text.lowercased()
        return CommandTable.commands(in: navigation.place.scope).filter { command in
            needle.isEmpty || command.name.contains(needle) || command.help.lowercased().contains(needle)
                || command.keys.contains { $0.description.lowercased() == needle }
        }
    }

    mutating func pressInHelp(_ key: Key) -> [Effect] {
        guard case .help(var help) = overlay else { return [] }
        let listed = commands(matching: help.field.text)
        switch key {
        case .escape, .function(1), .character("?"): return closeOverlay()
        case .enter:
            overlay = nil
            return listed.indices.contains(help.selected) ? run(listed[help.selected]) : []
        case .up, .down, .pageUp, .pageDown, .tab, .backTab:
            help.selected = help.selected.stepped(by: key, among: listed.count)
        default:
            // Letters are typed into the search: j and k, too.
            if help.field.press(key) { help.selected = 0 }
        }
        overlay = .help(help)
        return []
    }
}
