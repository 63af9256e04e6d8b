/// How new the state has to be that a request is served from.
///
/// A revoke reaches every copy by the feed, a save doesn't: a copy here may be older than what another node has saved
/// since, by ``NodePolicy/copyLife`` at most in L1, and in a shared cache that missed the save until it is told. Whoever
/// brings the version that they saw last never sees an older one, whichever node answers: they read what they wrote, and
/// nothing goes back (Terry et al., "Session guarantees for weakly consistent replicated data", 1994).
///
/// It says nothing of who is signed in: that never changes under one id.
public enum Freshness: Sendable, Hashable {
    /// Whatever a copy holds: enough to know whose session it is, and where all requests of a client come to one node.
    case anyCopy
    /// This version, or a newer one: what the client has seen.
    ///
    /// A version that never was costs its client a read of the database, and nobody anything else.
    case seen(Int64)
    /// What the database says now: for clients that can't say what they have seen.
    case latest

    /// The oldest version that a copy may be of.
    var oldest: Int64 {
        switch self {
        case .anyCopy: .min
        case .seen(let version): version
        case .latest: .max
        }
    }
}
