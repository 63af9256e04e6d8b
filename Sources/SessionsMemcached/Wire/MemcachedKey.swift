/// A key that memcached takes: no other can stand in a command.
struct MemcachedKey: Hashable, Sendable {
    /// The longest key in bytes.
    static let largestCount = 250

    /// Its bytes.
    let bytes: [UInt8]

    /// Checks a key.
    ///
    /// - Parameter bytes: 1 to 250; `nil` where there are others, or a space or a control character among them, which
    ///   would end the key and begin something else.
    init?(_ bytes: [UInt8]) {
        guard (1...Self.largestCount).contains(bytes.count), bytes.allSatisfy({ $0 > 0x20 && $0 != 0x7f }) else {
            return nil
        }
        self.bytes = bytes
    }
}
