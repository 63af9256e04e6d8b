#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// Reads files that hold a secret: only those that nobody but their owner can read.
package enum SecretFile {
    /// A file is never longer, in bytes.
    private static let longest = 64 * 1024

    /// Reads a file's text.
    ///
    /// - Parameters:
    ///   - path: a regular file that nobody but its owner may read or write: mode 0600 or narrower.
    ///   - what: what it is, for messages: `key file`.
    /// - Returns: the text; what isn't UTF-8 is replaced.
    /// - Throws: `SessionsError` with `storeNotFound` where there is none, and with `invalidKey` where it can't be read,
    ///   or where others may read it.
    package static func text(_ path: String, what: String) throws -> String {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let (code, reason): (SessionsError.Code, _) = (errno == ENOENT ? .storeNotFound : .invalidKey, lastError)
            throw SessionsError(
                code, "the \(what) can't be opened (\(reason)): name a file that this user may read")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SessionsError(.invalidKey, "the \(what) isn't a regular file: name one that is")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SessionsError(
                .invalidKey, "others may read the \(what): chmod it to 600, and replace what is in it if they did")
        }
        return String(decoding: try read(descriptor, what), as: UTF8.self)
    }

    private static func read(_ descriptor: Int32, _ what: String) throws -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: longest + 1) { buffer, count in
            while count <= longest {
                let got = systemRead(descriptor, buffer.baseAddress.map { $0 + count }, longest + 1 - count)
                if got == 0 || (got < 0 && errno != EINTR) { return }
                count += max(0, got)
            }
        }
        guard bytes.count <= longest else {
            throw SessionsError(.invalidKey, "the \(what) is longer than 64 KiB: it can't be one")
        }
        return bytes
    }

    private static func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer?, _ count: Int) -> Int {
        #if canImport(Darwin)
        Darwin.read(descriptor, buffer, count)
        #elseif canImport(Musl)
        Musl.read(descriptor, buffer, count)
        #else
        Glibc.read(descriptor, buffer, count)
        #endif
    }

    private static var lastError: String { String(cString: strerror(errno)) }
}
