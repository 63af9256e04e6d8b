import ArgumentParser
import Dashboard
import Sessions
import Terminal

/// `sessiontop [STORE]`: the dashboard.
struct DashboardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard", abstract: "Watch a store on a full screen.", usage: "sessiontop [STORE] [OPTION ...]")

    @Argument(help: "The store: a URL, or a context of the configuration file; else the configuration's default.")
    var store: String?

    @OptionGroup
    var joining: JoiningOptions

    @OptionGroup
    var screen: ScreenOptions

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func run() throws {
        let environment = CommandEnvironment.process
        let configuration = try Configuration(path: common.config, variable: environment.variable)
        guard let name = try store ?? configuration.defaultStore() else { throw Self.beginning }
        if let unknown = SessionTop.unknownWord(name, in: configuration) { throw unknown }
        let (common, joining) = (common, joining)
        let open = try runBlocking(interruptible: true) {
            try await OpenStore(
                name, common, joining, toChange: true, in: environment, note: { StandardError.note($0) })
        }
        let opener = ContextOpener(first: name, common: common, joining: joining, environment: environment)
        let dashboard = DashboardScreen(
            store: try ShownStore(open, variable: environment.variable),
            contexts: configuration.contexts.map { context in
                NamedStore(name: context.name, address: StoreURL.masked(context.store))
            },
            openContext: { try await opener.open($0) }, actor: environment.actor,
            hasColors: !common.noColor, trace: try screen.openTrace(),
            variable: environment.variable)
        if let signal = try dashboard.run() { Terminal.exit(by: signal) }
    }

    private static let beginning = SessionsError(
        .usage,
        """
        no store was named. To begin:
          sessiontop demo             a live fleet to look at
          sessiontop sqlite:PATH      the dashboard on an embedded store
          sessiontop --help           everything else
        """)
}

/// Options of whatever shows a dashboard.
struct ScreenOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Write a JSON line for each frame: its cause and its microseconds.", valueName: "file"))
    var trace: String?

    /// Opens the file of frames, where one was asked for.
    func openTrace() throws -> FrameTrace? { try trace.map { try FrameTrace(path: $0) } }
}
