import ArgumentParser
import Sessions

/// `sessiontop [STORE]`: the dashboard.
struct DashboardCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dashboard", abstract: "Watch a store on a full screen.", shouldDisplay: false)

    @Argument(help: "The store: a URL such as sqlite:PATH, or a context of the configuration file.")
    var store: String?

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func run() throws {
        let environment = CommandEnvironment.process
        let configuration = try Configuration(path: common.config, variable: environment.variable)
        guard let name = store ?? configuration.defaultContext else { throw Self.beginning }
        let open = try OpenStore(
            name, common, toChange: true, in: environment, note: { StandardError.write($0) })
        throw SessionsError(.unsupported, "the dashboard of \(open.name) isn't built in yet: see sessiontop list")
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
