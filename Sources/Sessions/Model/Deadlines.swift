/// When a session ends by itself.
public struct Deadlines: Hashable, Sendable {
    /// The moment it ends unless it is used again; `nil`: idling never ends it.
    public var idle: Timestamp?
    /// The moment it ends however much it is used; `nil`: never (only other frameworks' sessions).
    public var absolute: Timestamp?

    /// Makes a pair of deadlines.
    ///
    /// Whichever comes first ends the session.
    public init(idle: Timestamp?, absolute: Timestamp?) {
        self.idle = idle
        self.absolute = absolute
    }

    /// Which of the two ends a session first.
    public enum Kind: Sendable {
        /// The session idles out.
        case idle
        /// The session reaches its longest life.
        case absolute
    }

    /// The deadline that comes first, and which of the two it is; `nil`: the session never ends by itself.
    public var nearest: (moment: Timestamp, kind: Kind)? {
        switch (idle, absolute) {
        case (let idle?, let absolute?): idle < absolute ? (idle, .idle) : (absolute, .absolute)
        case (let idle?, nil): (idle, .idle)
        case (nil, let absolute?): (absolute, .absolute)
        case (nil, nil): nil
        }
    }

    /// Whether either has come by a moment.
    public func havePassed(at now: Timestamp) -> Bool { nearest.map { $0.moment <= now } ?? false }

    /// The idle deadline after a request: later, never earlier, never past the absolute one.
    public mutating func touch(at now: Timestamp, idle timeout: Duration?) {
        guard let timeout, let old = idle else { return }
        let wanted = max(old, now + timeout)
        idle = absolute.map { min($0, wanted) } ?? wanted
    }

    /// The idle deadline moved by an operator: never past the absolute deadline, never shorter.
    ///
    /// - Parameter wanted: the new idle deadline.
    /// - Returns: what became of it; `self` holds the result.
    public mutating func extend(to wanted: Timestamp) -> ExtendOutcome {
        guard let old = idle ?? absolute else { return .unchanged(deadline: nil) }
        guard idle != nil, wanted > old else { return .unchanged(deadline: old) }
        let new = absolute.map { min($0, wanted) } ?? wanted
        guard new > old else { return .unchanged(deadline: old) }
        idle = new
        return new < wanted ? .clipped(from: old, to: new) : .extended(from: old, to: new)
    }
}
