/// Whether a session can still be used.
public enum SessionState: String, Sendable, CaseIterable {
    /// It can.
    case live
    /// Somebody ended it, or a cut-off did. For good.
    case revoked
    /// One of its deadlines has come.
    case expired
}

extension SessionState {
    /// How a session stands at a moment, of which this was recorded: the rule that every store keeps to.
    ///
    /// - Parameters:
    ///   - now: the moment.
    ///   - isCut: whether a cut-off ends it; asked only where nothing was recorded before.
    ///   - deadlines: when it ends by itself.
    /// - Returns: the first that holds of its recorded end, the cut-off's, and its deadlines'.
    package func standing(at now: Timestamp, isCut: @autoclosure () -> Bool, _ deadlines: Deadlines) -> SessionState {
        if self != .live { return self }
        if isCut() { return .revoked }
        return deadlines.havePassed(at: now) ? .expired : .live
    }
}
