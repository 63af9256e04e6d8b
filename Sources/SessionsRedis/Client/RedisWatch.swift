/// What is watched: keys by how they begin, and channels.
struct RedisWatch: Sendable, Equatable {
    /// Every change of a key that begins with one of these is told (CLIENT TRACKING in broadcast); none: no keys.
    var prefixes: [[UInt8]] = []
    /// Messages to these channels are told (SUBSCRIBE).
    var channels: [[UInt8]] = []
}

/// What a watch tells.
enum RedisNews: Sendable, Equatable {
    /// It watches from now on, on one more server or again: whatever was changed there before went by unseen.
    case began
    /// These keys were written, deleted or ran out.
    case changed([[UInt8]])
    /// All keys were thrown away.
    case flushed
    /// A message to a channel.
    case message(channel: [UInt8], text: [UInt8])
    /// A server can't be watched now; another `began` follows when it can.
    case lost
}
