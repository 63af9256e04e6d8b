#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import GRDB
internal import Sessions

/// A file of another framework: nothing of how it is kept is ours to set.
struct ForeignFile: Sendable {
    let path: String
    let busyTimeout: Duration

    /// Looks whether a file is there.
    static func check(_ path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let words = String(cString: strerror(errno))
            throw SessionsError(
                errno == ENOENT ? .storeNotFound : .unavailable, "\(path) can't be opened: \(words); check the path")
        }
        guard status.st_mode & S_IFMT == S_IFREG else {
            throw SessionsError(.notAStore, "\(path) is a folder or no file: give the path of a database")
        }
    }

    /// How connections are set up.
    func configuration(readOnly: Bool) -> Configuration {
        var configuration = Configuration()
        configuration.readonly = readOnly
        configuration.busyMode = .timeout(busyTimeout.inSeconds)
        configuration.label = readOnly ? "layouts.reader" : "layouts.writer"
        configuration.foreignKeysEnabled = true
        configuration.prepareDatabase { db in
            try db.execute(sql: "PRAGMA synchronous = FULL; PRAGMA trusted_schema = OFF")
        }
        return configuration
    }
}
