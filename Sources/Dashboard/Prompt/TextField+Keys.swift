internal import Screen

extension TextField {
    /// Edits the text as a key says.
    ///
    /// - Parameter key: a character, one of the usual keys of a line of input, or a paste.
    /// - Returns: whether the key meant anything here.
    mutating func press(_ key: Key) -> Bool {
        switch key {
        case .character(let character): insert(character)
        case .paste(let text): paste(text)
        case .backspace: deleteBackward()
        case .delete, .control("d"): deleteForward()
        case .left, .control("b"): move(by: -1)
        case .right, .control("f"): move(by: 1)
        case .home, .control("a"): moveToStart()
        case .end, .control("e"): moveToEnd()
        case .control("w"): deleteWord()
        case .control("u"): deleteToStart()
        case .control("k"): deleteToEnd()
        default: return false
        }
        return true
    }

    /// Puts a pasted text in: its line breaks and controls are left out, so that nothing is confirmed by a paste.
    private mutating func paste(_ text: String) {
        for character in text.prefix(limit) { insert(character) }
    }
}
