import ArgumentParser

/// `sessiontop token …`: signed tokens.
struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token", abstract: "Issue, verify, inspect and revoke signed tokens.",
        subcommands: [TokenRevokeCommand.self])
}
