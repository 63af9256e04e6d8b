/// What went wrong, in words that say what to do.
///
/// Payloads, ids, tokens and the arguments of statements never stand in one. "Not there" is no error: it is `nil` or an
/// outcome. An error means that nobody can tell.
public struct SessionsError: Error, CustomStringConvertible {
    /// What kind of error it is.
    ///
    /// More may come: always handle the rest.
    public struct Code: Hashable, Sendable, CustomStringConvertible {
        /// The code's name, as logs and JSON show it.
        public let description: String

        /// Names a code: for stores outside this package.
        public init(_ name: String) { description = name }

        /// The arguments can't be used: a URL, an option, a file that it names.
        public static let usage = Code("usage")
        /// A lifetime with a duration that isn't positive.
        public static let invalidLifetime = Code("invalidLifetime")
        /// A new session's id is taken already: with 256 random bits, somebody reused one.
        public static let idExists = Code("idExists")
        /// The store can't be reached, or lost the connection.
        public static let unavailable = Code("unavailable")
        /// The store is busy with somebody else's transaction for too long.
        public static let busy = Code("busy")
        /// There is nothing at the store's address.
        public static let storeNotFound = Code("storeNotFound")
        /// What is there isn't a store of ours, or is damaged.
        public static let notAStore = Code("notAStore")
        /// The store was written by a newer version of this library.
        public static let storeTooNew = Code("storeTooNew")
        /// The store can't be written: permissions, or read-only.
        public static let readOnly = Code("readOnly")
        /// The disk is full.
        public static let storeFull = Code("storeFull")
        /// The store holds something that can't be read.
        public static let corrupt = Code("corrupt")
        /// A payload was sealed with a key that the key ring doesn't have.
        public static let unknownKey = Code("unknownKey")
        /// A payload doesn't open: it was changed, moved to another session, or rolled back.
        public static let payloadRejected = Code("payloadRejected")
        /// A key, or a file of keys, can't be used.
        public static let invalidKey = Code("invalidKey")
        /// The node takes no new sessions, because it will stop: another must.
        public static let draining = Code("draining")
        /// The session lies in another node's memory now: its requests belong there.
        public static let handedOver = Code("handedOver")
        /// This store can't do that; its capabilities say why.
        public static let unsupported = Code("unsupported")
        /// Policy forbids it: read-only, or no reason given.
        public static let refused = Code("refused")
    }

    /// What kind of error it is.
    public var code: Code
    /// What happened and what to do about it, for people.
    public var message: String
    /// The error beneath, where there is one.
    public var cause: (any Error)?

    /// Makes an error.
    ///
    /// - Parameters:
    ///   - code: its kind.
    ///   - message: what happened, and what to do. No secrets.
    ///   - cause: the error beneath.
    public init(_ code: Code, _ message: String, cause: (any Error)? = nil) {
        self.code = code
        self.message = message
        self.cause = cause
    }

    /// The message, and the cause where there is one.
    public var description: String { cause.map { "\(message) (\($0))" } ?? message }
}
