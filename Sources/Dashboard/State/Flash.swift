public import Sessions

/// A message of the moment, one line above the keys.
public struct Flash: Sendable, Equatable {
    /// How grave it is.
    public enum Level: Sendable, Equatable {
        /// It went well, or is good to know.
        case info
        /// It did not happen, and why.
        case warning
        /// Something failed.
        case error
    }

    /// The words.
    public var text: String
    /// How grave it is.
    public var level: Level
    /// When it was said.
    public var at: Timestamp
    /// When it goes by itself.
    public var until: MonotonicInstant

    /// Makes a message.
    public init(_ text: String, level: Level, at: Timestamp, until: MonotonicInstant) {
        self.text = text
        self.level = level
        self.at = at
        self.until = until
    }

    /// How long a message stays.
    public static let stay = Duration.seconds(6)
    /// Messages that are kept for the log.
    public static let keptLimit = 100
}

/// The theme in use.
public struct ThemeChoice: Sendable, Equatable {
    /// Its name.
    public var name = "default"
    /// The names that can be chosen.
    public var names: [String] = []

    /// The default one.
    public init() {}
}
