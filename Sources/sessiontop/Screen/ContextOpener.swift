import Sessions

/// Opens contexts beside the store that the program was begun with.
///
/// What was given for that store alone goes to no other, and comes back with it.
struct ContextOpener: Sendable {
    /// What was named when the program was begun: a context, or a URL, which is no context's name.
    var first: String
    /// The options that it was begun with.
    var common: CommonOptions
    /// What it was joined with.
    var joining: JoiningOptions
    /// What is around the program.
    var environment: CommandEnvironment

    /// Variables that were set for one store: another is a server of its own, which may not be trusted with them.
    private static let variablesOfOne: Set = ["SESSIONTOP_PASSWORD", "SESSIONTOP_KEYS"]

    /// Opens a context.
    ///
    /// - Throws: ``SessionsError`` where it can't be used, and whatever its store throws.
    func open(_ name: String) async throws -> ShownStore {
        let own = surroundings(of: name)
        let open: OpenStore
        // What the configuration has that isn't known was said when the program was begun.
        if isFirst(name) {
            open = try await OpenStore(name, common, joining, toChange: true, in: own, note: { _ in })
        } else {
            var common = common
            common.layout = nil
            open = try await OpenStore(name, common, toChange: true, in: own, note: { _ in })
        }
        var shown = try ShownStore(open, variable: own.variable)
        shown.notes = open.layoutNotes
        return shown
    }

    /// What a context finds around it: a password and keys only where they were given for it, and no terminal, which the
    /// dashboard has.
    func surroundings(of name: String) -> CommandEnvironment {
        var own = environment
        own.mayUseTerminal = false
        guard !isFirst(name) else { return own }
        let variable = environment.variable
        own.variable = { Self.variablesOfOne.contains($0) ? nil : variable($0) }
        return own
    }

    private func isFirst(_ name: String) -> Bool { name.hasBytes(of: first) }
}
