import Sessions

#if canImport(Glibc)
import Glibc
#elseif canImport(Darwin)
import Darwin
#elseif canImport(Musl)
import Musl
#endif

/// Small files read whole.
enum FileContents {
    /// Reads a file as UTF-8; `nil` where there is none.
    ///
    /// - Parameters:
    ///   - path: the file.
    ///   - limit: its greatest length, in bytes.
    /// - Returns: its text.
    /// - Throws: ``SessionsError`` with `usage` where it can't be read, or is too long.
    static func text(_ path: String, limit: Int = 1 << 20) throws -> String? {
        guard let file = fopen(path, "rb") else {
            if errno == ENOENT || errno == ENOTDIR { return nil }
            throw SessionsError(.usage, "\(path) can't be read: \(String(cString: strerror(errno)))")
        }
        defer { fclose(file) }
        var bytes = Array(repeating: UInt8(0), count: limit + 1)
        let count = fread(&bytes, 1, bytes.count, file)
        guard ferror(file) == 0 else { throw SessionsError(.usage, "\(path) can't be read: name a file") }
        guard count <= limit else { throw SessionsError(.usage, "\(path) is longer than \(limit) bytes") }
        return String(decoding: bytes.prefix(count), as: UTF8.self)
    }
}
