internal import Screen
internal import Sessions

extension State {
    /// Whose a session is, as it is shown.
    func owner(_ user: String?, _ glyphs: GlyphSet) -> Span {
        if let user { return Span(user) }
        return Span(store.capabilities.owners.isPossible ? "anonymous" : glyphs.unknown, .dim)
    }
}
