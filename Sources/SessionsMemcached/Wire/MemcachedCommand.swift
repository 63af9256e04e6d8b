internal import NIOCore

/// What can be asked of a memcached server: its meta commands, and those without which one can't look at it.
enum MemcachedCommand: Equatable, Sendable {
    /// Reads an item with its CAS and flags (mg).
    ///
    /// - Parameters:
    ///   - leasing: where nothing stands there, puts an empty item of this life and tells one asker that it won.
    ///   - bumps: whether the item counts as used, and stays longer in a full server.
    case get(MemcachedKey, leasing: MemcachedLife? = nil, bumps: Bool = true)
    /// Reads an item of somebody else's with its flags, its size and its life, or these alone (mg): nothing is bumped.
    case look(MemcachedKey, withValue: Bool)
    /// Lets an item live until a moment (mg with T): seconds from now, beyond 30 days since 1970.
    case touch(MemcachedKey, expires: Int64)
    /// Puts an item (ms).
    ///
    /// - Parameter cas: only over the item that has it; `nil`: whatever stands there.
    case set(MemcachedKey, value: [UInt8], flags: UInt32, life: MemcachedLife, cas: UInt64? = nil)
    /// Puts an item where nothing stands (ms in mode E).
    case add(MemcachedKey, value: [UInt8], flags: UInt32, life: MemcachedLife)
    /// Adds to a number and answers it (ma).
    ///
    /// - Parameters:
    ///   - by: how much.
    ///   - beginning: what it becomes where nothing stands there.
    case count(MemcachedKey, by: UInt64, beginning: UInt64)
    /// Asks how long an item has left (mg), without its value: nothing is bumped.
    case life(MemcachedKey)
    /// Deletes an item (md).
    ///
    /// - Parameter cas: only the item that has it; `nil`: whatever stands there.
    case delete(MemcachedKey, cas: UInt64? = nil)
    /// Does nothing (mn): its answer shows that meta commands are known.
    case noop
    /// Asks for the server's version.
    case version
    /// Asks for the general statistics.
    case statistics
    /// Asks for the settings (stats settings), which are answered as statistics.
    case settings
    /// Lists what there is, without the values (lru_crawler metadump): bucket by bucket of the table, so that nothing is
    /// missed for being moved between two lists meanwhile.
    ///
    /// - Parameters:
    ///   - limit: so many items are kept at most; the rest is counted.
    ///   - containing: only items whose key has these bytes are kept or counted.
    case metadump(limit: Int, containing: [UInt8] = [])
    /// Signs in to a server with a file of users (-Y): a set of any key, before anything else.
    case authenticate(user: String, password: String)

    /// Writes the command.
    ///
    /// - Parameters:
    ///   - buffer: gets the bytes.
    ///   - opaque: what meta commands bring back in their reply.
    func write(to buffer: inout ByteBuffer, opaque: UInt64) {
        switch self {
        case .get(let key, let leasing, let bumps):
            buffer.writeParts("mg ", key, " v c f\(bumps ? "" : " u") O\(opaque)")
            if let leasing { buffer.writeString(" N\(leasing.seconds)") }
        case .look(let key, let withValue):
            buffer.writeParts("mg ", key, "\(withValue ? " v" : "") f s t u O\(opaque)")
        case .touch(let key, let expires): buffer.writeParts("mg ", key, " T\(expires) O\(opaque)")
        case .set(let key, let value, let flags, let life, let cas):
            buffer.writeParts("ms ", key, " \(value.count) T\(life.seconds) F\(flags) O\(opaque)")
            if let cas { buffer.writeString(" C\(cas)") }
            buffer.writeString("\r\n")
            buffer.writeBytes(value)
        case .add(let key, let value, let flags, let life):
            buffer.writeParts("ms ", key, " \(value.count) ME T\(life.seconds) F\(flags) O\(opaque)\r\n")
            buffer.writeBytes(value)
        case .count(let key, let step, let beginning):
            buffer.writeParts("ma ", key, " v N0 J\(beginning) D\(step) O\(opaque)")
        case .life(let key): buffer.writeParts("mg ", key, " t u O\(opaque)")
        case .delete(let key, let cas):
            buffer.writeParts("md ", key, " O\(opaque)")
            if let cas { buffer.writeString(" C\(cas)") }
        case .noop: buffer.writeString("mn")
        case .version: buffer.writeString("version")
        case .statistics: buffer.writeString("stats")
        case .settings: buffer.writeString("stats settings")
        case .metadump: buffer.writeString("lru_crawler metadump hash")
        case .authenticate(let user, let password):
            // A server that asks for no password would keep this as an item: one that has run out when it comes.
            buffer.writeString("set sign-in 0 -1 \(user.utf8.count + password.utf8.count + 1)\r\n\(user) \(password)")
        }
        buffer.writeString("\r\n")
    }
}

extension ByteBuffer {
    fileprivate mutating func writeParts(_ name: String, _ key: MemcachedKey, _ rest: String) {
        writeString(name)
        writeBytes(key.bytes)
        writeString(rest)
    }
}
