import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// The user's own folder for what the tool keeps: keys of demos, audit logs.
enum StateFolder {
    /// Where it is, whether it is there or not; `nil`: there is no home.
    static func path(_ variable: (String) -> String?) -> String? {
        if let folder = variable("XDG_STATE_HOME"), !folder.isEmpty { return "\(folder)/sessiontop" }
        guard let home = variable("HOME"), !home.isEmpty else { return nil }
        return "\(home)/.local/state/sessiontop"
    }

    /// Makes a folder that nobody else can look into, and those that it is in.
    ///
    /// - Throws: ``SessionsError`` with `unavailable`.
    static func make(_ folder: String) throws {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/\(part)"
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw SessionsError(.unavailable, "\(path) can't be made: \(String(cString: strerror(errno)))")
            }
        }
    }
}

extension StoreURL {
    /// What files that belong to the store are called: its password makes no difference.
    var stateName: String { "\(IDHash(hashing: Array(description.utf8)).handle)" }
}
