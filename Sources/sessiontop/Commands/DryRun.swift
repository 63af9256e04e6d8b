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

    /// Prints what would happen.
    func report(in environment: CommandEnvironment, to output: Output, withDeadlines: Bool) async throws {
        try await record(in: environment, note: output.note)
        let lines = target.missing.map(OutcomeLine.missing) + target.sessions.map { OutcomeLine.dryRun(verb, $0) }
        let printer = OutcomePrinter(order.format, output: output, withDeadlines: withDeadlines)
        printer.print(lines)
        printer.finish()
        let count = target.sessions.count { $0.state == .live }
        output.note("Dry run: it would \(verb.lowercased()) \(count); nothing was changed.")
        if isPartial || !target.missing.isEmpty { throw ExitStatus.failed.exitCode }
        try printer.check()
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
