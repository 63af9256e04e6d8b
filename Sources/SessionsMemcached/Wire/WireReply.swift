/// One reply on the wire, or one line of a longer one: whatever it answers.
enum WireReply: Equatable, Sendable {
    /// A meta command's outcome without a value.
    case outcome(Outcome, MetaFlags)
    /// A meta get's hit.
    case value([UInt8], MetaFlags)
    /// The server's version: at most 64 characters of printable ASCII.
    case version(String)
    /// One statistic.
    case statistic(name: String, value: String)
    /// One item of a listing.
    case listed(ListedItem)
    /// A listing or the statistics are over.
    case end
    /// Stored: signed in.
    case stored
    /// Not done.
    case refused(MemcachedRefusal)

    /// What a meta command came to, by its two letters.
    enum Outcome: String, Sendable {
        /// Done.
        case done = "HD"
        /// Nothing stands there (ms, md).
        case notFound = "NF"
        /// Nothing stands there (mg).
        case miss = "EN"
        /// Another CAS stands there.
        case exists = "EX"
        /// Not stored, by the command's mode.
        case notStored = "NS"
        /// The answer to mn.
        case noop = "MN"
    }
}

/// What a meta command's reply says beside its outcome.
struct MetaFlags: Equatable, Sendable {
    /// What the command brought along.
    var opaque: UInt64?
    /// The item's number, which changes with every change.
    var cas: UInt64?
    /// The flags that its writer gave it.
    var client: UInt32?
    /// How long the value is, in bytes.
    var size: Int?
    /// How many seconds the item has left; `nil`: it wasn't asked for, or the item stays.
    var life: UInt64?
    /// The asker won the right to fill.
    var hasWon = false
    /// Somebody else has won it.
    var isTaken = false
    /// Somebody said that the item is out of date.
    var isStale = false
}

/// Why a server didn't do something; its own words are left out, since a broken one may repeat what it was sent.
enum MemcachedRefusal: Error, Equatable, Sendable {
    /// It asks for a user and a password.
    case unauthenticated
    /// It doesn't take these.
    case wrongPassword
    /// The item is larger than it takes (-I).
    case tooLarge
    /// It has no memory for it.
    case outOfMemory
    /// It has one of these running.
    case busy
    /// It doesn't know the command, or is told not to do it.
    case unknownCommand
    /// It takes the command for malformed.
    case malformed
    /// Something else went wrong there.
    case failed
}
