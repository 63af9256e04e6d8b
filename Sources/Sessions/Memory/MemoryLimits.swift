/// How much a ``MemoryStore`` may hold, and what it does when that is reached.
///
/// Room is made in this order: sessions that reached a deadline, sessions that were revoked, and then, where
/// ``WhenFull/evictAnonymous`` says so, live sessions of anonymous visitors, the longest unused first: those are lost, and
/// counted as `memory.evicted`. A session that somebody signed in to is never evicted; where nothing else is left, new
/// sessions and larger payloads are refused with `storeFull` (503 to the client), and counted as `memory.refused`. Whoever
/// comes within a tenth of a second after that is refused without a look at all sessions again, unless one was ended,
/// removed or made smaller meanwhile.
///
/// Besides the sessions a store keeps ``history``, a few megabytes, and the latest cut-off of each user, tenant and client
/// that was ever cut off: about 200 bytes each.
///
/// The audit log is kept whole, as in every store: nothing that an operator did is ever forgotten while the store is
/// there, and the chain of its hashes begins at the first entry. An entry takes a few hundred bytes, and some 50 for each
/// session that it tells of.
public struct MemoryLimits: Sendable, Equatable {
    /// What happens to a new session where only live ones are left to make room.
    public enum WhenFull: String, Sendable, CaseIterable {
        /// It is refused.
        case refuseNew
        /// Anonymous visitors' sessions make room for it.
        case evictAnonymous
    }

    /// The most bytes, roughly: half a kilobyte a session, its texts and its payload.
    public var bytes: Int
    /// The most sessions, ended ones that are still kept among them.
    public var sessions: Int
    /// What happens when only live sessions are left.
    ///
    /// To evict is the default: whoever asks for a million pages without a cookie must not keep people from signing in.
    public var whenFull: WhenFull

    /// The most entries of the feed, and the most removals, that are kept, about.
    ///
    /// Whoever is further behind must begin anew.
    public var history = 65_536
    /// The most ids kept that were revoked before they came here.
    public static let mostDenied = 65_536

    /// Makes limits: 64 MiB and 100,000 sessions where nothing else is said.
    public init(bytes: Int = 64 << 20, sessions: Int = 100_000, whenFull: WhenFull = .evictAnonymous) {
        self.bytes = bytes
        self.sessions = sessions
        self.whenFull = whenFull
    }
}

/// What a store in memory has counted since it began.
struct MemoryTally: Sendable, Equatable {
    /// Live sessions that it dropped to make room.
    var evicted: Int64 = 0
    /// Sessions and payloads that it had no room for.
    var refused: Int64 = 0
    /// Sessions that it handed over to other nodes.
    var handedOver: Int64 = 0
    /// Sessions that it sent to another node, which never said whether it has them.
    var unanswered: Int64 = 0
    /// Sessions that it took over from other nodes.
    var adopted: Int64 = 0
}

extension Session {
    /// What it takes in memory, roughly; sessions that were revoked together share the words of it.
    var memoryByteCount: Int {
        let texts = [user, tenant, client, ip, agent, node]
        return texts.reduce(512 + payload.bytes.count) { $0 + ($1?.utf8.count ?? 0) }
    }
}

extension Touch {
    /// The bytes of its texts.
    var textByteCount: Int { [ip, agent, node].reduce(0) { $0 + ($1?.utf8.count ?? 0) } }
}
