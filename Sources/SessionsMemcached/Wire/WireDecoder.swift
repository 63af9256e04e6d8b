internal import NIOCore

/// Takes replies out of a stream of bytes, in whatever pieces they come.
///
/// A stream that isn't memcached's ends in a ``WireFault``, and stays there. No byte is looked at more often than a few
/// times, however small the pieces are.
struct WireDecoder {
    /// What is accepted: more ends the stream before it is kept.
    struct Limits: Sendable {
        /// Bytes of a line: the longest that memcached writes is a listed item with a key of escapes alone.
        var line = 4096
        /// Bytes of a value: servers take 1 MB unless told otherwise.
        var value = 8 * 1024 * 1024
    }

    private let limits: Limits
    private var buffer = ByteBuffer()
    /// So many bytes of the buffer are known to hold no end of line.
    private var searched = 0
    /// The line of a hit has come, its value not yet.
    private var pending: (size: Int, flags: MetaFlags)?
    private var fault: WireFault?

    /// Begins with an empty stream.
    init(limits: Limits = Limits()) { self.limits = limits }

    /// Adds what came.
    mutating func append(_ bytes: ByteBuffer) {
        guard buffer.readableBytes > 0 else {
            buffer = bytes
            return
        }
        // Bytes are moved only when more has been read than is left: each of them once at most.
        if buffer.readerIndex > buffer.readableBytes { buffer.discardReadBytes() }
        buffer.writeImmutableBuffer(bytes)
    }

    /// Takes the next reply or line of a reply.
    ///
    /// - Returns: `nil`: it isn't complete yet.
    /// - Throws: ``WireFault``, then and ever after.
    mutating func next() throws(WireFault) -> WireReply? {
        if let fault { throw fault }
        do throws(WireFault) {
            if let pending { return try value(pending.size, pending.flags) }
            guard let line = try line() else { return nil }
            switch try WireLine(line).parsed(valueLimit: limits.value) {
            case .reply(let reply): return reply
            case .value(let size, let flags):
                pending = (size, flags)
                return try value(size, flags)
            }
        } catch {
            fault = error
            buffer = ByteBuffer()
            throw error
        }
    }

    private mutating func line() throws(WireFault) -> ArraySlice<UInt8>? {
        let unread = buffer.readableBytesView.dropFirst(searched)
        guard let end = unread.firstIndex(of: UInt8(ascii: "\n")) else {
            searched = buffer.readableBytes
            guard searched <= limits.line else { throw .tooLarge }
            return nil
        }
        searched = 0
        let count = end - buffer.readerIndex
        guard count <= limits.line, var line = buffer.readBytes(length: count + 1)?.dropLast() else { throw .tooLarge }
        // Listings end their lines with a line feed alone.
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        return line
    }

    private mutating func value(_ size: Int, _ flags: MetaFlags) throws(WireFault) -> WireReply? {
        guard buffer.readableBytes >= size + 2 else { return nil }
        pending = nil
        guard let bytes = buffer.readBytes(length: size), let end = buffer.readBytes(length: 2), end == [13, 10] else {
            throw .malformed
        }
        return .value(bytes, flags)
    }
}

/// Why a stream isn't memcached's.
enum WireFault: Error, Equatable {
    /// A line that no server writes, or a value that doesn't end where it was said to.
    case malformed
    /// A line or a value beyond the limits.
    case tooLarge
    /// An answer to something else than what was asked, or to nothing.
    case unexpected
}
