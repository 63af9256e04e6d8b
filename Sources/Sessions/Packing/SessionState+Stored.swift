extension SessionState {
    /// Reads a state by the first letter of its word: they differ, and no text need be made for each row.
    ///
    /// `nil` for a letter that begins none, and where there is none.
    package init?(letter: UInt8?) {
        switch letter {
        case UInt8(ascii: "l"): self = .live
        case UInt8(ascii: "r"): self = .revoked
        case UInt8(ascii: "e"): self = .expired
        default: return nil
        }
    }
}
