import ArgumentParser
import Sessions

/// `sessiontop users STORE`: its users, with the counts of their sessions.
struct UsersCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "users", abstract: "List users with their sessions' counts, the most first.",
        discussion: "The sessions of visitors who have not signed in stand together, as a user of no name.")

    @OptionGroup var store: StoreOptions
    @OptionGroup var rows: RowOptions

    @Option(help: "How to print them.")
    var format = ResultFormat.table

    func run(in environment: CommandEnvironment, output: Output) async throws {
        let open = try await OpenStore(store, in: environment, note: output.note)
        let selection = try RowSelection(rows.filter, layout: open.directory.description.layout)
        let now = environment.time.wall()
        var tally = UserTally()
        try await open.directory.forEachRow { row in
            if selection.contains(row, at: now) { tally.add(row) }
            return true
        }
        var printer = try RecordPrinter(UserTally.columns, format: format, output: output)
        for user in tally.sorted.prefix(rows.limit ?? .max) { try printer.print(user.json) }
        try printer.finish()
        try await open.reportGaps(to: output)
    }
}
