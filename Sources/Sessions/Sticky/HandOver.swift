/// Sessions on their way from one node's memory to another's.
///
/// Whoever sends it serves none of them until it knows what became of each, so that no session is ever served by two
/// nodes, and no save is lost. To send it again is harmless: what has arrived has arrived once.
public struct HandOver: Sendable, Equatable {
    /// One session.
    public struct Row: Sendable, Equatable {
        /// Its identity.
        public var id: IDHash
        /// Its version, which its sealed bytes are bound to.
        public var version: Int64
        /// The whole session, sealed with the key ring that the nodes share.
        ///
        /// Whoever can reach a node without the ring can't make one up, nor change one.
        public var sealed: Payload

        /// Makes one.
        public init(id: IDHash, version: Int64, sealed: Payload) {
            (self.id, self.version, self.sealed) = (id, version, sealed)
        }
    }

    /// A session that was revoked: it must never be live anywhere.
    public struct Tombstone: Sendable, Equatable {
        /// Its identity.
        public var id: IDHash
        /// Who ended it, when and why.
        public var revocation: Revocation

        /// Makes one.
        public init(id: IDHash, revocation: Revocation) { (self.id, self.revocation) = (id, revocation) }
    }

    /// The node that they come from.
    public var node: String
    /// The cut-offs of that node whose scopes cover one of the sessions: they tell which of the receiver's the sessions have
    /// outlived.
    public var cutoffs: [Cutoff]
    /// Live sessions.
    public var rows: [Row]
    /// Sessions that were revoked.
    public var tombstones: [Tombstone]

    /// Makes one.
    public init(node: String, cutoffs: [Cutoff], rows: [Row], tombstones: [Tombstone]) {
        (self.node, self.cutoffs, self.rows, self.tombstones) = (node, cutoffs, rows, tombstones)
    }

    /// Brings sessions to a node, and answers what became of each, in order.
    ///
    /// - Throws: ``NotDelivered`` where the node has certainly not seen them; any other error: nobody can tell.
    public typealias Transfer = @Sendable (_ node: String, _ sessions: HandOver) async throws -> [Adoption]

    /// The cause of an error with `handedOver`: where the session is now.
    public struct Elsewhere: Error, CustomStringConvertible {
        /// The node.
        public let node: String

        /// For a log.
        public var description: String { "at \(node)" }
    }

    /// The other node has certainly not seen the sessions: it could not be reached at all.
    public struct NotDelivered: Error {
        /// What happened.
        public var cause: any Error

        /// Makes one.
        public init(because cause: any Error) { self.cause = cause }
    }
}

/// What a node says to a session that another hands over to it.
public enum Adoption: String, Sendable, Equatable, CaseIterable {
    /// It serves it from now on.
    case adopted
    /// It knows that the session has ended: nobody may serve it.
    case ended
    /// It can't take it: no room, no key, or it is being drained itself. The sender keeps it.
    case declined
}

/// Where a session went.
struct Departure: Sendable, Equatable {
    let node: String
    let at: Timestamp
    /// From how many nodes it had come when it left: a late copy of an earlier journey has fewer.
    let hops: Int64
}

extension SessionsError {
    static let isDraining = SessionsError(
        .draining, "this node takes no new sessions, for it will stop: send the visitor to another node")

    static func handedOver(to node: String) -> SessionsError {
        SessionsError(
            .handedOver, "the session was handed over to \(node): send its requests there",
            cause: HandOver.Elsewhere(node: node))
    }

    static let isLeaving = SessionsError(
        .busy, "the session is being handed over to another node right now: try again in a moment")
}
