public import Screen

/// The themes there are: those of the user's folder, then those in the binary.
public struct ThemeCatalogue: Sendable {
    /// The name of the theme that stands in for what others leave out.
    public static let fallback = "default"

    /// The user's folder, `$XDG_CONFIG_HOME/sessiontop/themes`; it need not exist.
    public let folder: String?

    /// Creates a catalogue.
    public init(folder: String? = nil) { self.folder = folder }

    /// The names of the themes in the binary, sorted.
    public static var builtIn: [String] { EmbeddedThemes.files.map(\.name).sorted() }

    /// The default theme, as it is in the binary.
    public static var standard: Theme {
        EmbeddedThemes.files.first { $0.name == fallback }
            .flatMap { try? ThemeParser(file: $0.name, fallback: nil).parse($0.text).theme } ?? .plain
    }

    /// All names to choose from, sorted: the user's and those in the binary.
    public var names: [String] {
        let users = folder.map(ThemeFolder.names) ?? []
        return Set(users).union(ThemeCatalogue.builtIn).sorted()
    }

    /// The file of the user's folder that a name stands for; its change is a reason to load the theme again.
    public func path(of name: String) -> String? {
        guard let folder, ThemeFolder.isName(name) else { return nil }
        return "\(folder)/\(name).yaml"
    }

    /// Loads a theme.
    ///
    /// - Parameter name: its name: a file of the user's folder without `.yaml`, else one in the binary.
    /// - Returns: the theme and what its file should be told.
    /// - Throws: ``ThemeNote`` when there is none of this name, or its file can't be read at all.
    public func load(_ name: String) throws(ThemeNote) -> LoadedTheme {
        if let path = path(of: name), let text = try ThemeFolder.text(path) {
            return try ThemeParser(file: path, fallback: ThemeCatalogue.standard).parse(text, name: name)
        }
        guard let file = EmbeddedThemes.files.first(where: { $0.name == name }) else {
            let known = names.joined(separator: ", ")
            let shown = Escaping.text(name, limit: 64)
            throw ThemeNote(file: shown, message: "There is no theme of this name. There are: \(known).")
        }
        let fallback = name == ThemeCatalogue.fallback ? nil : ThemeCatalogue.standard
        return try ThemeParser(file: "\(name).yaml", fallback: fallback).parse(file.text, name: name)
    }
}
