extension KeyRing {
    /// Reads a ring from a file.
    ///
    /// - Parameter path: a regular file that nobody but its owner may read or write: mode 0600 or narrower.
    /// - Throws: ``SessionsError`` with `storeNotFound` where there is none, and with `invalidKey` where it can't be read,
    ///   where others may read it, or where it isn't a key ring.
    public init(file path: String) throws {
        try self.init(text: String(decoding: try SecretFile.read(path), as: UTF8.self))
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
            try SecretFile.create(Array(KeyRing(newKey: id).secretText.utf8), at: path)
            return try KeyRing(file: path)
        }
    }

    /// Writes the ring over a file, by rename: readers see the old ring or the new one.
    ///
    /// - Throws: ``SessionsError`` with `invalidKey` where it can't be written.
    public func write(file path: String) throws {
        try SecretFile.write(Array(secretText.utf8), to: path)
    }
}
