internal import Screen

extension State {
    /// Where a key scrolls the list of the open dialog to.
    ///
    /// - Parameters:
    ///   - frozen: the dialog's sessions.
    ///   - top: the first of them on the screen.
    ///   - key: the key.
    ///   - isTyping: whether a line is edited, in which Home and End move the cursor.
    /// - Returns: the first on the screen then; `nil`: the key means something else.
    func scrolled(_ frozen: FrozenSet, from top: Int, by key: Key, isTyping: Bool) -> Int? {
        let rows = Overlays.listRows(self)
        // Where all of it is in sight, the arrows move the focus.
        let last = frozen.lines.count - rows
        guard rows > 0, last > 0 else { return nil }
        let start = min(top, last)
        let wanted: Int
        switch key {
        case .down: wanted = start + 1
        case .up: wanted = start - 1
        case .pageDown: wanted = start + rows
        case .pageUp: wanted = start - rows
        case .home where !isTyping: wanted = 0
        case .end where !isTyping: wanted = last
        default: return nil
        }
        return min(max(wanted, 0), last)
    }
}
