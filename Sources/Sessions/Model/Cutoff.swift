/// Whom a cut-off applies to.
public enum CutoffScope: Hashable, Sendable {
    /// Everyone.
    case everyone
    /// The sessions of one tenant.
    case tenant(String)
    /// The sessions of one user.
    case user(String)
    /// The sessions issued to one client application.
    case client(String)
}

extension CutoffScope {
    /// The kind as rows and JSON write it: `everyone`, `tenant`, `user`, `client`.
    public var kind: String {
        switch self {
        case .everyone: "everyone"
        case .tenant: "tenant"
        case .user: "user"
        case .client: "client"
        }
    }

    /// The name within the kind; empty for everyone.
    public var key: String {
        switch self {
        case .everyone: ""
        case .tenant(let key), .user(let key), .client(let key): key
        }
    }

    /// Reads a kind and a key as a row holds them; `nil` for an unknown kind.
    public init?(kind: String, key: String) {
        switch kind {
        case "everyone": self = .everyone
        case "tenant": self = .tenant(key)
        case "user": self = .user(key)
        case "client": self = .client(key)
        default: return nil
        }
    }

    /// Whether a session falls under it.
    public func covers(_ session: Session) -> Bool {
        switch self {
        case .everyone: true
        case .tenant(let key): session.tenant.map { $0.hasBytes(of: key) } ?? false
        case .user(let key): session.user.map { $0.hasBytes(of: key) } ?? false
        case .client(let key): session.client.map { $0.hasBytes(of: key) } ?? false
        }
    }
}

extension CutoffScope {
    /// A scope compared by bytes: `String` would join canonically equivalent names.
    struct ByteKey: Hashable, Sendable {
        private let kind: String
        private let key: [UInt8]

        init(_ scope: CutoffScope) {
            kind = scope.kind
            key = Array(scope.key.utf8)
        }
    }
}

/// A not-before mark: whatever was issued earlier, within its scope, is refused.
///
/// "Earlier" is told by the feed's position, not by a clock: a cut-off takes the next position in the transaction that
/// writes it, a session remembers the position at its issue, and so skewed clocks can neither save a session nor lock
/// anybody out.
public struct Cutoff: Hashable, Sendable {
    /// Whom it applies to.
    public var scope: CutoffScope
    /// When it was set, for people and for tokens that carry a time.
    public var notBefore: Timestamp
    /// Sessions of an earlier epoch are refused.
    public var epoch: FeedPosition

    /// Makes a cut-off.
    public init(scope: CutoffScope, notBefore: Timestamp, epoch: FeedPosition) {
        self.scope = scope
        self.notBefore = notBefore
        self.epoch = epoch
    }
}

/// All cut-offs in force, arranged for looking up.
public struct Cutoffs: Sendable, Equatable {
    private var epochs: [CutoffScope.ByteKey: FeedPosition] = [:]
    /// The latest epoch of all: most sessions are younger, and then nothing need be looked up.
    public private(set) var latest = FeedPosition.start

    /// No cut-offs.
    public init() {}

    /// The cut-offs of a list, in any order.
    public init(_ cutoffs: some Sequence<Cutoff>) {
        for cutoff in cutoffs { insert(cutoff) }
    }

    /// Adds one; an earlier one of the same scope gives way, a later one stays.
    public mutating func insert(_ cutoff: Cutoff) {
        epochs[CutoffScope.ByteKey(cutoff.scope), default: cutoff.epoch].raise(to: cutoff.epoch)
        latest.raise(to: cutoff.epoch)
    }

    /// Whether any that applies refuses a session: the latest of all that apply counts.
    public func refuse(_ session: Session) -> Bool {
        refuse(epoch: session.epoch, tenant: session.tenant, user: session.user, client: session.client)
    }

    /// Whether any that applies refuses a session of which only this is known.
    ///
    /// - Parameters:
    ///   - epoch: the feed's position at its issue.
    ///   - tenant: its tenant.
    ///   - user: its user.
    ///   - client: the client application that it was issued to.
    /// - Returns: whether it is refused.
    public func refuse(epoch: FeedPosition, tenant: String?, user: String?, client: String?) -> Bool {
        guard epoch < latest else { return false }
        func isCut(_ scope: CutoffScope) -> Bool { epochs[CutoffScope.ByteKey(scope)].map { epoch < $0 } ?? false }
        return isCut(.everyone)
            || tenant.map { isCut(.tenant($0)) } ?? false
            || user.map { isCut(.user($0)) } ?? false
            || client.map { isCut(.client($0)) } ?? false
    }
}
