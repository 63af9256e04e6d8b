internal import Screen

extension CommandTable {
    /// The table as Markdown, for the README: a row a command, the same as the help lists.
    public static var markdown: String {
        let rows = all.filter { !$0.keys.isEmpty || $0.argument != nil }.map { command in
            let keys = command.keys.map { code($0.description) }.joined(separator: " ")
            let name = code(":" + command.name + (command.argument.map { " \($0)" } ?? ""))
            let note = command.danger == .destructive ? " (asks first)" : ""
            return "| \(keys) | \(name) | \(command.help)\(note) |"
        }
        return (["| keys | command | what it does |", "|---|---|---|"] + rows).joined(separator: "\n") + "\n"
    }

    /// Text as code in a cell of a table: with a fence that a backquote in it doesn't end, and bars escaped.
    private static func code(_ text: String) -> String {
        let escaped = text.replacing("|", with: "\\|")
        return escaped.contains("`") ? "`` \(escaped) ``" : "`\(escaped)`"
    }
}
