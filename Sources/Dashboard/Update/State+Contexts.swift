extension State {
    /// A context by name, or the menu of them.
    mutating func chooseContext(_ name: String) -> [Effect] {
        guard !name.isEmpty else {
            overlay = .menu(
                Menu(
                    .context, items: contexts.map { Menu.Item($0.name, note: $0.address) },
                    selected: contexts.firstIndex { $0.name == store.name } ?? 0, original: store.name))
            return []
        }
        guard let context = contexts.first(where: { $0.name == name }) else {
            say("ctx: no such context; :ctx lists them", .warning)
            return []
        }
        guard context.name != store.name else {
            say("ctx: \(name) is looked at already")
            return []
        }
        say("opening \(name)")
        return [.openContext(context.name)]
    }

    /// A context was opened, which may have taken its time: nothing that was begun here meanwhile is left behind.
    ///
    /// Nor is a line that is being typed: the rest of it would be commands for the other store.
    mutating func enterContext(_ name: String) -> [Effect] {
        guard contextReason == nil, !isCovered else {
            say("ctx: \(name) could be opened, but something else has begun here meanwhile", .warning)
            return [.dropContext(name)]
        }
        return [.enterContext(name)]
    }
}
