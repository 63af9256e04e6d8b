public import Screen

/// The one table of commands, and the ways to look something up in it.
public enum CommandTable {
    /// Every command, in the order of the help.
    public static let all: [Command] = navigation + places + rows + changes + rest

    /// One of them.
    public static subscript(id: CommandID) -> Command? { byID[id] }

    /// The command that a key runs in a kind of place.
    public static func command(for key: Key, in scope: Scope) -> Command? {
        byKey[key]?.first { !$0.scope.isDisjoint(with: scope) }
    }

    /// The command of a name, as it is typed after `:`; the beginning of a name is enough where only one begins so.
    public static func command(named name: String) -> Command? {
        if let exact = all.first(where: { $0.name == name }) { return exact }
        let candidates = all.filter { $0.name.hasPrefix(name) }
        return candidates.count == 1 && !name.isEmpty ? candidates.first : nil
    }

    /// The commands that can be run in a kind of place, in the order of the help.
    public static func commands(in scope: Scope) -> [Command] {
        all.filter { !$0.scope.isDisjoint(with: scope) }
    }

    /// What the line of keys shows in a kind of place, the most useful first.
    public static func hints(in scope: Scope) -> [Command] {
        commands(in: scope).filter { $0.hint != nil && !$0.keys.isEmpty }
            .sorted { rank($0.id) < rank($1.id) }
    }

    private static let byID = Dictionary(all.map { ($0.id, $0) }) { first, _ in first }
    private static let byKey = all.reduce(into: [Key: [Command]]()) { table, command in
        for key in command.keys { table[key, default: []].append(command) }
    }

    /// The order of the line of keys: where there is little room, the last are left out.
    private static let ranking: [CommandID] = [
        .open, .mark, .revoke, .revokeUser, .extend, .drainNode, .stopNode, .readyNode, .filter, .command, .help, .user,
        .inspect, .raw, .reveal, .copy,
        .sort, .window, .graphs, .markAll, .find, .columns, .export, .pause, .back,
    ]
    private static func rank(_ id: CommandID) -> Int { ranking.firstIndex(of: id) ?? ranking.count }
}

extension Command {
    /// The keys as people read them, at most so many.
    public func keyLabels(limit: Int = .max) -> String {
        keys.prefix(limit).map(\.description).joined(separator: " ")
    }
}
