import ArgumentParser
import Sessions

/// `sessiontop list STORE`: its sessions.
struct ListCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List sessions.",
        discussion: """
            Live sessions, unless the filter speaks of state: or id: (state:* is all of them). Without --sort they come in \
            the store's own order, as they are read, however many there are.

            A filter is made of fields and bare words: user:alice user:al* id:7f3a91 ip:10.0.0.0/8 node:web-03 agent:curl \
            state:revoked layout:native ttl<5m idle>1h age>=7d size>4k has:expiry. A bare word is a part of a handle, user, \
            address or agent. Two of them mean both; or, not or -, parentheses and "quoted text" do the rest.
            """)

    @OptionGroup var store: StoreOptions
    @OptionGroup var rows: RowOptions

    @Option(help: "Sort by a column: the soonest, latest or largest first; text from A to Z.")
    var sort: RowOrder?

    @Flag(help: "Sort the other way round.")
    var reverse = false

    @Option(help: "How to print them.")
    var format = ResultFormat.table

    func validate() throws {
        if reverse, sort == nil { throw ValidationError("--reverse turns an order round: add --sort COLUMN.") }
    }

    func run(in environment: CommandEnvironment, output: Output) async throws {
        let open = try await OpenStore(store, in: environment, note: output.note)
        let layout = open.directory.description.layout
        let selection = try RowSelection(rows.filter, layout: layout)
        let now = environment.time.wall()
        let isJoined = open.directory.capabilities.pins.isPossible
        let columns = SessionLine.columns + (isJoined ? SessionLine.joinedColumns : [])
        var printer = try RecordPrinter(columns, format: format, output: output)
        try await select(from: open.directory, selection, at: now) { row in
            try printer.print(SessionLine(row: row, now: now, layout: layout, isJoined: isJoined).json)
        }
        try printer.finish()
        try await open.reportGaps(to: output)
    }

    private func select(
        from directory: any SessionDirectory, _ selection: RowSelection, at now: Timestamp,
        print: (SessionRow) throws -> Void
    ) async throws {
        guard let sort else {
            var left = rows.limit ?? .max
            return try await directory.forEachRow { row in
                guard left > 0 else { return false }
                guard selection.contains(row, at: now) else { return true }
                try print(row)
                left -= 1
                return left > 0
            }
        }
        var top = TopRows(by: sort, reversed: reverse, limit: rows.limit, at: now)
        try await directory.forEachRow { row in
            if selection.contains(row, at: now) { top.offer(row) }
            return true
        }
        for row in top.take() { try print(row) }
    }
}

/// Which sessions, and how many.
struct RowOptions: ParsableArguments {
    @Option(
        parsing: .unconditional,
        help: "Only sessions that match, such as: user:alice ttl<5m -node:web-03; see list --help.")
    var filter: String?

    @Option(parsing: .unconditional, help: "At most so many; else all.")
    var limit: Int?

    func validate() throws {
        if let limit, limit < 0 { throw ValidationError("--limit is zero or more") }
    }
}
