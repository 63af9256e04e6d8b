internal import Sessions

extension State {
    mutating func changeMarks(_ id: CommandID) {
        switch id {
        case .mark: markCurrent()
        case .markRange: markRange()
        case .markAll: list.table.mark(0..<list.count)
        default:
            list.table.clearMarks()
            list.rangeStart = nil
        }
        list.countMarks()
        sayMarks()
    }

    private mutating func markCurrent() {
        guard let id = list.cursor else { return }
        list.table.setMark(id, to: !list.table.isMarked(id))
        list.moveCursor(to: list.cursorPlace.moved(by: 1, below: list.count))
    }

    private mutating func markRange() {
        guard let id = list.cursor else { return }
        guard let start = list.rangeStart, let first = list.table.index(of: start) else {
            list.rangeStart = id
            return
        }
        list.table.mark(min(first, list.cursorPlace)..<max(first, list.cursorPlace) + 1)
        list.rangeStart = nil
    }

    private mutating func sayMarks() {
        if list.rangeStart != nil { return say("range begun: move, then v again") }
        let hidden = list.hiddenMarkCount
        let note = hidden > 0 ? " (\(Format.count(hidden)) hidden by filter)" : ""
        say(list.markCount == 0 ? "no marks" : "\(Format.count(list.markCount)) marked\(note)")
    }
}
