import ArgumentParser
import SessionTokens
import Sessions

/// `sessiontop token …`: signed and encrypted tokens, and the keys for them.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Issue, verify and inspect tokens, and rotate the keys that sign them.",
        subcommands: [
            TokenIssueCommand.self, TokenVerifyCommand.self, TokenInspectCommand.self, TokenGenerateCommand.self,
            TokenRotateCommand.self, TokenJWKSCommand.self,
        ])
}

/// A command that works on tokens and keys, without a store.
protocol TokenSubcommand: ParsableCommand, Sendable {
    /// Options of all commands.
    var common: CommonOptions { get }

    /// Does the work. What is left in the output is written afterwards, whether it throws or not.
    func run(in environment: CommandEnvironment, output: Output) throws
}

extension TokenSubcommand {
    func run() throws {
        let environment = CommandEnvironment.process
        try run(
            to: Output.standard(noColor: common.noColor, variable: environment.variable), in: environment)
    }

    /// Runs the command and writes what it left; a reader that has gone is no error.
    func run(to output: Output, in environment: CommandEnvironment) throws {
        do {
            do { try run(in: environment, output: output) } catch {
                try output.flush()
                throw error
            }
            try output.flush()
        } catch is Output.BrokenPipe {}
    }
}
