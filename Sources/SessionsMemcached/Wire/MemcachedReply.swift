/// What came of a command.
enum MemcachedReply: Equatable, Sendable {
    /// An item, or the empty one that a get has just put there.
    case item(value: [UInt8], flags: MetaFlags)
    /// How long an item has left; `nil`: it stays.
    case life(seconds: UInt64?)
    /// A meta command's outcome.
    case outcome(WireReply.Outcome)
    /// The server's version.
    case version(String)
    /// The statistics, by name.
    case statistics([String: String])
    /// What there is; `left` more were not kept.
    case listing([ListedItem], left: Int)
    /// Signed in.
    case signedIn
    /// Not done.
    case refused(MemcachedRefusal)
}
