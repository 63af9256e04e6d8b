/// What every store says in the same words.
extension SessionsError {
    /// A new session's id is another's already.
    package static let idTaken = SessionsError(
        .idExists, "the new session's id is taken: make each id with SessionID()")
    /// A row's identity isn't one.
    package static let badIdentity = SessionsError(
        .corrupt, "the store holds a session whose identity isn't 32 bytes: restore it from a backup")
    /// A row's state is none that is known.
    package static let badState = SessionsError(
        .corrupt, "the store holds a session of an unknown state: restore it from a backup")
    /// An entry of the audit log was written by a newer version.
    package static let unknownAction = SessionsError(
        .corrupt, "the audit log holds an action that this version doesn't know: use a newer sessiontop")
    /// The namespace was there, and is gone.
    package static let namespaceLost = SessionsError(
        .corrupt, "the store has lost its namespace: restore it from a backup")
    /// A position is one that the store can't have given out.
    package static let badPosition = SessionsError(
        .corrupt, "the store holds positions that it can't have given out: restore it from a backup")

    /// A format's number is none that was ever written.
    package static func badFormat(_ version: Int64, at place: String) -> SessionsError {
        SessionsError(.corrupt, "\(place) says that its format is \(version): restore it from a backup")
    }
}

extension Capabilities {
    /// Why nothing can be changed in a store that was opened with `--read-only`.
    package static let openedToRead = "the store was opened to be read: open it without --read-only"
}
