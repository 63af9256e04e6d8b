#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif
internal import Sessions

/// Which file lies at a path.
///
/// An open file that was removed or replaced still reads and writes well, but nobody else ever sees it: what is read
/// there is of the past, and what is written is lost.
struct FileIdentity: Sendable, Equatable {
    private let path: String
    private let device: UInt64
    private let number: UInt64

    /// The file at a path now.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` where there is none.
    init(path: String) throws {
        var status = stat()
        guard stat(path, &status) == 0 else {
            let words = String(cString: strerror(errno))
            throw SessionsError(
                .unavailable, "\(path) is gone (\(words)): put it back, or look whether its disk is mounted")
        }
        self.path = path
        device = UInt64(truncatingIfNeeded: status.st_dev)
        number = UInt64(truncatingIfNeeded: status.st_ino)
    }

    /// Looks whether the file is still there.
    ///
    /// - Throws: ``SessionsError`` with `unavailable` where it isn't, or another one lies there.
    func check() throws {
        guard try FileIdentity(path: path) != self else { return }
        throw SessionsError(
            .unavailable, "\(path) was replaced by another file: start again to use that, or put the old one back")
    }
}
