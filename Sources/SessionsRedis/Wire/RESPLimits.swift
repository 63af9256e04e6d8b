/// What a decoder accepts of one reply: more is a fault, and ends the connection.
struct RESPLimits: Sendable {
    /// Levels of arrays within arrays.
    var depth = 32
    /// Bytes of a line: a simple string, a number, an error.
    var line = 64 * 1024
    /// Bytes of one string.
    var bulk = 64 * 1024 * 1024
    /// Bytes of a whole reply.
    var reply = 256 * 1024 * 1024
    /// Values of a whole reply.
    var values = 4 * 1024 * 1024
}

/// Why bytes are no RESP.
enum RESPFault: Error, Equatable {
    /// A value begins with a byte that no type has.
    case unknownType(UInt8)
    /// A number, a length or an end of line is malformed.
    case malformed
    /// A string or an aggregate without an announced length, which no server sends unasked.
    case streamed
    /// A push message inside of a reply.
    case misplacedPush
    /// More than ``RESPLimits/depth`` levels.
    case tooDeep
    /// More than ``RESPLimits`` allow, or as much announced.
    case tooLarge
}
