internal import Screen
internal import Sessions

extension State {
    /// Shows a message for a while.
    mutating func say(_ text: String, _ level: Flash.Level = .info) { flash = keep(text, level) }

    /// Keeps a message to be read in the log.
    @discardableResult
    mutating func keep(_ text: String, _ level: Flash.Level) -> Flash {
        let message = Flash(text, level: level, at: now.wall, until: now.monotonic + Flash.stay)
        messages.append(message)
        if messages.count > Flash.keptLimit { messages.removeFirst() }
        return message
    }

    mutating func pressInLog(_ key: Key) -> [Effect] {
        guard case .log(let top) = overlay else { return [] }
        switch key {
        case .escape, .character("q"), .character("L"): return closeOverlay()
        default: overlay = .log(top: top.stepped(by: key, among: LogOverlay.places(self)))
        }
        return []
    }
}
