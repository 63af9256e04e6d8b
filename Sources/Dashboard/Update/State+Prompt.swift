internal import Screen
internal import Sessions

extension State {
    /// The filter's text at the present place: each view filters what it shows.
    public var filterText: String {
        switch navigation.place {
        case .sessions, .inspect: list.filter.text
        case .users: users.text
        case .audit: audit.text
        default: ""
        }
    }

    /// What is wrong with the filter at the present place; `nil`: nothing.
    ///
    /// Users and the audit log are searched for a text as it stands: nothing can be wrong with that.
    var filterError: FilterError? { navigation.place.scope == .list ? list.filter.error : nil }

    /// How many rows the filter leaves at the present place.
    var matchCount: Int {
        switch navigation.place {
        case .users: users.shown.count
        case .audit: audit.shown.count
        default: list.count
        }
    }

    /// Filters the present place.
    mutating func setFilter(_ text: String) {
        switch navigation.place {
        case .sessions:
            list.show(FilterInput(text))
        case .users:
            users.text = text
            users.arrange()
        case .audit: audit.text = text
        default: break
        }
    }

    /// Opens a prompt; with an argument, typed after `:`, it is done at once.
    mutating func openPrompt(_ id: CommandID, _ argument: String) -> [Effect] {
        switch id {
        case .filter where !argument.isEmpty:
            history.add(argument, to: .filter)
            setFilter(argument)
        case .filter: overlay = .prompt(Prompt(.filter, text: filterText, origin: list.cursor))
        case .find where !argument.isEmpty:
            history.add(argument, to: .find)
            list.find = FindInput(text: argument)
            findNext(forward: true)
        case .find: overlay = .prompt(Prompt(.find, text: list.find.text, origin: list.cursor))
        default: overlay = .prompt(Prompt(.command))
        }
        return []
    }

    mutating func pressInPrompt(_ key: Key) -> [Effect] {
        guard case .prompt(var prompt) = overlay else { return [] }
        switch key {
        case .escape: return closeOverlay()
        case .enter: return accept(prompt)
        case .up, .control("p"): prompt.recall(history.lines(of: prompt.kind), by: 1)
        case .down, .control("n"): prompt.recall(history.lines(of: prompt.kind), by: -1)
        case .tab: prompt.complete(by: 1, candidates: completions(for: prompt))
        case .backTab: prompt.complete(by: -1, candidates: completions(for: prompt))
        case .backspace where prompt.field.isEmpty: return closeOverlay()
        default:
            guard prompt.field.press(key) else { return [] }
            prompt.completionPlace = nil
            prompt.completions = []
        }
        overlay = .prompt(prompt)
        preview(prompt)
        return []
    }

    /// What is typed takes effect while one types.
    private mutating func preview(_ prompt: Prompt) {
        switch prompt.kind {
        case .filter where prompt.field.text != filterText: setFilter(prompt.field.text)
        case .find:
            list.moveCursor(to: prompt.origin)
            list.find = FindInput(text: prompt.field.text)
            if !list.find.text.isEmpty { list.find(from: list.cursorPlace, by: 1) }
        default: break
        }
    }

    private mutating func accept(_ prompt: Prompt) -> [Effect] {
        let text = prompt.field.text
        overlay = nil
        history.add(text, to: prompt.kind)
        switch prompt.kind {
        case .filter:
            preview(prompt)
            if let error = filterError { say("filter: \(error)", .error) }
        case .find:
            preview(prompt)
            if !text.isEmpty, list.find.isMissed { say("not found: \(text)", .warning) }
        case .command: return runLine(text)
        }
        return []
    }

    /// Closes what lies over the view; what it had changed for a preview is as it was.
    mutating func closeOverlay() -> [Effect] {
        defer { overlay = nil }
        switch overlay {
        case .prompt(let prompt) where prompt.kind == .filter:
            setFilter(prompt.original)
            list.moveCursor(to: prompt.origin)
        case .prompt(let prompt) where prompt.kind == .find:
            list.find = FindInput(text: prompt.original)
            list.moveCursor(to: prompt.origin)
        case .menu(let menu) where menu.kind == .theme: return useTheme(menu.original)
        default: break
        }
        return []
    }
}
