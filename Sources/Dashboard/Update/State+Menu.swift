internal import Screen

extension State {
    mutating func pressInMenu(_ key: Key) -> [Effect] {
        guard case .menu(var menu) = overlay else { return [] }
        switch key {
        case .escape, .character("q"): return closeOverlay()
        case .enter:
            overlay = nil
            return choose(menu)
        case .character(" ") where menu.kind == .columns: toggleColumn(&menu)
        default: menu.selected = menu.selected.stepped(by: key, among: menu.items.count)
        }
        overlay = .menu(menu)
        return menu.kind == .theme ? previewTheme(menu) : []
    }

    /// Chooses a line of a menu, or turns its column on or off; contexts, and commands in the help, are only gone to.
    mutating func choose(line: Int) -> [Effect] {
        switch overlay {
        case .menu(var menu) where menu.items.indices.contains(line):
            menu.selected = line
            overlay = .menu(menu)
            switch menu.kind {
            case .sort, .theme: return pressInMenu(.enter)
            case .columns: return pressInMenu(.character(" "))
            case .context: return []
            }
        case .help(var help):
            help.selected = line
            overlay = .help(help)
            return []
        default: return []
        }
    }

    private mutating func choose(_ menu: Menu) -> [Effect] {
        guard menu.items.indices.contains(menu.selected) else { return [] }
        let title = menu.items[menu.selected].title
        switch menu.kind {
        case .sort: changeSort(.sort, title)
        case .columns: break
        case .theme:
            say("theme \(title)")
            return useTheme(title)
        case .context: return chooseContext(title)
        }
        return []
    }

    private mutating func toggleColumn(_ menu: inout Menu) {
        guard menu.items.indices.contains(menu.selected),
            let column = SessionColumn(rawValue: menu.items[menu.selected].title), !column.isFixed
        else { return }
        if list.hiddenColumns.remove(column) == nil { list.hiddenColumns.insert(column) }
        menu.items[menu.selected].isOn = !list.hiddenColumns.contains(column)
    }

    /// A theme by name, or the menu of them.
    mutating func chooseTheme(_ name: String) -> [Effect] {
        if name.isEmpty {
            guard !theme.names.isEmpty else {
                say("theme: none could be read", .warning)
                return []
            }
            overlay = .menu(
                Menu(
                    .theme, items: theme.names.map { Menu.Item($0) },
                    selected: theme.names.firstIndex(of: theme.name) ?? 0, original: theme.name))
            return []
        }
        guard theme.names.contains(name) else {
            say("theme: no such theme; T lists them", .warning)
            return []
        }
        return useTheme(name)
    }

    private mutating func previewTheme(_ menu: Menu) -> [Effect] {
        menu.items.indices.contains(menu.selected) ? useTheme(menu.items[menu.selected].title) : []
    }

    mutating func useTheme(_ name: String) -> [Effect] {
        guard theme.name != name else { return [] }
        theme.name = name
        return [.setTheme(name)]
    }
}

extension Int {
    /// The place that a key of movement leads to, in a list of so many.
    func stepped(by key: Key, among count: Int) -> Int {
        switch key {
        case .up, .character("k"), .backTab: moved(by: -1, below: count)
        case .down, .character("j"), .tab: moved(by: 1, below: count)
        case .pageUp: moved(by: -10, below: count)
        case .pageDown: moved(by: 10, below: count)
        case .home, .character("g"): moved(by: -.max, below: count)
        case .end, .character("G"): moved(by: .max, below: count)
        default: moved(by: 0, below: count)
        }
    }
}
