/// What a revoke found and did.
///
/// Revoking twice is no error: the session has ended either way.
public enum RevokeOutcome: Sendable, Equatable {
    /// It was live, and has ended now.
    case revoked
    /// Somebody had ended it before.
    case alreadyRevoked(Revocation?)
    /// It had reached a deadline.
    case expired(at: Timestamp?)
    /// There is no such session.
    case notFound
    /// It was not done, or nobody can tell, because of this: a short sentence for people.
    ///
    /// Where stores of several parts say so, the others did what was asked.
    case failed(because: String)

    /// The word that JSON and exit codes go by.
    public var word: String {
        switch self {
        case .revoked: "revoked"
        case .alreadyRevoked: "alreadyRevoked"
        case .expired: "expired"
        case .notFound: "notFound"
        case .failed: "failed"
        }
    }
}

/// What an extend found and did.
public enum ExtendOutcome: Sendable, Equatable {
    /// The idle deadline moved as asked.
    case extended(from: Timestamp, to: Timestamp)
    /// It moved, but only to the absolute deadline.
    case clipped(from: Timestamp, to: Timestamp)
    /// It stood at or after what was asked, or can't move; nothing was written.
    case unchanged(deadline: Timestamp?)
    /// The session isn't live: an extend never revives.
    case refused(SessionState)
    /// There is no such session.
    case notFound
    /// Whoever may have it gave no answer, because of this: nobody can tell.
    case failed(because: String)

    /// The word that JSON goes by.
    public var word: String {
        switch self {
        case .extended: "extended"
        case .clipped: "clipped"
        case .unchanged: "unchanged"
        case .refused: "refused"
        case .notFound: "notFound"
        case .failed: "failed"
        }
    }
}

/// What a save of the payload found and did.
public enum SaveOutcome: Sendable, Equatable {
    /// Written; the new version.
    case saved(version: Int64)
    /// Somebody saved since it was read; their version. Read again, and merge.
    case conflict(version: Int64)
    /// The session has ended, or never was: nothing was written. A **resurrection alarm** where it had ended.
    case refused(SessionState?)
}

/// What a recorded touch found and did.
public enum TouchOutcome: Sendable, Equatable {
    /// The session is live; its deadlines now.
    case touched(Deadlines)
    /// The session has ended, or never was: drop every copy.
    case refused(SessionState?)
}

/// What a rotation of the id found and did.
public enum RotateOutcome: Sendable, Equatable {
    /// The old id has ended, the new one is live.
    case rotated
    /// The old session wasn't live: nothing was written, and the new id doesn't exist.
    case refused(SessionState?)
}
