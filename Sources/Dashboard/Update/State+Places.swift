internal import Sessions

extension State {
    /// Goes to what is under the cursor, or to what was named.
    mutating func go(_ id: CommandID, _ argument: String) -> [Effect] {
        switch id {
        case .open: return open()
        case .inspect: return argument.isEmpty ? openDetail() : inspect(handle: argument)
        case .raw: return showRaw()
        case .expand: return toggleExpanded()
        case .user: return showUser(argument)
        case .result:
            guard let job = jobs.jobs.last else { return [] }
            return push(.result(job.id))
        default: return []
        }
    }

    private mutating func open() -> [Effect] {
        switch navigation.place {
        case .sessions: return openDetail()
        case .users: return showUser("")
        case .nodes: return fleet.cursor.map { push(.sessions(.node($0))) } ?? []
        case .result: return currentSession.map { push(.inspect($0)) } ?? []
        case .audit: audit.toggleExpanded()
        default: break
        }
        return []
    }

    /// Beside the table where there is room, else over the whole screen.
    private mutating func openDetail() -> [Effect] {
        guard let id = list.cursor else { return [] }
        guard size.isWide, !isPaneShown else { return push(.inspect(id)) }
        inspector.isPaneOpen = true
        return inspect(id)
    }

    private mutating func inspect(handle text: String) -> [Effect] {
        guard let prefix = HandlePrefix(text) else {
            say("inspect: type 6 or more digits of a handle", .warning)
            return []
        }
        let found = list.table.liveIDs(matching: prefix)
        guard found.count == 1 else {
            say("inspect: \(found.isEmpty ? "no such live session is held" : "more than one begins so")", .warning)
            return []
        }
        return push(.inspect(found[0]))
    }

    private mutating func showRaw() -> [Effect] {
        inspector.isRaw.toggle()
        if case .inspect = navigation.place { return [] }
        guard !isPaneShown else { return [] }
        inspector.isRaw = true
        return openDetail()
    }

    private mutating func toggleExpanded() -> [Effect] {
        if case .inspect = navigation.place { return goBack() }
        return list.cursor.map { push(.inspect($0)) } ?? []
    }

    private mutating func showUser(_ name: String) -> [Effect] {
        let user = name.isEmpty ? currentUser : UserKey(name)
        guard let user else { return [] }
        guard navigation.place != .sessions(.user(user.name)) else { return [] }
        return push(.sessions(.user(user.name)))
    }

    /// Tabs and the history of places.
    mutating func travel(_ id: CommandID) -> [Effect] {
        switch id {
        case .back: return escape()
        case .leave: return leave()
        case .nextTab: return showTab(offset: 1)
        case .previousTab: return showTab(offset: -1)
        case .historyBack: return goInHistory(back: true)
        case .historyForward: return goInHistory(back: false)
        case .lastPlace: return swapWithLast()
        default: return []
        }
    }

    mutating func showTab(of id: CommandID) -> [Effect] {
        switch id {
        case .users: return show(.users)
        case .stats: return show(.stats)
        case .nodes: return show(.nodes)
        case .audit: return show(.audit)
        default: return show(.sessions(.all))
        }
    }

    private mutating func showTab(offset: Int) -> [Effect] {
        let count = Tab.allCases.count
        let number = (navigation.tab.rawValue - 1 + offset + count) % count
        return show([.sessions(.all), .users, .stats, .nodes, .audit][number])
    }

    /// One layer at a time: what the view has on, the filter, then the place itself.
    private mutating func escape() -> [Effect] {
        if navigation.place.scope == .list {
            if isPaneShown {
                closePane()
                return []
            }
            if list.rangeStart != nil {
                list.rangeStart = nil
                return []
            }
        }
        if navigation.place == .audit, audit.isExpanded {
            audit.toggleExpanded()
            return []
        }
        if navigation.place.scope != .inspect, !filterText.isEmpty {
            setFilter("")
            return []
        }
        return goBack()
    }

    /// Whether Escape has anything to close, to clear or to go back to.
    var hasWayBack: Bool {
        if navigation.place.scope == .list, isPaneShown || list.rangeStart != nil { return true }
        if navigation.place == .audit, audit.isExpanded { return true }
        if navigation.place.scope != .inspect, !filterText.isEmpty { return true }
        return !navigation.isAtRoot
    }

    private mutating func leave() -> [Effect] {
        if navigation.place.scope == .list, isPaneShown {
            closePane()
            return []
        }
        guard navigation.isAtRoot else { return goBack() }
        guard let job = jobs.jobs.last(where: { $0.isRunning }), !isSecondPress() else { return [.quit] }
        say("\(job.title): still running; q again within 2 s quits, Ctrl-C stops it", .warning)
        return []
    }

    mutating func closePane() {
        inspector.isPaneOpen = false
        inspector.id = nil
        inspector.content = .none
        mask()
    }
}
