import ArgumentParser
import Screen
import Sessions

/// `sessiontop revoke STORE …`: ends sessions, now and for good.
struct RevokeCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "End sessions, now and for good.",
        discussion: """
            It waits until the revoke is effective, that is until no node can serve the sessions any more, and looks again \
            after 2 s and 10 s whether one came back. Each outcome is printed as soon as it is durable. Say which sessions: \
            their handles, or one of --user, --filter and --all. In sessiontop's own layout --user and --all are cut-offs: \
            whatever was issued before is refused, listed or not.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var order: OrderOptions

    @Flag(help: "Every live session of everyone.")
    var all = false

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp(
            "Tokens live so long: tell until when they may be accepted where the feed isn't followed; else as counted.",
            valueName: "duration"))
    var tokenLife: String?

    @Flag(help: "Return when it is durable: don't wait until it is effective, don't look again.")
    var noWait = false

    func run(in environment: CommandEnvironment, output: Output) async throws {
        let exposure = try tokenLife.map { try ResidualExposure(tokenLife: $0) }
        let open = try await OpenStore(store, toChange: true, in: environment, note: output.note)
        try open.require(open.directory.capabilities.revoke, to: "revoke", isDryRun: order.dryRun)
        let target = try await Target(targets, everyone: all, in: open.directory, at: environment.time.wall())
        let isPartial = await open.hasGaps(in: target, note: output.note)
        target.tellNone(note: output.note)
        if order.dryRun {
            let run = DryRun(verb: "Revoke", target: target, order: order, store: open, isPartial: isPartial)
            return try await run.report(in: environment, to: output)
        }
        try await Consent(verb: "revoke", target: target, order: order, store: open)
            .obtain(in: environment, note: output.note)
        let printer = OutcomePrinter(order.format, output: output)
        var work = RevokeWork(directory: open.directory, environment: environment, output: output)
        await work.revoke(target, reason: order.givenReason, tell: printer.print)
        printer.finish()
        if work.didAnything { await tell(exposure, of: target, in: open, environment, note: output.note) }
        await follow(&work, of: target, in: open)
        if let error = work.error, !work.didAnything { throw error }
        if work.hasFailure || isPartial { throw ExitStatus.failed.exitCode }
        try printer.check()
    }

    /// Tells which access tokens nobody can take back: as it was told how long they live, else as they were counted.
    private func tell(
        _ exposure: ResidualExposure?, of target: Target, in open: OpenStore, _ environment: CommandEnvironment,
        note: (String) -> Void
    ) async {
        if let exposure { return note(exposure.note(for: target.description, at: environment.time.wall())) }
        do {
            if let text = try await CountedExposure.note(for: target.sessions.map(\.id), in: open, environment) {
                note(text)
            }
        } catch {
            note("Whether access tokens are in circulation could not be read: \(error)")
        }
    }

    /// Waits until the revoke is effective, and looks whether anything came back.
    private func follow(_ work: inout RevokeWork, of target: Target, in open: OpenStore) async {
        guard let receipt = work.receipt else { return }
        // Elsewhere a user's revoke is one of the sessions that are there.
        let isCutOff = target.isCutOff && open.directory.description.layout == "native"
        let foundNone = receipt.outcomes.isEmpty && receipt.unlisted == 0
        if case .user(let name) = target.choice, foundNone, receipt.unreached.isEmpty {
            let cutOff = "The cut-off is set: whatever was issued to \(Escaping.text(name)) before is refused."
            work.output.note(isCutOff ? cutOff : "Nothing was done.")
        }
        let words = Set(receipt.outcomes.map(\.outcome.word))
        // What isn't there no node serves. What has expired by this clock may live on by a node's: there it is waited for,
        // where nodes can be asked.
        let known = ["revoked", "alreadyRevoked"]
        let waited = open.directory.capabilities.nodes.reason == nil ? known + ["expired"] : known
        guard isCutOff || !words.isDisjoint(with: waited) else { return }
        let unpins = open.directory.capabilities.revokeMeaning == .unpins
        if unpins, !work.ended.isEmpty {
            work.output.note("Unpinned; no session was ended: revoke it in its store, or add --with STORE.")
        }
        // Before anything is waited for: whoever doesn't wait must hear of it, too.
        if !work.ended.isEmpty, let notes = open.directory.description.notes {
            for sentence in notes.afterRevoke { work.output.note(sentence) }
        }
        if noWait {
            if !unpins, isCutOff || !words.isDisjoint(with: ["revoked", "expired"]) {
                work.output.note("Durable. Not waited for: nodes may serve these sessions for a moment yet.")
            }
            return
        }
        // Nodes serve unpinned sessions as before: there is nothing to wait for.
        let unknown = unpins ? nil : open.directory.capabilities.nodes.reason
        if !unpins, unknown == nil { await work.waitUntilEffective(receipt) }
        let returned = await work.lookAgain(since: receipt.durable)
        // Only now: of those that came back it would not be true.
        if let unknown { work.noteEnded(returned: returned.count, unknown: unknown) }
        guard !returned.isEmpty else { return }
        let printer = OutcomePrinter(order.format, output: work.output)
        printer.print(returned)
        printer.finish()
    }
}
