import ArgumentParser
import Sessions

/// `sessiontop demo`: a live fleet on an embedded store.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Run a live fleet on an embedded store.",
        discussion: """
            Service nodes of the library serve synthetic requests in this process. Nothing on the screen is made up: it \
            comes out of the store, as it would for your own service. Several demos may share a store.
            """)

    @Option(help: ArgumentHelp("How many nodes.", valueName: "n"))
    var nodes = DemoOptions().nodes

    @Option(help: ArgumentHelp("How many users.", valueName: "n"))
    var users = DemoOptions().users

    @Option(help: ArgumentHelp("Requests a second.", valueName: "n"))
    var rate = DemoOptions().rate

    @Option(help: ArgumentHelp("Sessions that are there before the first request.", valueName: "n"))
    var preload = DemoOptions().preload

    @Option(help: ArgumentHelp("Decides who there is and what they do.", valueName: "n"))
    var seed = DemoOptions().seed

    @Option(help: ArgumentHelp("Where the sessions lie, and stay; else in a temporary file.", valueName: "sqlite:PATH"))
    var store: String?

    @Option(help: ArgumentHelp("No screen: run for so long, then print how it went as JSON.", valueName: "seconds"))
    var headless: Double?

    @Option(help: .hidden)
    var cache: String?

    @Option(help: .hidden)
    var kill: String?

    func validate() throws {
        if cache != nil { throw ValidationError("--cache: this build has no shared cache. Leave it out.") }
        if kill != nil { throw ValidationError("--kill: nodes die by themselves in this build. Leave it out.") }
        if let headless, !(headless > 0 && headless <= 1e9) {
            throw ValidationError("--headless \(headless) is no time: give seconds above zero.")
        }
        do { try options.validate() } catch { throw ValidationError("\(error)") }
    }

    func run() throws {
        guard let headless else {
            throw SessionsError(.usage, "the demo has no screen in this build: give --headless SECONDS")
        }
        let options = options
        let place = try DemoStore(url: store)
        defer { place.removeIfTemporary() }
        if place.temporaryFolder != nil { StandardError.write("store: sqlite:\(place.path) (removed at the end)") }
        let summary = try runBlocking(interruptible: true) {
            let fleet = try await place.fleet(options)
            StandardError.write("nodes: \(fleet.names.joined(separator: " "))")
            try await fleet.run(for: .seconds(headless))
            return try await fleet.summary()
        }
        if let preloading = summary.tally.preloading {
            StandardError.write("preloaded: \(options.preload) sessions in \(JSONValue.seconds(preloading)) s")
        }
        print(summary.json)
    }

    private var options: DemoOptions {
        var options = DemoOptions()
        options.nodes = nodes
        options.users = users
        options.rate = rate
        options.preload = preload
        options.seed = seed
        return options
    }
}
