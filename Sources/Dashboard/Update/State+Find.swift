internal import Sessions

extension State {
    mutating func findNext(forward: Bool) {
        let step = forward ? 1 : -1
        list.find(from: list.cursorPlace + step, by: step)
        list.hold(until: now.monotonic + SessionList.holdTime)
        if list.find.isMissed { say("not found: \(list.find.text)", .warning) }
    }
}

extension SessionList {
    /// Moves the cursor to the next listed row that holds the text, once round the list.
    mutating func find(from start: Int, by step: Int) {
        let found = table.find(find.text, from: start, by: step)
        find.isMissed = found == nil
        if let found { moveCursor(to: found) }
    }
}
