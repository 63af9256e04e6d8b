#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

/// Files of keys: whole or not there, and where they are secret, for their owner alone.
package enum SecretFile {
    /// A file of keys is never longer, in bytes.
    package static let longestFile = 64 * 1024

    /// Reads a file whole.
    ///
    /// - Parameters:
    ///   - path: a regular file of at most ``longestFile`` bytes.
    ///   - isSecret: whether it must be one that nobody but its owner may read or write: mode 0600 or narrower.
    /// - Returns: its bytes.
    /// - Throws: ``SessionsError`` with `storeNotFound` where there is none, and with `invalidKey` where it can't be read,
    ///   is no such file, or where others may read it.
    package static func read(_ path: String, isSecret: Bool = true) throws -> [UInt8] {
        try readWithMode(path, isSecret: isSecret).bytes
    }

    /// The same, and tells whether others may read or write it: for files that may hold secrets.
    package static func readWithMode(
        _ path: String, isSecret: Bool = false
    ) throws -> (bytes: [UInt8], isOpenToOthers: Bool) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code: SessionsError.Code = errno == ENOENT ? .storeNotFound : .invalidKey
            throw SessionsError(
                code, "the key file can't be opened (\(lastError)): name a file that this user may read")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SessionsError(.invalidKey, "the key file isn't a regular file: name one that is")
        }
        let isOpenToOthers = status.st_mode & 0o077 != 0
        guard !isSecret || !isOpenToOthers else { throw openToOthers }
        return (try read(descriptor), isOpenToOthers)
    }

    /// The error for a file of secrets that others may read.
    package static var openToOthers: SessionsError {
        SessionsError(.invalidKey, "others may read the key file: chmod it to 600, and replace the keys if they did")
    }

    /// Makes a file with mode 0600 that appears whole or not at all; one that is there already stays as it is.
    ///
    /// - Returns: whether it was made now.
    /// - Throws: ``SessionsError`` with `invalidKey` where it can't be made.
    @discardableResult
    package static func create(_ bytes: [UInt8], at path: String) throws -> Bool {
        var isNew = false
        try place(bytes, at: path) { temporary in
            isNew = link(temporary, path) == 0
            return isNew || errno == EEXIST
        }
        return isNew
    }

    /// Writes over a file by rename, with mode 0600: readers see the old bytes or the new ones.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` where it can't be written.
    package static func write(_ bytes: [UInt8], to path: String) throws {
        try place(bytes, at: path) { temporary in rename(temporary, path) == 0 }
    }

    /// What tells whether a file has changed: which file it is, how long, and when it was written.
    package struct Stamp: Equatable, Sendable {
        private let device, inode, size, seconds, nanoseconds: Int64

        fileprivate init(_ status: stat) {
            device = Int64(truncatingIfNeeded: status.st_dev)
            inode = Int64(truncatingIfNeeded: status.st_ino)
            size = Int64(status.st_size)
            #if canImport(Darwin)
            let time = status.st_mtimespec
            #else
            let time = status.st_mtim
            #endif
            (seconds, nanoseconds) = (Int64(time.tv_sec), Int64(time.tv_nsec))
        }
    }

    /// The stamp of a file; `nil`: there is none.
    package static func stamp(of path: String) -> Stamp? {
        var status = stat()
        return stat(path, &status) == 0 ? Stamp(status) : nil
    }

    /// Does something while nobody else does who asks in this way: other processes and other threads wait.
    ///
    /// - Parameters:
    ///   - path: what it is done to; the lock is an empty file beside it, which stays.
    ///   - body: what is done.
    /// - Throws: ``SessionsError`` with `invalidKey` where the lock can't be made; what `body` throws.
    package static func withLock(on path: String, _ body: () throws -> Void) throws {
        let descriptor = open("\(path).lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw notWritten }
        // Closing it gives the lock back.
        defer { close(descriptor) }
        while flock(descriptor, LOCK_EX) != 0 {
            guard errno == EINTR else { throw notWritten }
        }
        try body()
    }

    /// Writes a temporary file beside the path, flushed to the disk, and lets `publish` give it its name.
    private static func place(
        _ bytes: [UInt8], at path: String, publish: (_ temporary: String) -> Bool
    ) throws {
        let temporary = "\(path).\(SessionID().hash.handle)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw notWritten }
        defer {
            close(descriptor)
            unlink(temporary)
        }
        guard fchmod(descriptor, 0o600) == 0, write(bytes, to: descriptor),
            fsync(descriptor) == 0,
            publish(temporary)
        else { throw notWritten }
    }

    private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { buffer in
                #if canImport(Darwin)
                Darwin.write(descriptor, buffer.baseAddress, buffer.count)
                #elseif canImport(Musl)
                Musl.write(descriptor, buffer.baseAddress, buffer.count)
                #else
                Glibc.write(descriptor, buffer.baseAddress, buffer.count)
                #endif
            }
            guard count > 0 || errno == EINTR else { return false }
            rest = rest.dropFirst(max(0, count))
        }
        return true
    }

    private static func read(_ descriptor: Int32) throws -> [UInt8] {
        let bytes = [UInt8](unsafeUninitializedCapacity: longestFile + 1) { buffer, count in
            while count <= longestFile {
                let got = systemRead(descriptor, buffer.baseAddress.map { $0 + count }, longestFile + 1 - count)
                if got == 0 || (got < 0 && errno != EINTR) { return }
                count += max(0, got)
            }
        }
        guard bytes.count <= longestFile else {
            throw SessionsError(.invalidKey, "the key file is longer than 64 KiB: it can't be one of keys")
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

    private static var notWritten: SessionsError {
        SessionsError(
            .invalidKey, "the key file can't be written (\(lastError)): choose a directory that this user may write to")
    }
}
