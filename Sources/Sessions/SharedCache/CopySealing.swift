/// A session's copy as it lies in a shared cache: sealed, so that whoever reads the cache learns nothing, and whoever
/// writes to it can't make up a session, nor move one to another id or version.
extension PayloadSealer {
    /// Encodes and seals a live session whose payload is opened.
    ///
    /// - Parameters:
    ///   - session: the session.
    ///   - until: when the copy is worth nothing any more, whatever the cache does with it.
    /// - Returns: the copy; `nil` where it would be too long for a cache.
    /// - Throws: ``SessionsError`` with `invalidKey` where the system's cryptography fails.
    func seal(_ session: Session, until: Timestamp) throws -> SharedCopy? {
        guard let plain = SessionCoding.encode(session, until: until) else { return nil }
        let sealed = try seal(plain, id: session.id, version: session.version, as: .copy)
        let keyID = Array((sealed.keyID ?? "").utf8)
        return SharedCopy(version: session.version, bytes: [UInt8(clamping: keyID.count)] + keyID + sealed.bytes)
    }

    /// Opens and decodes a copy; `nil` where it isn't one of ours for this id, is of another version, or was sealed with
    /// a key that isn't in the ring.
    func open(_ copy: SharedCopy, id: IDHash) -> (session: Session, until: Timestamp)? {
        guard let length = copy.bytes.first.map(Int.init), length > 0, copy.bytes.count > length else { return nil }
        let keyID = String(decoding: copy.bytes[1...length], as: UTF8.self)
        let sealed = Payload(keyID: keyID, bytes: Array(copy.bytes[(length + 1)...]))
        guard let plain = try? open(sealed, id: id, version: copy.version, as: .copy) else { return nil }
        return SessionCoding.decode(plain, id: id, version: copy.version)
    }
}
