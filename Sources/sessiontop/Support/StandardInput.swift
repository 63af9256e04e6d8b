import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// What is given to a command to read.
enum StandardInput {
    /// Reads until the end, or as many bytes as are wanted.
    ///
    /// - Throws: ``SessionsError`` with `usage` where it can't be read.
    @Sendable static func take(limit: Int) throws -> [UInt8] {
        var bytes: [UInt8] = []
        var piece = [UInt8](repeating: 0, count: limit)
        while bytes.count < limit {
            let count = read(STDIN_FILENO, &piece, limit - bytes.count)
            if count == 0 { break }
            guard count > 0 || errno == EINTR else {
                throw SessionsError(.usage, "standard input can't be read: name the token instead")
            }
            bytes += piece.prefix(max(0, count))
        }
        return bytes
    }
}
