import ArgumentParser

/// `sessiontop layouts`: how sessions may lie in a store.
struct LayoutsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "layouts", abstract: "List the layouts that are known, one line each.")

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func run() throws {
        try Output.standard(common) {
            try $0.line("native  sessiontop's own: hashed ids, sealed payloads, tombstones, a feed (sqlite:)")
            try $0.line("haproxy  a balancer's stick tables: keys as sessions, servers as nodes (haproxy:)")
        }
    }
}
