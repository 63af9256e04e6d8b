import Sessions

/// A change that is only told: it is put on record, and changes nothing.
struct DryRun {
    /// `Revoke` or `Extend`.
    let verb: String
    let target: Target
    let order: OrderOptions
    let store: OpenStore
    /// Whether a part of the store could not be asked which sessions these are.
    let isPartial: Bool
    /// Where an extend would move deadlines to; `nil`: it is no extend.
    var deadline: NewDeadline?

    /// Prints what would happen.
    func report(in environment: CommandEnvironment, to output: Output) async throws {
        let sessions = try await self.sessions()
        try await record(in: environment, note: output.note)
        let lines =
            target.missing.map(OutcomeLine.missing)
            + sessions.map { OutcomeLine.dryRun(verb, $0, to: deadline) }
        let printer = OutcomePrinter(order.format, output: output, withDeadlines: deadline != nil)
        printer.print(lines)
        printer.finish()
        let count = lines.count { $0.outcome == "would\(verb)" }
        output.note("Dry run: it would \(verb.lowercased()) \(count); nothing was changed.")
        if isPartial || lines.contains(where: \.isFailure) { throw ExitStatus.failed.exitCode }
        try printer.check()
    }

    /// The sessions with their deadlines, where they matter: of a user's no more than the ids has been read.
    private func sessions() async throws -> [Target.Session] {
        guard deadline != nil else { return target.sessions }
        var sessions = target.sessions
        for place in sessions.indices where sessions[place].deadlines == nil {
            sessions[place].deadlines = try await store.directory.detail(sessions[place].id)?.row.deadlines
        }
        return sessions
    }

    private func record(in environment: CommandEnvironment, note: (String) -> Void) async throws {
        let capabilities = store.directory.capabilities
        guard !store.isReadOnly, capabilities.audit.isPossible else {
            return note("Not on record: \(capabilities.audit.reason ?? "the store is open for reading only").")
        }
        try await store.directory.record(
            .dryRun, target: "\(verb.lowercased()) \(target.auditName)", count: target.count,
            order: environment.order(reason: order.givenReason))
    }
}
