internal import Sessions

extension IDHash {
    /// The session that a key of a stick table means.
    ///
    /// The key is what HAProxy took out of the request, as a rule the raw cookie. Where that is a native id in its text
    /// form, this is the hash that its store knows it by; where it is 32 bytes of a table of binaries, it is a digest
    /// already (`stick on req.cook(id),sha2(256)`); else the hash is over the key's bytes.
    init(stickKey key: [UInt8], of kind: TableHeader.Kind) {
        if kind == .binary, let digest = IDHash(digest: key) {
            self = digest
        } else if kind == .string, key.count == SessionID.textLength,
            let id = SessionID(text: String(decoding: key, as: UTF8.self))
        {
            self = id.hash
        } else {
            self = IDHash(hashing: key)
        }
    }
}
