import ArgumentParser
import SessionLayouts

/// `sessiontop layouts`: how sessions may lie in a store.
struct LayoutsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layouts", abstract: "List the layouts that are known, one line each.",
        discussion: """
            A store's layout is found out from a sample of it, or named with --layout. The lifetime of Laravel's sessions \
            in a database is told so: --layout 'laravel-database?lifetime=120m'.
            """)

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func run() throws {
        let stores = StoreKind.allCases
        let summary = "sessiontop's own: hashed ids, sealed payloads, tombstones, a feed"
        let lines =
            [("native", "sqlite, postgres, redis, memcached", summary)]
            + LayoutCatalogue.all.map { layout in
                let places = stores.filter(layout.stores.contains).map(\.rawValue)
                return (layout.name, places.joined(separator: ", "), layout.summary)
            }
            + [("haproxy", "haproxy", "a balancer's stick tables: keys as sessions, servers as nodes")]
        let widths = (lines.map(\.0.utf8.count).max() ?? 0, lines.map(\.1.utf8.count).max() ?? 0)
        try Output.standard(common) { output in
            for (name, places, summary) in lines {
                try output.line("\(pad(name, widths.0))  \(pad(places, widths.1))  \(summary)")
            }
        }
    }

    private func pad(_ text: String, _ width: Int) -> String {
        text + String(repeating: " ", count: max(0, width - text.utf8.count))
    }
}
