import Foundation
import PackagePlugin

/// Writes the files of `Themes/` into a Swift source, so that one binary carries them.
///
/// SwiftPM's own `.embedInCode` gives each file a name that the code must know; this one gives a list, so that a theme is
/// added by adding its file.
@main
struct EmbedThemes: BuildToolPlugin {
    func createBuildCommands(context: PluginContext, target: any Target) async throws -> [Command] {
        let script = context.package.directoryURL.appending(components: "Sources", "EmbedThemes", "embed.sh")
        let themes = context.package.directoryURL.appending(component: "Themes")
        let output = context.pluginWorkDirectoryURL.appending(component: "Generated")
        return [
            .prebuildCommand(
                displayName: "Embedding themes", executable: URL(filePath: "/bin/sh"),
                arguments: [script.path(), themes.path(), output.path()], outputFilesDirectory: output)
        ]
    }
}
