import ArgumentParser
import Sessions

/// `sessiontop watch STORE`: a line of JSON for each change, until interrupted.
struct WatchCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "watch", abstract: "Print a JSON line for each change until interrupted.",
        discussion: """
            Events: created, seen, extended, changed, revoked, expired, removed. Each line has the event, when it was \
            noticed, and the session as list prints it; of a removed one only its handle is left.
            """)

    static let endsByInterrupt = true

    @OptionGroup var store: StoreOptions

    @Option(parsing: .unconditional, help: "Only sessions that match, live or not; see list --help.")
    var filter: String?

    func run(in environment: CommandEnvironment, output: Output) async throws {
        do {
            try await watch(in: environment, output)
        } catch  where error is CancellationError || Task.isCancelled {
            // The interrupt that was promised as the end.
        }
    }

    private func watch(in environment: CommandEnvironment, _ output: Output) async throws {
        let open = try await OpenStore(store, in: environment, note: output.note)
        let selection = try RowSelection(filter, layout: open.directory.description.layout)
        let watcher = try await ChangeWatcher(directory: open.directory, time: environment.time)
        output.note("Watching \(open.directory.description.url): \(watcher.count) sessions are there.")
        var isLost = false
        var gaps: [String] = []
        while true {
            let missing = await open.directory.gaps()
            for gap in missing where !gaps.contains(gap) { output.note("Incomplete: \(gap).") }
            gaps = missing
            try await environment.time.sleep(environment.time.monotonic() + .seconds(1))
            let events: [ChangeEvent]
            do {
                events = try await watcher.poll()
                isLost = false
            } catch let error as SessionsError {
                if !isLost { output.note("sessiontop: \(error); trying again") }
                isLost = true
                continue
            }
            for event in events where selection.filter.isEverything || event.matches(selection) {
                try output.line(event.json(layout: selection.layout))
                try output.flush()
            }
        }
    }
}
