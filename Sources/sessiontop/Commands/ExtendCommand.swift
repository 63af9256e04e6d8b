import ArgumentParser
import Sessions

/// `sessiontop extend STORE …`: moves idle deadlines later.
struct ExtendCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "extend", abstract: "Let sessions idle longer.",
        discussion: """
            Never past a session's absolute deadline, never shorter, and never reviving one that has ended. Say which \
            sessions, by their handles, --user or --filter, and how long, by --by or --until.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var order: OrderOptions

    @Option(parsing: .unconditional, help: ArgumentHelp("How much later: 90s, 30m, 2h, 1d.", valueName: "duration"))
    var by: String?

    @Option(parsing: .unconditional, help: ArgumentHelp("Until when: 2026-08-21T13:34:12Z.", valueName: "time"))
    var until: String?

    func run(in environment: CommandEnvironment, output: Output) async throws {
        let deadline = try deadline(after: environment.time.wall())
        let open = try await OpenStore(store, toChange: true, in: environment, note: output.note)
        try open.require(open.directory.capabilities.extend, to: "extend", isDryRun: order.dryRun)
        let target = try await Target(targets, everyone: false, in: open.directory, at: environment.time.wall())
        let isPartial = await open.hasGaps(in: target, note: output.note)
        target.tellNone(note: output.note)
        if order.dryRun {
            var run = DryRun(verb: "Extend", target: target, order: order, store: open, isPartial: isPartial)
            run.deadline = deadline
            return try await run.report(in: environment, to: output)
        }
        try await Consent(verb: "extend", target: target, order: order, store: open)
            .obtain(in: environment, note: output.note)
        let printer = OutcomePrinter(order.format, output: output, withDeadlines: true)
        var ended = await extend(target, to: deadline, in: open.directory, environment, tell: printer.print)
        printer.finish()
        for sentence in await open.directory.takeUnrecorded() {
            ended.hasFailure = true
            output.note("Not on record: \(sentence).")
        }
        if ended.didAnything, let notes = open.directory.description.notes { output.note(notes.afterExtend) }
        if let error = ended.error, !ended.didAnything { throw error }
        if ended.hasFailure || isPartial { throw ExitStatus.failed.exitCode }
        try printer.check()
    }

    private func deadline(after now: Timestamp) throws -> NewDeadline {
        let deadline = try given(after: now)
        guard deadline.wanted(from: now) <= .lastWritable else {
            throw SessionsError(.usage, "no session ends after \(Timestamp.lastWritable): choose an earlier time")
        }
        return deadline
    }

    private func given(after now: Timestamp) throws -> NewDeadline {
        switch (by, until) {
        case (let by?, nil):
            guard let duration = DurationText.parse(by), duration > .zero else {
                throw SessionsError(.usage, "--by takes a duration: 90s, 30m, 2h, 1d")
            }
            return .by(duration)
        case (nil, let until?):
            guard let moment = Timestamp(rfc3339: until), moment > now else {
                throw SessionsError(.usage, "--until takes a time to come in RFC 3339: 2026-08-21T13:34:12Z")
            }
            return .until(moment)
        default: throw SessionsError(.usage, "say how long: --by 30m or --until TIME")
        }
    }

    /// How the work ended.
    private struct Ended {
        var hasFailure = false
        var didAnything = false
        var error: (any Error)?
    }

    private func extend(
        _ target: Target, to deadline: NewDeadline, in directory: any SessionDirectory,
        _ environment: CommandEnvironment, tell: ([OutcomeLine]) -> Void
    ) async -> Ended {
        var ended = Ended(hasFailure: !target.missing.isEmpty)
        tell(target.missing.map(OutcomeLine.missing))
        var rest = target.sessions[...]
        let order = environment.order(reason: order.givenReason)
        while !rest.isEmpty {
            let piece = Array(rest.prefix(500))
            rest = rest.dropFirst(500)
            let lines: [OutcomeLine]
            do {
                if let error = ended.error { throw error }
                let outcomes = try await directory.extend(piece.map(\.id), to: deadline, order: order)
                lines = zip(piece, outcomes).map { OutcomeLine($0, $1) }
                ended.didAnything = true
            } catch {
                ended.error = error
                lines = piece.map { .failed($0, because: error) }
            }
            ended.hasFailure = ended.hasFailure || lines.contains(where: \.isFailure)
            tell(lines)
        }
        return ended
    }
}
