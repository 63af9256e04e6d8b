import ArgumentParser
import Sessions

/// A command that works on a store and prints results.
protocol StoreCommand: ParsableCommand, Sendable {
    /// The store and the options of all.
    var store: StoreOptions { get }

    /// Does the work. What is left in the output is written afterwards, whether it throws or not.
    func run(in environment: CommandEnvironment, output: Output) async throws

    /// Whether an interrupt is an orderly end.
    static var endsByInterrupt: Bool { get }
}

extension StoreCommand {
    static var endsByInterrupt: Bool { false }

    func run() throws {
        let environment = CommandEnvironment.process
        let output = Output.standard(noColor: store.common.noColor, variable: environment.variable)
        try runBlocking(interruptible: Self.endsByInterrupt) { try await run(to: output, in: environment) }
    }

    /// Runs the command and writes what it left; a reader that has gone is no error.
    func run(to output: Output, in environment: CommandEnvironment) async throws {
        do {
            do { try await run(in: environment, output: output) } catch {
                try output.flush()
                throw error
            }
            try output.flush()
        } catch is Output.BrokenPipe {}
    }
}
