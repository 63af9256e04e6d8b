import Sessions

/// The file with the keys that a demo's payloads are sealed with: beside an SQLite file, else in the user's own folder.
enum KeyFile {
    /// Where it is, whether it is there or not.
    ///
    /// - Parameters:
    ///   - url: the store; its password makes no difference.
    ///   - variable: looks up a variable of the environment.
    /// - Returns: `nil` where the store is remote and there is no home.
    static func path(for url: StoreURL, _ variable: (String) -> String?) -> String? {
        if url.scheme == "sqlite" { return "\(url.rest).keys" }
        return StateFolder.path(variable).map { "\($0)/store-\(url.stateName).keys" }
    }

    /// The same, with the folder made.
    ///
    /// - Throws: ``SessionsError`` with `usage` where there is no home, `unavailable` where the folder can't be made.
    static func makePath(for url: StoreURL, _ variable: (String) -> String?) throws -> String {
        guard let path = path(for: url, variable) else {
            throw SessionsError(.usage, "there is no place for the demo's keys: set HOME or XDG_STATE_HOME")
        }
        if url.scheme != "sqlite", let folder = StateFolder.path(variable) { try PrivateFolder.make(folder) }
        return path
    }
}
