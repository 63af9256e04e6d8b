/// Whether a session can still be used.
public enum SessionState: String, Sendable, CaseIterable {
    /// It can.
    case live
    /// Somebody ended it, or a cut-off did. For good.
    case revoked
    /// One of its deadlines has come.
    case expired
}
