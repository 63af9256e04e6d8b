import ArgumentParser
import Sessions

/// The command line: one subcommand a verb, and the dashboard where none is named.
@main
struct SessionTop: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sessiontop",
        abstract: "htop for user sessions: see who is signed in, and end what must end.",
        subcommands: [DemoCommand.self])

    /// Runs the command that was asked for and ends the process with its ``ExitStatus``.
    ///
    /// Commands are synchronous, so that the dashboard can own the main thread; what must await does it in
    /// ``runBlocking(interruptible:_:)``.
    static func main() {
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as SessionsError {
            StandardError.write("sessiontop: \(error)")
            exit(withError: ExitStatus(error.code).exitCode)
        } catch {
            exit(withError: error)
        }
    }
}
