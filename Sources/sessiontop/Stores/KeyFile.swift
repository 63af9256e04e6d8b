import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

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
        let name = IDHash(hashing: Array(url.description.utf8)).handle
        return folder(variable).map { "\($0)/store-\(name).keys" }
    }

    /// The same, with the folder made.
    ///
    /// - Throws: ``SessionsError`` with `usage` where there is no home, `unavailable` where the folder can't be made.
    static func makePath(for url: StoreURL, _ variable: (String) -> String?) throws -> String {
        guard let path = path(for: url, variable) else {
            throw SessionsError(.usage, "there is no place for the demo's keys: set HOME or XDG_STATE_HOME")
        }
        if url.scheme != "sqlite", let folder = folder(variable) { try make(folder) }
        return path
    }

    private static func folder(_ variable: (String) -> String?) -> String? {
        if let folder = variable("XDG_STATE_HOME"), !folder.isEmpty { return "\(folder)/sessiontop" }
        guard let home = variable("HOME"), !home.isEmpty else { return nil }
        return "\(home)/.local/state/sessiontop"
    }

    private static func make(_ folder: String) throws {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/\(part)"
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw SessionsError(.unavailable, "\(path) can't be made: \(String(cString: strerror(errno)))")
            }
        }
    }
}
