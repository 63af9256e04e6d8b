/// What became of a save.
public enum SaveResult: Sendable, Equatable {
    /// It is written.
    case saved
    /// The state was the same already: nothing was written.
    case unchanged
    /// Somebody saved since the session was read: nothing was written.
    ///
    /// ``RequestSession/payload`` is theirs now: merge, and save again.
    case conflict
}
