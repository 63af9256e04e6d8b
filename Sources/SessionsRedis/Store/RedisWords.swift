internal import Crypto
internal import Sessions

extension [UInt8] {
    /// A word of a command.
    static func word(_ text: String) -> [UInt8] { Array(text.utf8) }
}

extension RedisScript {
    /// A script of a text, with its hash.
    static func lua(_ text: String, isReadOnly: Bool = false) -> RedisScript {
        let hash = Insecure.SHA1.hash(data: Array(text.utf8))
        return RedisScript(text: text, hash: Hex.encode(hash), isReadOnly: isReadOnly)
    }
}
