import ArgumentParser
import Sessions

/// Options of all commands.
struct CommonOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The layout of the store's sessions; else it is found out. See sessiontop layouts.",
            valueName: "name"))
    var layout: String?

    @Flag(help: "Change nothing, whatever is asked.")
    var readOnly = false

    @Option(
        help: ArgumentHelp(
            "The configuration file; else sessiontop/config.yaml in XDG_CONFIG_HOME or ~/.config.", valueName: "file"))
    var config: String?

    @Option(
        help: ArgumentHelp(
            "The dashboard's theme; else SESSIONTOP_THEME's or the configuration's. See sessiontop themes.",
            valueName: "name"))
    var theme: String?

    @Flag(help: "No colours, as where NO_COLOR is set.")
    var noColor = false
}

/// The store that a command works on, and the options of all.
struct StoreOptions: ParsableArguments {
    @Argument(help: "The store: a URL (sessiontop --help has the forms), or a context of the configuration file.")
    var store: String

    @OptionGroup var joining: JoiningOptions

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions
}

/// What a balancer is joined with.
struct JoiningOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Join the balancer that STORE names with the store of its sessions: where each is sent.", valueName: "store"
        ))
    var with: String?
}

/// How results are printed.
enum ResultFormat: String, CaseIterable, ExpressibleByArgument {
    /// Columns, for people.
    case table
    /// JSON Lines.
    case json
    /// Comma-separated values, for spreadsheets.
    case csv
}

/// How results are printed, where a spreadsheet has no use for them.
enum LineFormat: String, CaseIterable, ExpressibleByArgument {
    /// Columns or names and values, for people.
    case table
    /// JSON Lines.
    case json

    /// What was asked for; else a table for a person, JSON for a program.
    static func chosen(_ format: LineFormat?, for output: Output) -> LineFormat {
        format ?? (output.isTerminal ? .table : .json)
    }
}
