public import Screen

/// A theme, and what its file should be told.
public struct LoadedTheme: Equatable, Sendable {
    /// The theme; what its file left out or got wrong is as in the default theme.
    public let theme: Theme
    /// What was left out of it, with the line.
    public let warnings: [ThemeNote]

    /// Creates a loaded theme.
    public init(theme: Theme, warnings: [ThemeNote]) {
        self.theme = theme
        self.warnings = warnings
    }
}
