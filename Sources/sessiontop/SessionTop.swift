import ArgumentParser
import Screen
import Sessions

/// The command line: one subcommand a verb, and the dashboard where none is named.
@main
struct SessionTop: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessiontop",
        abstract: "htop for user sessions: see who is signed in, and end what must end.",
        usage: "sessiontop [STORE]\nsessiontop <subcommand>",
        discussion: """
            STORE is \(StoreScheme.forms), or a context of the configuration file. What each subcommand takes is told by its \
            own --help.

            Exit status: 0 done; 1 some of it failed or came back; 64 unusable arguments; 69 the store can't be reached; 77 \
            refused by policy.

            Environment: SESSIONTOP_PASSWORD is the password that a URL doesn't have, SESSIONTOP_ACTOR whom the audit log \
            names (else user@host), SESSIONTOP_KEYS a file of keys that open payloads, SESSIONTOP_THEME a theme; NO_COLOR \
            takes the colours away.
            """,
        version: version,
        subcommands: [
            DashboardCommand.self, DemoCommand.self, ListCommand.self, UsersCommand.self, InspectCommand.self,
            RevokeCommand.self, ExtendCommand.self, StatsCommand.self, WatchCommand.self, DoctorCommand.self,
            TokenCommand.self, LayoutsCommand.self, ThemesCommand.self,
        ],
        defaultSubcommand: DashboardCommand.self)

    /// The release, as `--version` prints it: said here and nowhere else.
    static let version = "1.0.0"

    /// Runs the command that was asked for and ends the process with its ``ExitStatus``.
    ///
    /// Commands are synchronous, so that the dashboard can own the main thread; what must await does it in
    /// ``runBlocking(interruptible:_:)``.
    static func main() {
        StandardDescriptors.fill()
        do {
            var command = try parsed(
                Array(CommandLine.arguments.dropFirst()), CommandEnvironment.process.variable)
            try command.run()
        } catch let error as SessionsError {
            let lines = "\(error)".split(separator: "\n", omittingEmptySubsequences: false)
            StandardError.write("sessiontop: " + lines.map { Escaping.text(String($0)) }.joined(separator: "\n"))
            exit(withError: ExitStatus(error.code).exitCode)
        } catch {
            exit(withError: error)
        }
    }
}
