internal import Crypto

extension [UInt8] {
    /// A word of a command.
    static func word(_ text: String) -> [UInt8] { Array(text.utf8) }
}

extension RedisScript {
    /// A script of a text, with its hash.
    static func lua(_ text: String, isReadOnly: Bool = false) -> RedisScript {
        let hash = Insecure.SHA1.hash(data: Array(text.utf8))
        let digits = Array("0123456789abcdef".utf8)
        let hex = hash.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }
        return RedisScript(text: text, hash: String(decoding: hex, as: UTF8.self), isReadOnly: isReadOnly)
    }
}
