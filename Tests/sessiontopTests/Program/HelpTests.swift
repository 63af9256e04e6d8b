import ArgumentParser
import Testing

@testable import sessiontop

@Suite("Help")
struct HelpTests {
    @Test("The first page names every form of a store, every exit status, and every variable that is looked at")
    func root() {
        let help = SessionTop.helpMessage(includeHidden: false, columns: 500)
        for scheme in StoreScheme.all { #expect(help.contains(scheme.form), "\(scheme.form)") }
        for status in ["0 done", "1 some", "64 ", "69 ", "77 "] { #expect(help.contains(status), "\(status)") }
        for variable in ["PASSWORD", "ACTOR", "KEYS", "THEME"] { #expect(help.contains("SESSIONTOP_\(variable)")) }
        #expect(help.contains("NO_COLOR") && help.contains("--version"))
    }

    private static func help(_ command: any ParsableCommand.Type) -> String {
        SessionTop.helpMessage(for: command, includeHidden: false, columns: 500)
    }

    @Test("Each command tells the options of the contract, and those of all commands with what holds without them")
    func commands() {
        let contract: [(command: any ParsableCommand.Type, options: [String])] = [
            (ListCommand.self, ["--filter", "--sort", "--limit", "--format", "table", "json", "csv"]),
            (UsersCommand.self, ["--filter", "--limit", "--format"]),
            (InspectCommand.self, ["--reveal", "--reason"]),
            (
                RevokeCommand.self,
                ["--user", "--filter", "--all", "--reason", "--dry-run", "--yes", "--no-wait", "handles"]
            ),
            (ExtendCommand.self, ["--user", "--filter", "--by", "--until"]),
            (StatsCommand.self, ["--format", "openmetrics"]),
            (WatchCommand.self, ["--filter"]),
            (DoctorCommand.self, ["--cache"]),
            (
                DemoCommand.self,
                [
                    "--nodes", "--users", "--rate", "--preload", "--seed", "--store", "--cache", "--kill", "--headless",
                    "--trace",
                ]
            ),
            (DashboardCommand.self, ["--trace"]),
            (LayoutsCommand.self, []), (ThemesCommand.self, []),
        ]
        let common = ["--layout", "--read-only", "--config", "--theme", "--no-color", "else sessiontop/config.yaml"]
        for (command, options) in contract {
            let help = Self.help(command)
            for option in options + common { #expect(help.contains(option), "\(command): \(option)") }
        }
    }

    @Test("The fields of a filter stand where it is told of")
    func filter() {
        let help = Self.help(ListCommand.self)
        for field in "user: id: ip: node: agent: state: layout: ttl< idle> age>= size>".split(separator: " ") {
            #expect(help.contains(field), "\(field)")
        }
        let others: [any ParsableCommand.Type] = [
            UsersCommand.self, RevokeCommand.self, ExtendCommand.self, WatchCommand.self,
        ]
        for command in others { #expect(Self.help(command).contains("list --help"), "\(command)") }
    }
}
