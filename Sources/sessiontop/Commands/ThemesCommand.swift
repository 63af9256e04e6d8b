import ArgumentParser
import Screen
import Themes

/// `sessiontop themes`: what the screen can look like.
struct ThemesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "themes", abstract: "List the themes that are known, one line each.",
        discussion: "Your own are those in sessiontop/themes/NAME.yaml in XDG_CONFIG_HOME or ~/.config.")

    @OptionGroup(title: "Options of all commands")
    var common: CommonOptions

    func run() throws {
        let folder = Configuration.folder(CommandEnvironment.process.variable).map { "\($0)/themes" }
        let rows = Self.rows(ThemeCatalogue(folder: folder))
        let width = rows.map { TextWidth.of($0.name) }.max() ?? 0
        try Output.standard(common) { output in
            for row in rows {
                let space = String(repeating: " ", count: width - TextWidth.of(row.name))
                try output.line("\(Escaping.text(row.name))\(space)  \(Escaping.text(row.about))")
            }
        }
    }

    /// Each theme's name, tone and origin; a file that can't be read says so instead of vanishing.
    static func rows(_ catalogue: ThemeCatalogue) -> [(name: String, about: String)] {
        catalogue.names.map { name in
            let path = catalogue.path(of: name)
            let users = path.flatMap { file in (try? FileContents.text(file)).map { _ in file } }
            do throws(ThemeNote) {
                return (name, "\(try catalogue.load(name).theme.tone), \(users ?? "built in")")
            } catch {
                return (name, "unusable: \(error)")
            }
        }
    }
}
