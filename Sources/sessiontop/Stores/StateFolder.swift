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
}

extension StoreURL {
    /// What files that belong to the store are called: its password makes no difference.
    var stateName: String { "\(IDHash(hashing: Array(description.utf8)).handle)" }

    /// What tells the store from all others, wherever it is named: the URL without its password, a file's whole path.
    var identity: String {
        guard scheme == "sqlite", let path = realpath(rest, nil) else { return description }
        defer { free(path) }
        return "\(scheme):\(String(cString: path))"
    }
}

extension StoreAccess {
    /// The operator's own audit logs for a store.
    func logs(of url: StoreURL) -> OperatorLogs {
        guard let folder = StateFolder.path(variable) else {
            return OperatorLogs(
                lacking: "what is changed can't be put on the record: set HOME or XDG_STATE_HOME", of: url.identity)
        }
        return OperatorLogs(in: folder, of: url.identity)
    }
}
