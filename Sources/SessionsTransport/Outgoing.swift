package import NIOCore

/// The commands that wait to be written on one connection, and whether somebody is about to write them.
///
/// Calls add to it from any task, under the connection's lock; the event loop takes all of it in one piece. What a server
/// that reads no more leaves here can be counted, which what lies in a channel can't.
package struct Outgoing: Sendable {
    /// The bytes, in the order in which they came.
    package var bytes = ByteBuffer()
    /// Whether somebody is about to write them, or waits until the channel takes more.
    package private(set) var isFlushDue = false

    /// Nothing yet.
    package init() {}

    /// Notes that there is something to write.
    ///
    /// - Returns: whether the event loop has to be asked for it: it hasn't been yet.
    package mutating func noteAdded() -> Bool {
        defer { isFlushDue = true }
        return !isFlushDue
    }

    /// Takes everything; nothing for a channel that takes no more, and then it stays due.
    package mutating func take(isWritable: Bool) -> ByteBuffer {
        guard isWritable else { return ByteBuffer() }
        defer { (bytes, isFlushDue) = (ByteBuffer(), false) }
        return bytes
    }

    /// Drops everything: the connection has ended.
    package mutating func drop() { bytes = ByteBuffer() }
}
