import ArgumentParser

/// `sessiontop themes`: what the screen can look like.
struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes", abstract: "List the themes that are known, one line each.")

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func run() throws {
        try Output.standard(common) { try $0.line("default  the terminal's own colours") }
    }
}
