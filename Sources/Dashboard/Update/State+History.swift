internal import Sessions

extension State {
    /// What is under the cursor at the present place.
    private var visit: Visit {
        Visit(navigation.place, cursor: list.cursor, filter: filterText, top: list.top)
    }

    /// Shows a place on top of the present one: Escape comes back.
    mutating func push(_ place: Place) -> [Effect] {
        remember()
        if navigation.stack.count >= Navigation.depthLimit { navigation.stack.remove(at: 1) }
        navigation.stack[navigation.stack.count - 1] = visit
        navigation.stack.append(Visit(place))
        return arrive()
    }

    /// Shows a place instead of all that is open, as it was left.
    mutating func show(_ place: Place) -> [Effect] {
        guard navigation.stack.count > 1 || navigation.place != place else { return [] }
        remember()
        let before = navigation.past.last { $0.place == place }
        navigation.stack = [before ?? Visit(place)]
        return arrive()
    }

    /// Goes down one; at the root there is nowhere to go.
    mutating func goBack() -> [Effect] {
        guard !navigation.isAtRoot else { return [] }
        remember()
        navigation.stack.removeLast()
        return arrive()
    }

    mutating func goInHistory(back: Bool) -> [Effect] {
        let here = visit
        let next = back ? navigation.past.popLast() : navigation.future.popLast()
        guard let next else { return [] }
        if back {
            navigation.future.append(here)
        } else {
            navigation.past.append(here)
        }
        return replace(with: next)
    }

    mutating func swapWithLast() -> [Effect] {
        guard let last = navigation.past.popLast() else { return [] }
        remember()
        return replace(with: last)
    }

    /// A place of the history stands on the root of its tab, so that Escape leads out of it.
    private mutating func replace(with visit: Visit) -> [Effect] {
        navigation.stack = visit.place.root == visit.place ? [visit] : [Visit(visit.place.root), visit]
        return arrive()
    }

    private mutating func remember() {
        navigation.past.append(visit)
        if navigation.past.count > Navigation.historyLimit { navigation.past.removeFirst() }
        navigation.future = []
    }

    /// Puts the present place's own filter, cursor and scrolling in force, and asks for what it shows.
    private mutating func arrive() -> [Effect] {
        guard let visit = navigation.stack.last else { return [] }
        if visit.place.scope != .inspect, !isPaneShown { mask() }
        switch visit.place {
        case .sessions(let scope): arrive(in: scope, visit)
        case .users: countUsersSoon()
        case .inspect(let id):
            // The next and the previous session are those around it in the list.
            if list.table.shows(id) { list.moveCursor(to: id) }
            return inspect(id)
        case .result: (resultPlace, resultTop) = (0, 0)
        case .nodes, .stats:
            fleet.sessions = list.table.liveCountsByNode
            return refresh()
        case .audit: return refresh()
        }
        return []
    }

    private mutating func arrive(in scope: SessionList.Scope, _ visit: Visit) {
        list.rangeStart = nil
        list.release()
        list.show(FilterInput(visit.filter), in: scope)
        list.moveCursor(to: visit.cursor)
        list.top = visit.top
    }
}

extension Place {
    /// The place of its tab that everything else there stands on.
    var root: Place {
        switch tab {
        case .sessions: .sessions(.all)
        case .users: .users
        case .stats: .stats
        case .nodes: .nodes
        case .audit: .audit
        }
    }
}
