internal import Sessions

extension State {
    mutating func changeMarks(_ id: CommandID) {
        switch id {
        case .mark: markCurrent()
        case .markRange: markRange()
        case .markAll: markAll()
        default:
            list.marks = []
            list.hiddenMarkCount = 0
            list.rangeStart = nil
        }
        sayMarks()
    }

    private mutating func markCurrent() {
        guard let id = list.cursor else { return }
        if list.marks.remove(id) == nil { list.marks.insert(id) }
        list.moveCursor(to: list.cursorPlace.moved(by: 1, below: list.count))
    }

    private mutating func markRange() {
        guard let id = list.cursor else { return }
        guard let start = list.rangeStart, let first = list.table.index(of: start) else {
            list.rangeStart = id
            return
        }
        let places = min(first, list.cursorPlace)...max(first, list.cursorPlace)
        list.marks.formUnion(places.compactMap { list.table.id(at: $0) })
        list.rangeStart = nil
    }

    private mutating func markAll() {
        // Room first: growing step by step would put every id in its place many times.
        list.marks.reserveCapacity(list.hiddenMarkCount + list.count)
        list.marks.formUnion(list.table.ids())
    }

    private mutating func sayMarks() {
        if list.rangeStart != nil { return say("range begun: move, then v again") }
        let hidden = list.hiddenMarkCount
        let note = hidden > 0 ? " (\(hidden.grouped) hidden by filter)" : ""
        say(list.marks.isEmpty ? "no marks" : "\(list.marks.count.grouped) marked\(note)")
    }
}

extension Int {
    /// The number with commas: `1,284`.
    var grouped: String {
        let digits = Array(String(magnitude))
        var text = self < 0 ? "-" : ""
        for (index, digit) in digits.enumerated() {
            if index > 0, (digits.count - index).isMultiple(of: 3) { text.append(",") }
            text.append(digit)
        }
        return text
    }
}
