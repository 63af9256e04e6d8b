#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

extension KeyRing {
    /// A file of keys is never longer, in bytes.
    static let longestFile = 64 * 1024

    /// Reads a ring from a file.
    ///
    /// - Parameter path: a regular file that nobody but its owner may read or write: mode 0600 or narrower.
    /// - Throws: ``SessionsError`` with `storeNotFound` where there is none, and with `invalidKey` where it can't be read,
    ///   where others may read it, or where it isn't a key ring.
    public init(file path: String) throws {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else {
            let code: SessionsError.Code = errno == ENOENT ? .storeNotFound : .invalidKey
            throw SessionsError(
                code, "the key file can't be opened (\(Self.lastError)): name a file that this user may read")
        }
        defer { close(descriptor) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw SessionsError(.invalidKey, "the key file isn't a regular file: name one that is")
        }
        guard status.st_mode & 0o077 == 0 else {
            throw SessionsError(
                .invalidKey, "others may read the key file: chmod it to 600, and replace the keys if they did")
        }
        try self.init(text: String(decoding: try Self.read(descriptor), as: UTF8.self))
    }

    /// Reads a ring from a file, or makes one with a new key where there is none.
    ///
    /// - Parameters:
    ///   - path: the file; it appears whole or not at all, with mode 0600, and is never overwritten.
    ///   - id: the new key's id, where one is made.
    /// - Returns: the ring that stands in the file now, whoever made it.
    /// - Throws: ``SessionsError`` with `invalidKey` where the file can't be made or read.
    public static func loadOrCreate(file path: String, newKey id: String = "k1") throws -> KeyRing {
        do {
            return try KeyRing(file: path)
        } catch let error as SessionsError where error.code == .storeNotFound {
            try KeyRing(newKey: id).place(at: path) { temporary in
                guard link(temporary, path) == 0 || errno == EEXIST else { return false }
                return true
            }
            return try KeyRing(file: path)
        }
    }

    /// Writes the ring over a file, by rename: readers see the old ring or the new one.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` where it can't be written.
    public func write(file path: String) throws {
        try place(at: path) { temporary in rename(temporary, path) == 0 }
    }

    /// Writes a temporary file beside the path, flushed to the disk, and lets `publish` give it its name.
    private func place(at path: String, publish: (_ temporary: String) -> Bool) throws {
        let temporary = "\(path).\(SessionID().hash.handle)"
        let descriptor = open(temporary, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Self.notWritten }
        defer {
            close(descriptor)
            unlink(temporary)
        }
        guard fchmod(descriptor, 0o600) == 0, Self.write(Array(secretText.utf8), to: descriptor),
            fsync(descriptor) == 0,
            publish(temporary)
        else { throw Self.notWritten }
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
            throw SessionsError(.invalidKey, "the key file is longer than 64 KiB: it can't be a key ring")
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
