public import Screen

/// One row of the table of commands.
///
/// The table drives the dispatch of keys, the line of keys, the help, the completion of `:` and the table in the README.
public struct Command: Sendable {
    /// Where the help lists it.
    public enum Group: String, Sendable, CaseIterable {
        /// Moving, and going somewhere.
        case navigation = "Navigation"
        /// Marking, filtering, sorting.
        case rows = "Rows"
        /// Changing sessions, and everything else.
        case actions = "Actions"
    }

    /// What happens when it is run by mistake.
    public enum Danger: Sendable, Equatable {
        /// Nothing.
        case none
        /// Something is shown or written that is put on the record. A dialog asks first.
        case recorded
        /// Sessions change. A dialog asks first.
        case destructive
    }

    /// Which.
    public let id: CommandID
    /// Its name after `:`, and in the help.
    public let name: String
    /// What may stand behind the name: `NAME`, `[FILTER]`; `nil`: nothing.
    public let argument: String?
    /// The keys that run it, the one to tell people first.
    public let keys: [Key]
    /// Where it can be run.
    public let scope: Scope
    /// Where the help lists it.
    public let group: Group
    /// What happens when it is run by mistake.
    public let danger: Danger
    /// What it does, in a few words.
    public let help: String
    /// The word for the line of keys; `nil`: it isn't put there.
    public let hint: String?
    /// Why it can't be run now; `nil`: it can.
    public let disabledReason: @Sendable (State) -> String?
    /// The same, where what it is about is named after `:`.
    public let namedReason: @Sendable (State) -> String?

    init(
        _ id: CommandID, _ name: String, argument: String? = nil, keys: [Key] = [], in scope: Scope = .everywhere,
        _ group: Group, danger: Danger = .none, hint: String? = nil, _ help: String,
        unless disabledReason: @escaping @Sendable (State) -> String? = { _ in nil },
        named namedReason: (@Sendable (State) -> String?)? = nil
    ) {
        self.id = id
        self.name = name
        self.argument = argument
        self.keys = keys
        self.scope = scope
        self.group = group
        self.danger = danger
        self.help = help
        self.hint = hint
        self.disabledReason = disabledReason
        self.namedReason = namedReason ?? disabledReason
    }
}
