import ArgumentParser
import Sessions

/// `sessiontop stats STORE`: counts, tiers and hit rates.
struct StatsCommand: StoreCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats", abstract: "Show counts, tiers and hit rates.",
        discussion: """
            Tiers are counted by the nodes themselves, over the last minute: one row a tier and node, with the seconds that \
            were counted. A rate of fewer than \(TierWindow.fewestLookups) look-ups is not known.
            """)

    /// How to print them.
    enum Format: String, CaseIterable, ExpressibleByArgument {
        case table, json, openmetrics
    }

    @OptionGroup var store: StoreOptions

    @Option(help: "How to print them.")
    var format = Format.table

    func run(in environment: CommandEnvironment, output: Output) async throws {
        let open = try await OpenStore(store, in: environment, note: output.note)
        let report = try await StatsReport(of: open.directory, at: environment.time.wall())
        switch format {
        case .json: try output.line(report.json)
        case .openmetrics: for line in OpenMetrics(report).lines { try output.line(line) }
        case .table: try report.print(to: output)
        }
        try await open.reportGaps(to: output)
    }
}
