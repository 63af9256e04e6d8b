/// A bounded line of text that one edits.
public struct TextField: Sendable, Equatable {
    /// The characters.
    public private(set) var characters: [Character]
    /// How many characters stand before the cursor.
    public private(set) var cursor: Int
    /// How many characters it holds at most.
    public let limit: Int

    /// Makes a field with the cursor at its end.
    public init(_ text: String = "", limit: Int) {
        self.limit = limit
        characters = Array(text.prefix(limit))
        cursor = characters.count
    }

    /// The text.
    public var text: String { String(characters) }
    /// Whether there is nothing in it.
    public var isEmpty: Bool { characters.isEmpty }

    /// Replaces everything; the cursor goes to the end.
    public mutating func replace(with text: String) { self = TextField(text, limit: limit) }

    /// Puts a character in at the cursor, where there is room and it isn't a control character.
    public mutating func insert(_ character: Character) {
        guard characters.count < limit, !character.isControl, character.utf8.count <= 64 else { return }
        characters.insert(character, at: cursor)
        cursor += 1
    }

    /// Takes the character before the cursor away.
    public mutating func deleteBackward() {
        guard cursor > 0 else { return }
        cursor -= 1
        characters.remove(at: cursor)
    }

    /// Takes the character under the cursor away.
    public mutating func deleteForward() {
        guard cursor < characters.count else { return }
        characters.remove(at: cursor)
    }

    /// Takes the word before the cursor away.
    public mutating func deleteWord() {
        while cursor > 0, characters[cursor - 1] == " " { deleteBackward() }
        while cursor > 0, characters[cursor - 1] != " " { deleteBackward() }
    }

    /// Takes everything before the cursor away.
    public mutating func deleteToStart() {
        characters.removeFirst(cursor)
        cursor = 0
    }

    /// Takes everything from the cursor on away.
    public mutating func deleteToEnd() { characters.removeLast(characters.count - cursor) }

    /// Moves the cursor by so many characters.
    public mutating func move(by distance: Int) { cursor = min(max(cursor + distance, 0), characters.count) }

    /// Moves the cursor to the beginning.
    public mutating func moveToStart() { cursor = 0 }

    /// Moves the cursor to the end.
    public mutating func moveToEnd() { cursor = characters.count }
}

extension Character {
    /// Whether it is, or holds, a control character: never text.
    var isControl: Bool {
        unicodeScalars.contains { $0.value < 0x20 || (0x7f...0x9f).contains($0.value) }
    }
}
