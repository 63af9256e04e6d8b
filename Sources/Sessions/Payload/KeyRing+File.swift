#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#elseif canImport(Musl)
internal import Musl
#endif

extension KeyRing {
    /// Reads a ring from a file.
    ///
    /// - Parameter path: a regular file that nobody but its owner may read or write: mode 0600 or narrower.
    /// - Throws: ``SessionsError`` with `storeNotFound` where there is none, and with `invalidKey` where it can't be read,
    ///   where others may read it, or where it isn't a key ring.
    public init(file path: String) throws {
        try self.init(text: try SecretFile.text(path, what: "key file"))
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

    private static var lastError: String { String(cString: strerror(errno)) }

    private static var notWritten: SessionsError {
        SessionsError(
            .invalidKey, "the key file can't be written (\(lastError)): choose a directory that this user may write to")
    }
}
