import ArgumentParser
import Sessions

/// `sessiontop demo`: a live fleet on an embedded store.
struct DemoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo", abstract: "Run a live fleet on an embedded store.")

    func run() throws {
        throw SessionsError(.unsupported, "the demo's fleet isn't built in yet")
    }
}
