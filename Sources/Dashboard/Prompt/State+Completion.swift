internal import Sessions

extension State {
    /// What the last word of a prompt could become.
    func completions(for prompt: Prompt) -> [String] {
        let word = String(prompt.lastWord)
        switch prompt.kind {
        case .find: return []
        case .filter: return filterCompletions(word)
        case .command:
            let leading = prompt.leadingWords
            if leading.isEmpty { return commandNames.filter { $0.hasPrefix(word) } }
            let name = String(leading.split(separator: " ").first ?? "")
            return arguments(of: CommandTable.command(named: name)?.id, word).filter { $0.hasPrefix(word) }
        }
    }

    /// The commands that can be typed: those of the present place, and `q`.
    private var commandNames: [String] {
        CommandTable.commands(in: navigation.place.scope).map(\.name).sorted()
    }

    private func filterCompletions(_ word: String) -> [String] {
        guard navigation.place.scope == .list else { return [] }
        if word.hasPrefix("node:") { return nodeNames.map { "node:\($0)" }.filter { $0.hasPrefix(word) } }
        if word.hasPrefix("state:") {
            return (SessionState.allCases.map(\.rawValue) + ["*"]).map { "state:\($0)" }.filter { $0.hasPrefix(word) }
        }
        return Filter.suggestions.map(\.completion).filter { $0.hasPrefix(word) }
    }

    private func arguments(of id: CommandID?, _ word: String) -> [String] {
        switch id {
        case .theme: theme.names
        case .context: contexts.map(\.name)
        case .sort:
            navigation.place == .users
                ? UserList.Sort.allCases.map(\.rawValue) : columns.map(\.rawValue)
        case .interval: ["0.5", "1", "2", "5", "10", "30", "60"]
        case .extend: ["15m", "30m", "1h", "8h"]
        case .filter: filterCompletions(word)
        case .revoke: ["everyone"] + filterCompletions(word)
        default: []
        }
    }

    private var nodeNames: [String] { fleet.nodes.map(\.id) }
}
