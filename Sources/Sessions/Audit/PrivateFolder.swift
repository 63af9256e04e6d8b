#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// Folders of a user's own.
package enum PrivateFolder {
    /// Makes a folder that nobody else can look into, and those that it is in.
    ///
    /// - Throws: ``SessionsError`` with `unavailable`.
    package static func make(_ folder: String) throws {
        var path = ""
        for part in folder.split(separator: "/") {
            path += "/\(part)"
            guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
                throw SessionsError(.unavailable, "\(path) can't be made: \(String(cString: strerror(errno)))")
            }
        }
    }
}
