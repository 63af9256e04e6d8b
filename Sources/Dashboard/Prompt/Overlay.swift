public import Sessions

/// What lies over the view and takes the keys: one thing at a time, and Escape closes it.
public enum Overlay: Sendable {
    /// A line to type into, above the keys.
    case prompt(Prompt)
    /// A short list to choose from.
    case menu(Menu)
    /// The keys and what they do.
    case help(Help)
    /// The last messages, from a line on.
    case log(top: Int)
    /// A question before a change.
    case dialog(Dialog)
}

/// A line to type into.
public struct Prompt: Sendable, Equatable {
    /// What is typed.
    public enum Kind: Sendable, Hashable {
        /// The filter, live as one types.
        case filter
        /// A command.
        case command
        /// What to look for without hiding anything.
        case find

        /// What stands before the line.
        public var label: String {
            switch self {
            case .filter: "/"
            case .command: ":"
            case .find: "find "
            }
        }
    }

    /// What is typed.
    public var kind: Kind
    /// The line.
    public var field: TextField
    /// What stood there when the prompt opened: Escape brings it back.
    public var original: String
    /// Which line of the history is shown, counted from the newest; `nil`: none of it.
    public var historyPlace: Int?
    /// What the word before the cursor could become.
    public var completions: [String] = []
    /// The completion that is filled in.
    public var completionPlace: Int?

    /// The session under the cursor when the prompt opened: Escape goes back to it.
    public var origin: IDHash?

    /// Opens a prompt.
    public init(_ kind: Kind, text: String = "", origin: IDHash? = nil) {
        self.kind = kind
        self.origin = origin
        original = text
        field = TextField(text, limit: Self.limit)
    }

    /// Characters that a line holds.
    public static let limit = 500
}

/// A list to choose from.
public struct Menu: Sendable, Equatable {
    /// What is chosen.
    public enum Kind: Sendable, Equatable {
        /// The column to sort by.
        case sort
        /// The columns that are shown; Space turns one on or off.
        case columns
        /// The theme, shown while one looks.
        case theme
        /// The context that is looked at.
        case context
    }

    /// One line of it.
    public struct Item: Sendable, Equatable {
        /// What stands there.
        public var title: String
        /// A few more words.
        public var note: String
        /// Whether it is on, where it can be turned on and off.
        public var isOn: Bool?

        /// Makes a line.
        public init(_ title: String, note: String = "", isOn: Bool? = nil) {
            self.title = title
            self.note = note
            self.isOn = isOn
        }
    }

    /// What is chosen.
    public var kind: Kind
    /// The lines.
    public var items: [Item]
    /// The line under the cursor.
    public var selected: Int
    /// What was in use when the menu opened: Escape brings it back.
    public var original: String

    /// Opens a menu.
    public init(_ kind: Kind, items: [Item], selected: Int, original: String) {
        self.kind = kind
        self.items = items
        self.selected = items.isEmpty ? 0 : min(max(selected, 0), items.count - 1)
        self.original = original
    }
}

/// The help: every command of the place it was opened in, to be searched and run.
public struct Help: Sendable, Equatable {
    /// Only commands whose keys, name or words contain this are listed.
    public var field = TextField("", limit: 60)
    /// The line under the cursor, among those listed.
    public var selected = 0

    /// All commands.
    public init() {}
}
