internal import Screen

extension State {
    /// What each command does.
    mutating func perform(_ id: CommandID, _ argument: String) -> [Effect] {
        switch id {
        case .moveDown, .moveUp, .halfPageDown, .halfPageUp, .pageDown, .pageUp, .top, .bottom: return move(id)
        case .scrollLeft: list.leftColumn = max(0, list.leftColumn - 1)
        case .scrollRight: list.leftColumn = list.leftColumn.moved(by: 1, below: list.scrollableColumns.count)
        case .open, .inspect, .raw, .expand, .user, .result: return go(id, argument)
        case .back, .leave, .nextTab, .previousTab, .historyBack, .historyForward, .lastPlace: return travel(id)
        case .sessions, .users, .stats, .nodes, .audit: return showTab(of: id)
        case .mark, .markRange, .markAll, .clearMarks: changeMarks(id)
        case .filter, .find, .command: return openPrompt(id, argument)
        case .findNext: findNext(forward: true)
        case .findPrevious: findNext(forward: false)
        case .sort, .sortPrevious, .sortNext, .invert: changeSort(id, argument)
        case .columns: openColumnMenu()
        case .follow: toggleFollow()
        case .window: fleet.window = fleet.window.next
        case .graphs: graphs = graphs == .blocks ? .braille : .blocks
        case .revoke, .revokeUser, .extend, .reveal, .export, .drainNode, .stopNode, .readyNode:
            return ask(id, argument)
        default: return performRest(id, argument)
        }
        return []
    }

    private mutating func performRest(_ id: CommandID, _ argument: String) -> [Effect] {
        switch id {
        case .copy: return copyHandle()
        case .pause: togglePause()
        case .slower: stepInterval(by: 1)
        case .faster: stepInterval(by: -1)
        case .interval: setInterval(argument)
        case .refresh: return reload(isChanged: false)
        case .stopLoading: stopLoading(because: "stopped")
        case .redraw: return [.redraw]
        case .suspend: return [.suspend]
        case .help: overlay = .help(Help())
        case .log: overlay = .log(top: 0)
        case .theme: return chooseTheme(argument)
        case .context: return chooseContext(argument)
        case .interrupt: return interrupt()
        case .quit: return [.quit]
        default: break
        }
        return []
    }
}
