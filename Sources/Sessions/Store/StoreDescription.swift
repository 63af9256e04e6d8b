/// What a store is.
public struct StoreDescription: Sendable, Equatable {
    /// The URL, with any password masked.
    public var url: String
    /// The kind and version of the software: `SQLite 3.40.1`.
    public var software: String
    /// The layout its sessions have.
    public var layout: String
    /// What an operator should know of another framework's layout; `nil`: it is our own.
    public var notes: Notes?

    /// Makes a description.
    public init(url: String, software: String, layout: String) {
        self.url = url
        self.software = software
        self.layout = layout
    }

    /// What an operator should know of another framework's sessions, in sentences.
    public struct Notes: Sendable, Equatable {
        /// How the layout was found out; `nil`: it was asked for.
        public var found: String?
        /// What can't be known of these sessions, and how to tell it; `nil`: everything is.
        public var unknown: String?
        /// What a revoke doesn't do.
        public var afterRevoke: [String]
        /// What becomes of a deadline that was moved.
        public var afterExtend: String

        /// Makes a set of notes.
        public init(found: String?, unknown: String?, afterRevoke: [String], afterExtend: String) {
            self.found = found
            self.unknown = unknown
            self.afterRevoke = afterRevoke
            self.afterExtend = afterExtend
        }
    }
}

/// What an operator can do with a store, each with the reason where it isn't possible.
public struct Capabilities: Sendable, Equatable {
    /// Whether something is possible.
    public enum Ability: Sendable, Equatable {
        /// It is.
        case yes
        /// It isn't, because of this: a short sentence for people.
        case no(because: String)

        /// Whether it is possible.
        public var isPossible: Bool { self == .yes }
        /// Why it isn't; `nil` where it is.
        public var reason: String? {
            if case .no(let reason) = self { reason } else { nil }
        }
    }

    /// End sessions.
    public var revoke: Ability
    /// Move deadlines.
    public var extend: Ability
    /// Tell which nodes serve, and what they count.
    public var nodes: Ability
    /// Keep an audit log.
    public var audit: Ability
    /// Tell what changed without reading everything again.
    public var changes: Ability
    /// A revoked session can't come back: nothing writes without asking whether it is live.
    public var finalRevoke: Ability
    /// Keep every session until it ends: neither a restart nor want of memory loses any.
    public var keeping = Ability.yes
    /// Tell whose a session is: where it can't be told, a session without a user isn't an anonymous one.
    public var owners = Ability.yes
    /// Tell where a balancer sends each session.
    public var pins = Ability.no(because: "no balancer is joined with a store: name one, and add --with STORE")
    /// What a revoke does here.
    public var revokeMeaning = RevokeMeaning.ends
    /// Take nodes out and in again.
    public var steering: Ability

    /// All of it.
    public static let all = Capabilities(
        revoke: .yes, extend: .yes, nodes: .yes, audit: .yes, changes: .yes, finalRevoke: .yes)

    /// Why no node can be steered where nothing stands before the nodes.
    public static let noSteering = Ability.no(because: "no balancer is looked at: name one as haproxy:/PATH.sock")

    /// What a revoke has done to a session, in words.
    package var revoked: String {
        switch revokeMeaning {
        case .ends: finalRevoke.isPossible ? "ended now, for good" : "ended now; it can come back"
        case .unpins: "unpinned, which ends no session: its next request is bound anew"
        }
    }

    /// The reasons why not, by name; null where it is possible.
    package var json: JSONValue {
        [
            "revoke": .text(revoke.reason), "extend": .text(extend.reason), "nodes": .text(nodes.reason),
            "audit": .text(audit.reason), "changes": .text(changes.reason), "finalRevoke": .text(finalRevoke.reason),
            "keeping": .text(keeping.reason), "steering": .text(steering.reason),
        ]
    }

    /// Makes a set of abilities.
    public init(
        revoke: Ability, extend: Ability, nodes: Ability, audit: Ability, changes: Ability, finalRevoke: Ability,
        steering: Ability = Capabilities.noSteering
    ) {
        self.revoke = revoke
        self.extend = extend
        self.nodes = nodes
        self.audit = audit
        self.changes = changes
        self.finalRevoke = finalRevoke
        self.steering = steering
    }
}

/// What a revoke does in a store.
public enum RevokeMeaning: Sendable, Equatable {
    /// It ends sessions.
    case ends
    /// It makes a balancer forget which node their clients go to, and ends none of them.
    case unpins
}

/// Counts over a whole store.
public struct StoreStatistics: Sendable, Equatable {
    /// Live sessions.
    public var sessions = 0
    /// Different users among them.
    public var users = 0
    /// Live sessions without a user.
    public var anonymous = 0
    /// Whether the store tells when its sessions end; where it doesn't, the three counts that follow say nothing.
    public var knowsDeadlines = true
    /// Live sessions that never end by themselves.
    public var withoutExpiry = 0
    /// Live sessions that end within 5 minutes unless they are used.
    public var expiringIn5Minutes = 0
    /// Live sessions that end within an hour unless they are used.
    public var expiringIn1Hour = 0
    /// Rows kept of sessions that were revoked.
    public var revoked = 0
    /// Rows kept of sessions that ended by themselves.
    public var expired = 0
    /// Payloads of the live sessions together, in bytes.
    public var payloadBytes = 0

    /// All zero.
    public init() {}
}
