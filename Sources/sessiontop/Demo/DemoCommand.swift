import ArgumentParser
import Sessions
import Terminal

/// `sessiontop demo`: a live fleet, on an embedded store unless another is named.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run a live fleet, and the dashboard on it.",
        discussion: """
            Service nodes of the library serve synthetic requests in this process. Nothing on the screen is made up: it \
            comes out of the store, as it would for your own service. Several demos may share a store.
            """)

    @Option(parsing: .unconditional, help: ArgumentHelp("How many nodes, at most 64.", valueName: "n"))
    var nodes = DemoOptions().nodes

    @Option(parsing: .unconditional, help: ArgumentHelp("How many users.", valueName: "n"))
    var users = DemoOptions().users

    @Option(parsing: .unconditional, help: ArgumentHelp("Requests a second.", valueName: "n"))
    var rate = DemoOptions().rate

    @Option(
        parsing: .unconditional, help: ArgumentHelp("Sessions that are there before the first request.", valueName: "n")
    )
    var preload = DemoOptions().preload

    @Option(parsing: .unconditional, help: ArgumentHelp("Decides who there is and what they do.", valueName: "n"))
    var seed = DemoOptions().seed

    @Option(help: ArgumentHelp("Where the sessions lie, and stay; else in a temporary file.", valueName: "url"))
    var store: String?

    @Option(help: ArgumentHelp("A cache that the nodes share, in front of the store.", valueName: "url"))
    var cache: String?

    @Option(
        help: ArgumentHelp(
            "Rehearse a failure: every 20 seconds cut off the shared cache (needs --cache) or the database for 10, or let a "
                + "node die.",
            valueName: "l2|database|node"))
    var kill: Rehearsal?

    @Option(
        parsing: .unconditional,
        help: ArgumentHelp("No screen: run for so long, then print how it went as a JSON object.", valueName: "seconds")
    )
    var headless: Double?

    @OptionGroup
    var screen: ScreenOptions

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func validate() throws {
        if kill == .l2, cache == nil { throw ValidationError("--kill l2 needs a shared cache: give --cache URL, too.") }
        if let headless, !(headless > 0 && headless <= 1e9) {
            throw ValidationError("--headless \(headless) is no time: give seconds above zero.")
        }
        do { try options.validate() } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        if common.readOnly, headless != nil || store != nil {
            throw SessionsError(
                .refused, "a demo writes sessions all the time: leave --read-only out, or --headless and --store")
        }
        let place = try DemoStore(url: store, cache: cache)
        defer { place.removeIfTemporary() }
        if let headless {
            try run(in: place, for: .seconds(headless))
        } else {
            try watch(place)
        }
    }

    private func run(in place: DemoStore, for duration: Duration) throws {
        let options = options
        if place.temporaryFolder != nil { StandardError.write("store: \(place.url) (removed at the end)") }
        let fleet = try runBlocking(interruptible: true) {
            let fleet = try await place.fleet(options)
            StandardError.write("nodes: \(fleet.names.joined(separator: " "))")
            do {
                try await fleet.run(for: duration)
            } catch  where error is CancellationError || Task.isCancelled {
                // It was interrupted: how it went until then is told.
            }
            return fleet
        }
        let summary = try runBlocking { try await fleet.summary() }
        if let preloading = summary.tally.preloading {
            StandardError.write("preloaded: \(options.preload) sessions in \(JSONValue.seconds(preloading)) s")
        }
        try Output.standard(common) { try $0.line(summary.json) }
    }

    /// Runs the fleet behind a dashboard, which reads the store as it would read anybody's.
    private func watch(_ place: DemoStore) throws {
        let options = options
        let environment = CommandEnvironment.process
        let common = common
        let (fleet, open) = try runBlocking {
            let fleet = try await place.fleet(options)
            let note: @Sendable (String) -> Void = { StandardError.note($0) }
            return (fleet, try await OpenStore(place.url, common, toChange: true, in: environment, note: note))
        }
        let store = ShownStore(
            directory: kill == .database ? fleet.store : open.directory,
            name: place.temporaryFolder == nil ? open.name : "demo",
            readOnlyReason: open.isReadOnly ? "the demo is open for reading only" : nil,
            keys: try PayloadReading.keys(for: open.url, environment.variable), theme: open.theme)
        let dashboard = DashboardScreen(
            store: store, actor: environment.actor, hasColors: !common.noColor, trace: try screen.openTrace(),
            variable: environment.variable)
        let running = Task { try await fleet.run() }
        // The screen takes them until it closes; one more, while the nodes stop, must not end what tidies up.
        ignoreHangUps()
        let signal = Result { try dashboard.run() }
        running.cancel()
        // Before the nodes have stopped: whoever asked for the end may not wait for them, and kill.
        place.removeIfTemporary()
        _ = try runBlocking { await running.result }
        guard let signal = try signal.get() else { return }
        // Whatever a node has made anew meanwhile; nothing that is deferred runs after the next line.
        place.removeIfTemporary()
        Terminal.exit(by: signal)
    }

    private var options: DemoOptions {
        var options = DemoOptions()
        options.nodes = nodes
        options.users = users
        options.rate = rate
        options.preload = preload
        options.seed = seed
        options.rehearsal = kill
        return options
    }
}

extension Rehearsal: ExpressibleByArgument {}
