import ArgumentParser
import Sessions

/// `sessiontop extend STORE …`: moves idle deadlines later.
struct ExtendCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "extend", abstract: "Let sessions idle longer.",
        discussion: "Never past a session's absolute deadline, never shorter, and never reviving one that has ended.")

    @OptionGroup var store: StoreOptions
    @OptionGroup var targets: TargetOptions
    @OptionGroup var order: OrderOptions

    @Option(help: ArgumentHelp("How much later: 90s, 30m, 2h, 1d.", valueName: "duration"))
    var by: String?

    @Option(help: ArgumentHelp("Until when: 2026-08-21T13:34:12Z.", valueName: "time"))
    var until: String?

    func run(in environment: CommandEnvironment, output: Output) async throws {
        let deadline = try deadline(after: environment.time.wall())
        let open = try OpenStore(store, toChange: true, in: environment, note: output.note)
        if !order.dryRun { try open.require(open.directory.capabilities.extend, to: "extend") }
        let target = try await Target(targets, everyone: false, in: open.directory, at: environment.time.wall())
        if order.dryRun {
            let run = DryRun(verb: "Extend", target: target, order: order, store: open)
            return try await run.report(in: environment, to: output, withDeadlines: true)
        }
        try await Consent(verb: "extend", target: target, order: order, store: open)
            .obtain(in: environment, note: output.note)
        let (lines, error) = await extend(target, to: deadline, in: open.directory, environment)
        try OutcomeLine.print(lines, as: order.format, to: output, withDeadlines: true)
        if let error, !lines.contains(where: { $0.outcome != "failed" }) { throw error }
        if lines.contains(where: \.isFailure) { throw ExitStatus.failed.exitCode }
    }

    private func deadline(after now: Timestamp) throws -> NewDeadline {
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

    private func extend(
        _ target: Target, to deadline: NewDeadline, in directory: any SessionDirectory,
        _ environment: CommandEnvironment
    ) async -> (lines: [OutcomeLine], error: (any Error)?) {
        var lines = target.missing.map(OutcomeLine.missing)
        var failure: (any Error)?
        var rest = target.sessions[...]
        let order = environment.order(reason: order.givenReason)
        while !rest.isEmpty {
            let piece = Array(rest.prefix(500))
            rest = rest.dropFirst(500)
            do {
                if let failure { throw failure }
                let outcomes = try await directory.extend(piece.map(\.id), to: deadline, order: order)
                lines += zip(piece, outcomes).map { OutcomeLine($0, $1) }
            } catch {
                failure = error
                lines += piece.map { .failed($0, because: error) }
            }
        }
        return (lines, failure)
    }
}
